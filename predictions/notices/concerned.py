"""Whom something concerns: who is asked to judge a prediction, forecasts on it in their own name, or posed it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from accounts.models import User
from accounts.roles import Role
from predictions.models import Assignment, Dispute, Forecast, Prediction, PredictionRevision, Watch
from predictions.policy import can

People = dict[int, set[int]]
"""Keys of accounts by the key of what concerns them."""


def by_row(*pairs: Iterable[Any]) -> People:
    """The people of each row, from pairs of a row's key and an account's."""
    people: People = defaultdict(set)
    for some in pairs:
        for row, user in some:
            people[row].add(user)
    return people


def of_predictions(keys: Collection[int]) -> People:
    asked = Assignment.objects.standing().filter(prediction__in=keys).values_list("prediction", "resolver")
    return by_row(asked, forecasters(keys), posers(keys))


def forecasters(keys: Collection[int]) -> Any:
    """Who forecasts on them in their own name."""
    own = Forecast.objects.filter(prediction__in=keys, forecaster__account__isnull=False).order_by()
    return own.values_list("prediction", "forecaster__account").distinct()


def posers(keys: Collection[int]) -> Any:
    first = PredictionRevision.objects.filter(prediction__in=keys, number=1, entry__payload__isnull=False)
    return first.values_list("prediction", "entry__payload__actor")


def of_triggers(keys: Collection[int]) -> People:
    """Who watches them, and whom that concerns which waits for them."""
    watching = Watch.objects.filter(trigger__in=keys).values_list("trigger", "user")
    waiting = dict(Prediction.objects.filter(trigger__in=keys).values_list("pk", "trigger"))
    people = of_predictions(waiting.keys())
    return by_row(watching, ((waiting[key], user) for key, users in people.items() for user in users))


def may_answer(disputes: Iterable[Dispute]) -> People:
    """The adjudicators who neither decided what is disputed nor are party to it in another way."""
    adjudicators = list(User.objects.filter(groups__name=Role.ADJUDICATOR, is_active=True))
    pairs = ((row.pk, each.pk) for row in disputes for each in adjudicators if can(each, "answer_dispute", row))
    return by_row(pairs)


def watchers(keys: Collection[int]) -> People:
    """Who watches what these predictions wait for, by prediction."""
    return by_row(Watch.objects.filter(trigger__predictions__in=keys).values_list("trigger__predictions", "user"))
