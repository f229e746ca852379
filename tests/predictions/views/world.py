"""Worlds for the scorecard pages, and how tests read them."""

from html.parser import HTMLParser

from predictions.tasks import rescore_stale
from tests import builders as a

LATE = a.on_day(55)
"""When outcomes become known: after half of the scheduled open time, so that something stood then."""


def settled(on=None, words="likely", **fields):
    """A prediction with one more forecast, resolved and scored."""
    on = on or a.prediction()
    a.forecast(on, words, **fields)
    a.resolution(on, known_at=LATE)
    rescore_stale()
    return on


def desk(chances, outcomes, **fields):
    """Forecasters who say `chances[name][k]` on prediction k, which comes out as `outcomes[k]`; by name."""
    case = fields.pop("case", None) or a.case()
    people = {name: a.forecaster(name) for name in chances}
    for k, outcome in enumerate(outcomes):
        on = a.prediction(case, **fields)
        for name, given in chances.items():
            a.forecast(on, given[k], by=people[name])
        a.resolution(on, outcome, known_at=LATE)
    rescore_stale()
    return people


class Page(HTMLParser):
    """The words of a page, its links and the ids of its parts, in order."""

    def __init__(self, response):
        super().__init__()
        self.words, self.links, self.ids = [], [], []
        self.feed(response.getvalue().decode())

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "a":
            self.links.append(found.get("href", ""))
        if "id" in found:
            self.ids.append(found["id"])

    def handle_data(self, data):
        self.words += data.split()

    def __str__(self):
        return " ".join(self.words)
