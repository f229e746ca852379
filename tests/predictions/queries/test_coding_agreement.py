"""How far coders agree: figures by hand, undefined where nothing varies, and text for a methods section."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.models import Forecast
from predictions.operations.forecasts import log_forecast
from predictions.queries.coding_agreement import coding_agreement
from predictions.queries.coding_figures import Coded, figures_of
from predictions.queries.coding_words import methods
from predictions.scoring.agreement import krippendorff_alpha
from tests import builders as a


def rows(*forecasts):
    """A coding of each number, by coders 0, 1, …"""
    return [Coded(k, coder, point, None) for k, points in enumerate(forecasts) for coder, point in enumerate(points)]


def test_figures_by_hand():
    found = figures_of(rows([0.6, 0.7], [0.2, 0.5, 0.2]), 7)
    assert (found.coded, found.n, found.coders, found.codings, found.fewest, found.most) == (7, 2, 3, 5, 2, 3)
    # The first pair lies 10 points apart, which counts as within; of three pairs of the second, one does.
    assert found.within == pytest.approx((1 + 1 / 3) / 2)
    assert (found.mean_range, found.largest_range) == pytest.approx((0.2, 0.3))
    expected = krippendorff_alpha([[0.6, 0.2], [0.7, 0.5], [None, 0.2]], level="interval")
    assert found.alpha == expected


def test_alpha_is_undefined_where_nothing_varies_and_that_is_said():
    found = figures_of(rows([0.6, 0.6], [0.6, 0.6]), 2)
    assert (found.alpha, found.within, found.mean_range) == (None, 1, 0)
    assert "alpha (interval) is undefined: nothing varies" in methods(found)[1]


def test_alpha_has_an_interval_from_five_forecasts_on():
    varied = [[0.1 * k, 0.1 * k + 0.05] for k in range(1, 6)]
    assert figures_of(rows(*varied[:4]), 4).alpha.low is None
    five = figures_of(rows(*varied), 5)
    assert five.alpha.low <= five.alpha.value <= five.alpha.high
    assert "95% interval" in methods(five)[1]
    assert "no interval: it takes five forecasts" in methods(figures_of(rows(*varied[:4]), 4))[1]


def test_nothing_coded_by_two_gives_no_text():
    assert methods(figures_of([], 3)) == ()


def test_the_methods_say_who_coded_how_many_and_how_far_they_agree():
    told = " ".join(methods(figures_of(rows([0.6, 0.7]), 4)))
    assert "Of four forecasts whose probability was read out of words, one (25.0%) was coded by two or more" in told
    assert "two codings to each, two codings by two coders" in told
    assert "100.0% of pairs of codings lay within 10 percentage points of each other" in told
    assert "was 10 points on average and 10 points at most" in told


# --- of the record ----------------------------------------------------------------------------------------------------


@pytest.fixture
def coders(db):
    return [a.person(f"coder-{k}", "analyst") for k in range(2)]


def code(case, coders, *words):
    forecast = a.coded(a.prediction(case))
    for request, said in zip(a.asked(forecast, *coders[: len(words)]), words, strict=True):
        a.coding(request, said)
    return forecast


@pytest.mark.django_db
def test_all_codings_of_what_stands_count_the_first_one_once(coders, viewer):
    case, other = a.case(), a.case()
    code(case, coders, "very likely", "unlikely"), code(other, coders, "very likely"), code(other, coders)
    found = coding_agreement(viewer)
    assert (found.figures.coded, found.figures.n, found.figures.codings, found.figures.coders) == (3, 2, 5, 3)
    assert found.figures.asked == 3
    assert set(found.cases) == {case, other}
    alone = coding_agreement(viewer, other).figures
    assert (alone.coded, alone.n, alone.mean_range) == (2, 1, pytest.approx(0.2))


@pytest.mark.django_db
def test_codings_of_words_that_were_replaced_count_no_longer(coders, viewer):
    code(a.case(), coders, "very likely")
    earlier = Forecast.objects.standing().get()
    kept = {name: getattr(earlier, name) for name in ("prediction", "forecaster", "issued_at", "quote")}
    row = Forecast(words="unlikely", supersedes=earlier, reason="Misread.", **kept)
    log_forecast(row, by=a.a_person_with("analyst"), at=a.NOW)
    assert (coding_agreement(viewer).figures.coded, coding_agreement(viewer).figures.n) == (1, 0)


@pytest.mark.django_db
def test_a_private_case_tells_its_people_alone(coders, viewer):
    insider = a.person("insider", "viewer")
    code(a.case(is_private=True, members=[*coders, insider]), coders, "very likely")
    assert (coding_agreement(viewer).figures.coded, coding_agreement(viewer).cases) == (0, ())
    assert coding_agreement(insider).figures.n == 1


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow(coders, viewer):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            coding_agreement(viewer)
        return len(asked)

    code(a.case(), coders, "very likely")
    queries()  # roles are read once
    one = queries()
    code(a.case(), coders, "very likely"), code(a.case(), coders, "unlikely", "likely")
    assert queries() == one


@pytest.mark.django_db
def test_the_page_of_agreement_tells_it_on_screen_and_as_json(client, coders, viewer):
    client.force_login(viewer)
    assert "No forecast whose probability was read out of words yet" in client.get("/agreement/").content.decode()
    case = a.case()
    code(case, coders)
    assert "none was coded by two yet" in client.get("/agreement/").content.decode()
    code(case, coders, "very likely")
    told = client.get(f"/agreement/?case={case.external_id}").content.decode()
    assert "Agreement between coders" in told
    assert "Text for a methods section" in told
    figures = client.get("/agreement.json").json()["coding"]["figures"]
    assert (figures["coded"], figures["n"], figures["mean_range"]) == (2, 1, pytest.approx(0.2))
    assert not any(name in told for name in ("coder-0", "some-analyst"))
