"""Making a passage into a prediction: a form, in a panel of the reading page or on a page of its own, and its Save."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from predictions.models import Prediction, Source
from predictions.models.rivals import refusal_of
from predictions.operations.readings import pose_from_quote
from predictions.policy import can
from predictions.queries.proposals import Proposal, proposal
from predictions.views.access import for_forms
from predictions.views.posing_form import PosingForm
from predictions.views.reading import source_of, text_of, uuid_of


@for_forms("pose_prediction")
def page(request: HttpRequest, user: User, source: UUID) -> HttpResponse:
    row = source_of(source, user)
    if not can(user, "pose_prediction", row.case):
        raise PermissionDenied
    if request.method != "POST":
        return _asking(request, row, PosingForm(row, user, proposed=_proposed(request, row)))
    form = PosingForm(row, user, request.POST)
    posed = _posed(form, user) if form.is_valid() else None
    if posed is None:
        return _asking(request, row, form)
    messages.success(request, f"Saved: the quote, the prediction “{posed}” and the forecast.")
    return _saved(request, row, posed)


def _posed(form: PosingForm, user: User) -> Prediction | None:
    """What was put on record; None where it was refused, which the form then tells."""
    prediction, revision, criteria, quote, forecast = form.rows()
    try:
        return pose_from_quote(
            prediction, revision, criteria, quote=quote, forecast=forecast, by=user, at=timezone.now()
        )
    except (ValidationError, IntegrityError) as fault:
        form.show(refusal_of(fault))
        return None


def _saved(request: HttpRequest, source: Source, posed: Prediction) -> HttpResponse:
    """Back to the words in the text; the panel, which cannot be sent on, is told where that is."""
    quote = posed.forecasts.values_list("quote__uuid", flat=True).get()
    url = f"{reverse('reading', args=[source.uuid])}?quote={quote}#quote-{quote}"
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"location": url}, status=201)
    return HttpResponseRedirect(url)


def _proposed(request: HttpRequest, source: Source) -> Proposal:
    asked = {name: request.GET.get(name, "") for name in ("start", "end")}
    is_place = all(each.isascii() and each.isdigit() and len(each) < 10 for each in asked.values())
    place = (int(asked["start"]), int(asked["end"])) if is_place else None
    return proposal(source, text_of(source, uuid_of(request, "text")), place)


def _asking(request: HttpRequest, source: Source, form: PosingForm) -> HttpResponse:
    context = {"title": "Pose a prediction", "source": source, "form": form}
    return render(request, "predictions/posing.html", context)
