"""The page that imports small files: upload, look at what they would do, confirm. Nothing is written before that."""

import hashlib
import io
import os
import secrets
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_slug
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from predictions.admin.base import FileInput, TextInput, reader, show_refusal
from predictions.exchange import forecast_import as plain
from predictions.operations.forecast_import_checks import Findings
from predictions.operations.forecast_imports import DEFAULT_CASE, import_forecasts
from predictions.policy import can

LARGEST_BYTES = getattr(settings, "IMPORT_LARGEST_BYTES", 5_000_000)
MOST_ROWS = getattr(settings, "IMPORT_MOST_ROWS", 20_000)
SALT = "predictions.admin.imports"
KEPT_FOR = timedelta(hours=1)
FIRST_ROWS = 5
GONE = "These files are no longer here: imported already, replaced, or left for an hour. Choose them again."
FORBIDDEN_CASE = "You do not see a case of this name, or may not open one."


class ImportForm(forms.Form):
    """Two files and the case they go into."""

    predictions = forms.FileField(
        widget=FileInput, help_text=f"CSV in UTF-8: {', '.join(plain.COLUMNS['predictions'])}."
    )
    forecasts = forms.FileField(widget=FileInput, help_text=f"CSV in UTF-8: {', '.join(plain.COLUMNS['forecasts'])}.")
    case = forms.CharField(
        max_length=80,
        initial=DEFAULT_CASE,
        validators=[validate_slug],
        widget=TextInput,
        help_text="Its short name. A case is opened if there is none of that name.",
    )

    def clean_predictions(self) -> bytes:
        return self._content("predictions")

    def clean_forecasts(self) -> bytes:
        return self._content("forecasts")

    def _content(self, name: str) -> bytes:
        upload = self.cleaned_data[name]
        if upload.size > LARGEST_BYTES:
            raise ValidationError(f"At most {LARGEST_BYTES:,} bytes here. Use the command import_forecasts.")
        content: bytes = upload.read()
        return content


@dataclass(frozen=True)
class Upload:
    """Two files that wait on the server for their confirmation, under a name that only its sender is told."""

    predictions: bytes
    forecasts: bytes
    case: str

    def digest(self) -> str:
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in self.parts)).hexdigest()

    @property
    def parts(self) -> tuple[bytes, bytes]:
        return self.predictions, self.forecasts

    def keep(self, user: User) -> str:
        """Put the files aside, in place of what `user` put there before, and return what brings them back."""
        folder, name = _folder(), f"{user.pk}-{secrets.token_hex(16)}"
        for earlier in folder.glob(f"{user.pk}-*"):
            earlier.unlink(missing_ok=True)
        for part, content in zip(plain.COLUMNS, self.parts, strict=True):
            (folder / f"{name}.{part}").write_bytes(content)
        return signing.dumps({"name": name, "digest": self.digest(), "case": self.case, "user": user.pk}, salt=SALT)

    @classmethod
    def kept(cls, token: str, user: User) -> "Upload":
        """The files that `token` names, whole and unchanged. Raises ValidationError where there are none of `user`."""
        try:
            told = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
            predictions, forecasts = [(_folder() / f"{told['name']}.{part}").read_bytes() for part in plain.COLUMNS]
        except (signing.BadSignature, OSError) as fault:
            raise ValidationError(GONE) from fault
        upload = cls(predictions, forecasts, told["case"])
        if (told["user"], told["digest"]) != (user.pk, upload.digest()):
            raise ValidationError(GONE)
        return upload

    @staticmethod
    def forget(token: str) -> None:
        with suppress(signing.BadSignature):
            name = signing.loads(token, salt=SALT)["name"]
            for part in plain.COLUMNS:
                (_folder() / f"{name}.{part}").unlink(missing_ok=True)

    def bring_in(self, *, by: User, dry_run: bool) -> Findings:
        told, made = io.BytesIO(self.predictions), io.BytesIO(self.forecasts)
        try:
            return import_forecasts(told, made, by=by, at=timezone.now(), case=self.case, dry_run=dry_run)
        except PermissionDenied as refusal:
            raise ValidationError({"case": FORBIDDEN_CASE}) from refusal

    def first_rows(self) -> list[dict[str, Any]]:
        """What each file begins with, as it was understood."""
        readers = (plain.read_predictions, plain.read_forecasts)
        return [
            {
                "name": name,
                "columns": plain.COLUMNS[name],
                "rows": [row.cells for row in islice(read(io.BytesIO(part)), FIRST_ROWS)],
            }
            for name, part, read in zip(plain.COLUMNS, self.parts, readers, strict=True)
        ]


