import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from rest_framework.exceptions import ValidationError as BadRequest

from predictions.api.refusals import answer, renamed


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (ValidationError({"words": "Say more."}), 400, {"words": ["Say more."]}),
        (ValidationError("No."), 400, {"non_field_errors": ["No."]}),
        (ValidationError({"__all__": ["No."]}), 400, {"non_field_errors": ["No."]}),
        (ValidationError("%(n)d left.", params={"n": 2}), 400, {"non_field_errors": ["2 left."]}),
        (ValidationError("Too late.", code="conflict"), 409, {"non_field_errors": ["Too late."]}),
        (ValidationError({"a": ValidationError("Too late.", code="conflict")}), 409, {"a": ["Too late."]}),
        (ValidationError("Clock.", code="clock_behind"), 503, {"non_field_errors": ["Clock."]}),
        (BadRequest(["No."]), 400, {"non_field_errors": ["No."]}),
        (BadRequest({"a": ["No."]}), 400, {"a": ["No."]}),
        (PermissionDenied("Not you."), 403, {"detail": "Not you."}),
        (Http404(), 404, {"detail": "Not found."}),
    ],
)
def test_every_refusal_has_its_status_and_its_messages(fault, status, body):
    response = answer(fault, {})
    assert (response.status_code, response.data) == (status, body)


def test_a_lagging_clock_says_when_to_come_again():
    assert answer(ValidationError("Clock.", code="clock_behind"), {}).headers["Retry-After"] == "60"


def test_what_is_no_refusal_is_a_fault_of_ours_and_not_hidden():
    assert answer(ZeroDivisionError(), {}) is None


def test_a_refusal_comes_under_the_name_the_caller_used_and_keeps_its_code():
    fault = ValidationError({"words": ValidationError("No.", code="conflict"), "probability": "Nor that."})
    told = renamed(fault, {"words": "probability"})
    assert answer(told, {}).data == {"probability": ["No.", "Nor that."]}
    assert answer(told, {}).status_code == 409
