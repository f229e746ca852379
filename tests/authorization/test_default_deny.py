"""Cases 1 to 3, from the other side: every table, shelf and question is asked by those who are to see nothing."""

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import User
from predictions import queries, tasks
from predictions.api.urls import shelves
from predictions.models import Case, Forecaster, HouseScale, League, LedgerEntry, ScoringRun
from predictions.policy import ROLES_BY_VERB, can, seen_by
from predictions.queries import (
    agendas,
    agreement,
    coding_agreement,
    consensus,
    document_comparison,
    histories,
    matrix,
    readings,
    scorecard_board,
    scorecard_comparison,
    scorecard_figures,
    scorecard_index,
    scorecard_league,
    scorecard_pairs,
    scorecard_rows,
    scorecard_summary,
    scorecards,
    worklists,
)
from predictions.queries.scorecard_selection import Selection
from predictions.queries.scorecard_version import Version, version
from tests import builders as a
from tests.journeys.test_role_matrix import coded, judged

pytestmark = [pytest.mark.authorization, pytest.mark.django_db]

OF_NO_CASE = {Forecaster, HouseScale, League, ScoringRun, User}
MODELS = [model for app in ("predictions", "accounts") for model in apps.get_app_config(app).get_models()]


@pytest.fixture
def full(people):
    """A private case that holds something of every kind, decided and scored."""
    keepers = [a.a_person_with("analyst"), a.a_person_with("resolver"), a.a_person_with("administrator")]
    case = a.case(is_private=True, members=keepers, teams=[a.team("Desk", a.person("desk", "viewer"))])
    source = a.source(case)
    a.capture(b"They say it is likely to rain.", source=source)
    prediction = a.prediction(case, trigger=a.trigger(case))
    a.forecast(prediction, quote=a.quote(source))
    a.forecast(prediction, words="40%")
    a.rating(a.evidence(prediction))
    a.assumption(prediction)
    a.indicator(prediction)
    a.occurrence(prediction.trigger)
    coded(prediction, case)
    a.resolution(prediction)
    judged(is_private=True, members=[a.a_person_with("resolver")])
    tasks.rescore([prediction.pk])
    return prediction


@pytest.fixture
def strangers(people):
    """Who has no role, whose account is closed, who is outside the case, and who has not signed in."""
    closed = a.person("closed", "analyst", "resolver", "adjudicator", "administrator")
    closed.is_active = False
    closed.save()
    Case.objects.get(teams__team__name="Desk").memberships.get_or_create(user=closed)
    return {"nobody": people["nobody"], "closed": closed, "anonymous": AnonymousUser(), "outside": people["viewer"]}


def test_strangers_see_no_row_of_any_table(full, strangers):
    held = {model for model in MODELS if model._default_manager.exists()}
    assert len(held) >= 40  # the case does hold something of nearly every kind
    for name, user in strangers.items():
        seen = {model for model in held if seen_by(user, model._default_manager.all()).exists()}
        # What stands in the ledger about no case is for whoever has a role.
        about_no_case = {model for model in held if model.__name__ == "LedgerEntry"}
        assert seen == ((OF_NO_CASE & held) | about_no_case if name == "outside" else set()), name


def test_strangers_may_do_nothing_to_any_row(full, strangers):
    rows = [row for model in MODELS for row in model._default_manager.all()[:1]]
    for name, user in strangers.items():
        for verb in ROLES_BY_VERB:
            done = {type(row) for row in rows if can(user, verb, row)}
            in_cases = {each for each in done - OF_NO_CASE if each.__name__ != "LedgerEntry"}
            assert in_cases == set(), (name, verb)
            assert name == "outside" or not done, (name, verb)


def test_no_page_of_the_admin_lists_or_opens_anything_for_strangers(full, strangers):
    request = RequestFactory().get("/")
    for model, options in admin.site._registry.items():
        for name in ("nobody", "closed", "outside"):
            request.user = strangers[name]
            listed = set(options.get_queryset(request).values_list("pk", flat=True))
            open_to_all = name == "outside" and (model in OF_NO_CASE or listed)
            assert open_to_all or not listed, (name, model)
            for each in model._default_manager.exclude(pk__in=listed):
                opened = options.has_change_permission(request, each) or options.has_view_permission(request, each)
                assert not opened, (name, each)


def test_no_shelf_of_the_api_holds_anything_for_strangers(full, strangers):
    models = {name: shelf.queryset.model for name, shelf in shelves.items() if hasattr(shelf, "queryset")}
    assert shelves.keys() - models.keys() == {"scorecards"}  # asked below
    for who, user in strangers.items():
        held = {name for name, model in models.items() if seen_by(user, model._default_manager.all()).exists()}
        assert held == ({"forecasters"} if who == "outside" else set()), who


