"""Who gets in where: every address of the site, asked by every role. A new address fails until it stands in the table.

The table is `role_matrix.txt`: an address, the signs for GET, the signs for POST, one sign per visitor in the order
of VISITORS. `-` sent to sign in (302 there, or 401), `n` not let in (403), `0` not found (404), `m` no such method
(405), `b` asked wrongly (400), `c` no longer or not yet so (409), `o` opened (200, or 302 elsewhere).
"""

import logging
import re
from http.cookies import Morsel
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.template import Template
from django.test import Client
from django.test.utils import _TestState
from django.urls import get_resolver

from accounts.models import User
from accounts.roles import Role
from predictions import checkpoints
from predictions.models import Dispute, HouseScale, LedgerEntry, Resolution
from predictions.operations.cases import admit
from predictions.operations.disputes import raise_dispute
from predictions.operations.resolutions import confirm
from tests import builders as a

VISITORS = ["anonymous", "nobody", *Role]
SIGNS = {400: "b", 401: "-", 403: "n", 404: "0", 405: "m", 409: "c"}
TABLE = Path(__file__).with_name("role_matrix.txt")

pytestmark = pytest.mark.django_db


def addresses(resolver=None, before=""):
    """Every route of the site as Django writes it, `(?P<uuid>…)` and `<path:object_id>` shortened to `{id}`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern, route)
        else:
            route = re.sub(r"\(\?P<uuid>[^)]*\)|<path:object_id>|<uuid:source>|<int:seq>", "{id}", route)
            yield "/" + re.sub(r"[\^$]", "", route)


def expected():
    rows = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {address: {"get": get, "post": post} for address, get, post in rows}


@pytest.fixture
def world(people):
    """One of everything, in a case that all may see or, `hidden`, in one that only its maker sees."""

    def build(**case_fields):
        case = a.case(**case_fields)
        source = a.source(case)
        capture = a.capture(b"They say it is likely to rain.", source=source)
        quote = a.quote(source)
        trigger = a.trigger(case)
        prediction = a.prediction(case, trigger=trigger)
        forecast = a.forecast(prediction, quote=quote)
        rows = {"case": case, "source": source, "quote": quote, "trigger": trigger, "prediction": prediction}
        rows |= {"forecast": forecast, "forecaster": forecast.forecaster, "evidence": a.evidence(prediction)}
        rows |= {"rating": a.rating(rows["evidence"])}
        rows |= {"capture": capture, "snapshot": capture.snapshot}
        rows |= {"resolution": a.resolution(prediction), "user": a.person("somebody", "viewer")}
        checkpoints.sign(a.NOW)
        rows |= {"housescale": HouseScale.objects.first() or a.scale(), "team": a.team()}
        rows |= coded(prediction, case)
        return rows | judged(**case_fields) | {"ledgerentry": LedgerEntry.objects.first()}

    return build


def coded(prediction, case):
    """A request to code what another did, and a coding on a prediction of its own that everybody sees."""
    coders = [User.objects.filter(username=name).first() or a.person(name, "analyst") for name in ("cy", "di")]
    for coder in coders:
        if case.is_private:
            admit(case, coder, by=a.a_person_with("analyst"), at=a.NOW)
    request, other = a.asked(a.coded(prediction), *coders)
    return {"codingrequest": request, "coding-request": request, "coding": a.coding(other)}


def judged(members=(), **case_fields):
    """An assessment and a dispute, of a decision that two resolvers agreed on."""
    judges = [a.person("judge-1", "resolver"), a.person("judge-2", "resolver")]
    case = a.case(members=[*members, *judges, a.a_person_with("administrator")], resolvers_asked=2, **case_fields)
    prediction = a.prediction(case, closes_at=a.on_day(40))
    a.assigned(prediction, *judges)
    assessment, _ = (a.assessment(prediction, "met", by=judge) for judge in judges)
    confirm(Resolution(prediction=prediction, known_at=a.on_day(40)), by=a.a_person_with("resolver"), at=a.NOW)
    told = {
        "criterion": prediction.revision.criteria.get(),
        "evidence": a.evidence(prediction),
        "text": "It is not so.",
    }
    dispute = raise_dispute(Dispute(prediction=prediction, **told), by=a.a_person_with("analyst"), at=a.NOW)
    return {"assessment": assessment, "assignment": assessment.assignment, "dispute": dispute}


def filled(address, rows):
    """The address with an object of its own kind in place of `{id}`; None where it needs something else."""
    if "{id}" not in address or "<" in address:
        return None if "<" in address else address
    if "/receipts/" in address:
        return address.replace("{id}", str(rows["forecast"].entry_id))
    in_api, in_reading = address.startswith("/api/"), address.startswith("/reading/")
    kind = "source" if in_reading else address.split("/")[2]
    row = rows.get(kind if not in_api or kind == "evidence" else kind.removesuffix("s"))
    return row and address.replace("{id}", str(row.uuid if in_api or in_reading else row.pk))


class Visitor:
    """A browser that stays signed in from address to address, and signs in again where one signed it out."""

    def __init__(self, user):
        self.client, self.user = Client(), user
        self._sign_in()

    def asked(self, method, url):
        extra = (
            {"content_type": "application/json", "data": "{}"} if url.startswith("/api/") and method == "post" else {}
        )
        answer = getattr(self.client, method)(url, **extra)
        if not self.client.cookies.get(settings.SESSION_COOKIE_NAME, Morsel()).value:
            self._sign_in()
        return answer

    def _sign_in(self):
        if self.user is not None:
            self.client.force_login(User.objects.get(pk=self.user.pk))  # as it stands: some pages end sessions


@pytest.fixture
def visitors(people, monkeypatch):
    """Whose pages are not watched: a template that is keeps a copy of its context for each part of each page."""
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)
    logging.disable(logging.CRITICAL)  # thousands are refused, and each refusal would be written down
    yield [Visitor(people.get(name)) for name in VISITORS]
    logging.disable(logging.NOTSET)


def sign(answer):
    if answer.status_code == 302 and "/login/" in answer.url:
        return "-"
    return SIGNS.get(answer.status_code, "o" if answer.status_code in {200, 301, 302} else str(answer.status_code))


def signs(visitors, method, url):
    cache.clear()  # no throttle counts from address to address
    return "".join(sign(each.asked(method, url)) for each in visitors)


def test_every_address_lets_in_whom_the_table_says(visitors, world):
    rows, told = world(), {}
    for address in dict.fromkeys(addresses()):
        url = filled(address, rows)
        if url:
            told[address] = {method: signs(visitors, method, url) for method in ("get", "post")}
    assert told == expected()


def test_what_lies_in_a_private_case_is_not_found_by_anybody_else(visitors, world):
    rows = world(
        is_private=True,
        by=a.person("keeper", "analyst", "administrator"),
        members=[a.a_person_with("analyst"), a.a_person_with("resolver")],
    )
    for address in dict.fromkeys(addresses()):
        url = filled(address, rows)
        if "{id}" in address and url and rows_hidden(address):
            assert set(signs(visitors, "get", url)) <= set("-n0m"), address
            assert set(signs(visitors, "post", url)) <= set("-n0m"), address


def rows_hidden(address):
    """Forecasters, accounts and the ledger's own first entries belong to no case. Django sends any `{id}/` of the
    admin on to its `change/`, whether there is such a row or not."""
    return not re.search("forecaster|housescale|/team/|/user/|ledgerentry|^/predictions/[a-z]+/{id}/$", address)
