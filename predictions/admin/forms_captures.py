"""What somebody hands in to be captured: an address, a file or a text."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from predictions.admin.base import FileInput, Textarea
from predictions.admin.row_forms import RowForm
from predictions.models import Way

ONE_OF_THREE = "Give an address, choose a file, or paste the text."


class CaptureForm(RowForm):
    """A file or a text counts for more than an address, which then only says where it was published."""

    file = forms.FileField(required=False, widget=FileInput)
    text = forms.CharField(
        label="Or the text itself", required=False, strip=False, widget=Textarea({"rows": 8}), help_text="Pasted here."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].help_text = "It is fetched, unless you give a file or a text below."
        self.fields["case"].required = False  # a source that is named has its own
        self.fields["source"].help_text = "If its text is captured again; otherwise leave this blank."
        self.fields["file"].label = "Or a file"
        most = settings.CAPTURE_LARGEST_BYTES // 1_000_000
        self.fields["file"].help_text = f"A page (HTML), a PDF, or plain text; at most {most} MB."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        upload, pasted = cleaned.get("file"), cleaned.get("text")
        if not cleaned.get("case") and not cleaned.get("source") and not {"case", "source"} & self.errors.keys():
            self.add_error("case", "Choose the case that it belongs to.")
        if upload and pasted:
            raise ValidationError("Choose a file or paste the text, not both.")
        if not (upload or pasted or cleaned.get("address") or {"address", "file"} & self.errors.keys()):
            raise ValidationError(ONE_OF_THREE)
        self.instance.way = Way.FILE if upload else Way.TEXT if pasted else Way.ADDRESS
        self.instance.file_name = upload.name[-200:] if upload else ""
        return cleaned

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload and upload.size > settings.CAPTURE_LARGEST_BYTES:
            raise ValidationError(f"The file is too large: at most {settings.CAPTURE_LARGEST_BYTES:,} bytes are taken.")
        return upload

    def content(self) -> bytes:
        """What was handed in besides an address."""
        upload, pasted = self.cleaned_data.get("file"), self.cleaned_data.get("text", "")
        if upload:
            upload.seek(0)
            return bytes(upload.read())
        # A browser sends what was pasted with the line ends of forms.
        return str(pasted).replace("\r\n", "\n").encode(errors="surrogatepass")