NOW = timezone.now()
EVERYTHING = Selection()
ASKED = {
    "agenda": lambda user, on: agendas.agenda(user, now=NOW),
    "agreement": lambda user, on: agreement.agreement(user),
    "agreement_of": lambda user, on: agreement.agreement_of(on, user),
    "all_pairs": lambda user, on: scorecard_pairs.all_pairs(EVERYTHING, user),
    "all_rows": lambda user, on: scorecard_rows.all_rows(EVERYTHING, user=user, now=NOW, n=1),
    "awaiting": lambda user, on: worklists.awaiting("open", user, now=NOW),
    "coding_agreement": lambda user, on: coding_agreement.coding_agreement(user),
    "comparable_sources": lambda user, on: document_comparison.comparable_sources(user, on.case.uuid),
    "comparison": lambda user, on: scorecard_comparison.comparison(*both(on), within=EVERYTHING, user=user),
    "evidence_matrix": lambda user, on: matrix.evidence_matrix(on.case, user=user, is_own=False),
    "figures": lambda user, on: scorecard_figures.figures(EVERYTHING, version(user)),
    "history": lambda user, on: histories.history([on.uuid], user=user),
    "league": lambda user, on: scorecard_league.league(EVERYTHING, user=user),
    "pooled": lambda user, on: consensus.pooled(on, user=user, now=a.on_day(40)),
    "population": lambda user, on: scorecard_league.population(EVERYTHING, version(user)),
    "prediction_history": lambda user, on: histories.prediction_history(on, user=user),
    "predictions_to_choose": lambda user, on: document_comparison.predictions_to_choose(user, on.case),
    "read_pairs": lambda user, on: scorecard_pairs.read_pairs(EVERYTHING, user),
    "read_predictions": lambda user, on: scorecard_board.read_predictions(EVERYTHING, user),
    "reading": lambda user, on: reading_of(on, user),
    "scorecard": lambda user, on: scorecards.scorecard(EVERYTHING, user=user, now=NOW),
    "scorecard_index": lambda user, on: scorecard_index.scorecard_index(user),
    "scorecard_rows": lambda user, on: scorecards.scorecard_rows(EVERYTHING, user=user, now=NOW),
    "tell": lambda user, on: histories.tell(LedgerEntry.objects.filter(subject=on.uuid)[:0], user=user),
    "unresolved_count": lambda user, on: scorecard_summary.unresolved_count(EVERYTHING, version(user)),
    "version": lambda user, on: version(user),
    "visible_entries": lambda user, on: histories.visible_entries(user).filter(payload__case=on.case),
    "worklist": lambda user, on: worklists.worklist(user, now=NOW).shelves,
}
TOLD_WHAT_THEY_SEE = {"display_name", "going", "named_selection", "read_board", "read_rows", "sensitivity"}
"""Spell a name, or are handed what another question has read for the same person."""
ALIKE = {"tell", "pooled", "agreement_of", "worklist", "awaiting", "agenda", "agreement", "coding_agreement"}
ALIKE |= {"comparison", "unresolved_count"}
"""Have nothing to tell of this prediction to its keeper either."""


def both(on):
    return [each.forecaster for each in on.forecasts.order_by("pk")[:2]]


def reading_of(on, user):
    """What was made of the words of a source; its page is asked for the source itself."""
    found = readings.reading(on.case.sources.order_by("pk").first(), user, snapshot=None, now=NOW)
    return [(note.made, note.is_orphaned) for note in found.elsewhere]


def spelled(answer):
    """All that an answer holds, as text, but for who asked."""
    if isinstance(answer, Iterator | QuerySet):
        answer = list(answer)
    return repr(answer)


def questions():
    """Names of the public functions of `queries` that take a person."""
    modules = [import_module(f"{queries.__name__}.{found.name}") for found in pkgutil.iter_modules(queries.__path__)]
    return {
        name
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        if any(each.annotation in {User, "User", Version} for each in inspect.signature(function).parameters.values())
    }


def test_every_question_that_a_person_asks_is_asked_here():
    assert questions() == ASKED.keys() | TOLD_WHAT_THEY_SEE


def test_no_question_tells_a_stranger_anything_of_the_case(full, strangers):
    keeper = a.a_person_with("analyst")
    texts = [str(full), full.case.title, full.theme, *(str(each.forecaster) for each in full.forecasts.all())]
    texts += [str(full.trigger), *(source.title for source in full.case.sources.all())]
    in_private = [text for text in texts if not Forecaster.objects.filter(name=text).exists()]
    for name, ask in ASKED.items():
        told = {who: spelled(ask(strangers[who], full)) for who in ("nobody", "closed", "outside")}
        assert not [(who, text) for who, answer in told.items() for text in in_private if text in answer], name
        assert name in ALIKE or told["nobody"] != spelled(ask(keeper, full)), name