def _folder() -> Path:
    """Where uploads wait, for this account of the machine alone; what waited too long is swept out."""
    folder = (
        Path(tempfile.gettempdir())
        / f"forsooth-imports-{hashlib.sha256(settings.SECRET_KEY.encode()).hexdigest()[:16]}"
    )
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionDenied(f"{folder} is not ours alone.")  # somebody else of this machine was there before us
    oldest = timezone.now().timestamp() - KEPT_FOR.total_seconds()
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < oldest:
                file.unlink()
    return folder


def import_page(request: HttpRequest) -> HttpResponse:
    """Upload two files, see what they would create, confirm."""
    user = reader(request)
    if not can(user, "import_forecasts"):
        raise PermissionDenied
    token = request.POST.get("token", "")
    if request.method == "POST" and token:
        return _confirmed(request, user, token)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if not form.is_bound or not form.is_valid():
        return _shown(request, form)
    upload = Upload(**form.cleaned_data)
    findings = _tried(upload, user, form)
    if findings is None or findings.is_refused:
        return _shown(request, form, findings=findings)
    return _shown(request, form, findings=findings, upload=upload, token=upload.keep(user))


def _tried(upload: Upload, user: User, form: forms.Form) -> Findings | None:
    """What a dry run finds; None where it is refused, which the form then tells."""
    try:
        findings = upload.bring_in(by=user, dry_run=True)
    except ValidationError as refusal:
        show_refusal(form, refusal)
        return None
    if sum(findings.read.values()) > MOST_ROWS:
        form.add_error(None, f"At most {MOST_ROWS:,} rows here. Use the command import_forecasts for more.")
        return None
    return findings


def _confirmed(request: HttpRequest, user: User, token: str) -> HttpResponse:
    try:
        upload = Upload.kept(token, user)
        Upload.forget(token)
        findings = upload.bring_in(by=user, dry_run=False)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(reverse("import-forecasts"))
    if findings.is_refused:
        return _shown(request, ImportForm(), findings=findings)
    messages.success(request, f"Imported into “{upload.case}”: {created_in_words(findings)}.")
    return HttpResponseRedirect(reverse("admin:predictions_forecast_changelist"))


def created_in_words(findings: Findings) -> str:
    """Counts with their nouns; of forecasts only how many at most, where some are hidden."""
    told = [f"{what} {count:,}" for what, count in findings.created.items() if count]
    if findings.is_at_most and findings.created["forecasts"]:
        told.append("forecasts that are recorded already and hidden from you counted in")
    return ", ".join(told) or "nothing new"


def _shown(
    request: HttpRequest,
    form: forms.Form,
    *,
    findings: Findings | None = None,
    upload: Upload | None = None,
    token: str = "",
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": "Import forecasts",
        "form": form,
        "media": form.media,
        "findings": findings,
        "more_faults": findings.fault_count - len(findings.faults) if findings else 0,
        "more_notices": findings.notice_count - len(findings.notices) if findings else 0,
        "created": created_in_words(findings) if findings else "",
        "upload": upload,
        "token": token,
    }
    return TemplateResponse(request, "admin/import_forecasts.html", context)
