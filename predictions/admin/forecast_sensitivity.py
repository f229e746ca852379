"""A forecast's words on other scales, from the figures to the drawing of them."""

from functools import partial

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from predictions.charts.sensitivity import sensitivity, sensitivity_table
from predictions.models import Forecast
from predictions.queries.forecast_sensitivity import ForecastSensitivity, forecast_sensitivity, in_words_of_scales

WIDE, NARROW = 720, 400
NOTHING = "nothing: it was not read out of words of a scale"


def on_other_scales(forecast: Forecast) -> SafeString | str:
    """For words of a scale, how the others read them and what that comes to; for a number, its word on each."""
    if found := forecast_sensitivity(forecast):
        return render_to_string("admin/predictions/forecast/sensitivity.html", {"found": found, **_drawn(found)})
    told = in_words_of_scales(forecast)
    return format_html("{}", format_html_join("\n", "<div>{}</div>", ((each,) for each in told))) if told else NOTHING


def _drawn(found: ForecastSensitivity) -> dict[str, object]:
    columns = [[getattr(line, end) for line in found.lines] for end in ("low", "point", "high")]
    names = [line.name for line in found.lines]
    draw = partial(
        sensitivity,
        names,
        *columns,
        reference=found.reference,
        title="This forecast on other scales of words",
        description=f"{found.sentence} The table below holds the same numbers.",
        measure="Brier score (0–1, lower is better)" if found.is_scored else "Probability",
        are_probabilities=not found.is_scored,
    )
    # The drawing escapes every word that it is given.
    forms = [mark_safe(draw(width=width)) for width in (WIDE, NARROW)]  # noqa: S308
    header, rows = sensitivity_table(names, *columns, are_probabilities=not found.is_scored)
    return {"forms": forms, "header": header, "rows": rows}
