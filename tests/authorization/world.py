"""One prediction, two resolvers who are asked to judge it, and the doors at which everybody else knocks meanwhile."""

import json
import re
from dataclasses import dataclass

from django.test import Client

from accounts.models import User
from predictions.models import Assessment, Assignment, Prediction, Resolution
from predictions.operations.resolutions import confirm
from tests import builders as a

SECRET = "The ferry never sailed."
VARYING = re.compile(r'[A-Za-z0-9]{64}|csrfmiddlewaretoken" value="[^"]*"|"as_of": ?"[^"]*"')

WORKLISTS = ("to-assess", "to-adjudicate", "to-answer", "to-confirm", "to-resolve", "overdue", "due", "open")
WORKLISTS += ("to-review",)
SHELVES = ("cases", "predictions", "forecasts", "evidence", "assignments", "assessments", "resolutions", "disputes")
SHELVES += ("ratings",)
KINDS = ("assessment", "prediction", "evidence", "resolution", "dispute", "ledgerentry", "forecast", "case")
EXPORTS = ("/scorecards/card.csv", "/scorecards/card.json", "/api/scorecards/", "/agreement.json")


@dataclass
class World:
    """Ann and Ben are asked. Ben submits first, in the words of SECRET; with Ann's the quorum is reached."""

    prediction: Prediction
    ann: User
    ben: User

    def ben_submits(self, verdict: str = "not_met", **fields) -> Assessment:
        return a.assessment(self.prediction, verdict, by=self.ben, **{"rationale": SECRET} | fields)

    def ann_submits(self, verdict: str = "not_met", **fields) -> Assessment:
        return a.assessment(self.prediction, verdict, by=self.ann, **fields)

    def reach_quorum(self) -> Assessment:
        """Both found the same. Gives Ben's assessment."""
        hidden = self.ben_submits()
        self.ann_submits()
        return hidden

    def decide(self) -> Resolution:
        return confirm(Resolution(prediction=self.prediction, known_at=a.on_day(50)), by=self.ann, at=a.NOW)

    def assignment_of(self, who: User) -> Assignment:
        return self.prediction.assignments.get(resolver=who)


def session_of(user: User | None) -> Client:
    """A browser in which `user` has signed in; nobody, where there is none."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def token_of(user: User) -> Client:
    """A program with a token of `user`."""
    return Client(headers={"authorization": f"Token {a.token(user)}"})


def sent(client: Client, address: str, body: dict):
    return client.post(address, json.dumps(body), content_type="application/json")


def pages_about(prediction: Prediction) -> list[str]:
    """Every page and list on which something of its judging could show."""
    own = f"/predictions/prediction/{prediction.pk}"
    pages = ["/", "/notices/", f"{own}/change/", f"{own}/history/", "/agreement/", "/scorecards/", "/scorecards/card/"]
    pages += [f"/predictions/{kind}/" for kind in KINDS] + [f"/worklists/{name}/" for name in WORKLISTS]
    pages += ["/predictions/ledgerentry/?q=not_met", "/predictions/ledgerentry/?about=assessment."]
    pages += [f"/predictions/case/{prediction.case_id}/matrix/", "/predictions/ledgerentry/?about=rating."]
    return [*pages, "/search/?s=ferry", *EXPORTS, *api_about(prediction)]


def api_about(prediction: Prediction) -> list[str]:
    own = [f"/api/predictions/{prediction.uuid}/", f"/api/cases/{prediction.case.uuid}/matrix/"]
    return [f"/api/{name}/" for name in SHELVES] + own


def read(client: Client, address: str) -> str:
    """What is answered there, without what differs from one answer to the next by design."""
    return VARYING.sub("", client.get(address).getvalue().decode())


def everything(client: Client, addresses: list[str]) -> dict[str, tuple[int, str, dict[str, str]]]:
    """Status, text and headers of each answer, without what differs from one answer to the next by design."""
    answers = {address: client.get(address) for address in addresses}
    return {
        address: (
            answer.status_code,
            VARYING.sub("", answer.getvalue().decode()),
            {name: value for name, value in answer.headers.items() if name not in {"Expires", "X-Request-ID"}},
        )
        for address, answer in answers.items()
    }


def listed(client: Client, shelf: str = "assessments", query: str = "") -> list[str]:
    return [row["uuid"] for row in client.get(f"/api/{shelf}/{query}").json()["results"]]


def in_admin(client: Client, kind: str = "assessment", query: str = "") -> list[int]:
    """Keys of the rows on a list of the admin."""
    return [row.pk for row in client.get(f"/predictions/{kind}/{query}").context["cl"].result_list]
