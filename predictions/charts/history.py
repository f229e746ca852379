"""The forecasts on one prediction over time, as an SVG drawing: a step line per forecaster."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from predictions.charts.axes import Frame, axes
from predictions.charts.flags import flags, masts, room_above
from predictions.charts.legend import Entry, legend
from predictions.charts.lettering import element, number, percent, width_of, words

LOOKS = 6  # colours and dash patterns in charts.css
NARROW = 560  # a drawing less wide is meant for a telephone and gets larger letters
LEAST_WIDTH = 340  # so that two instants to the minute fit under the plot
DOT_SPACING = 9.0
NAMESPACE = "http://www.w3.org/2000/svg"


@dataclass(frozen=True)
class Point:
    """A forecast from `at` (with a zone) on: a probability in [0, 1], perhaps with its low and high reading.

    Without a probability the forecast was withdrawn: the line ends here.
    """

    at: datetime
    probability: float | None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        _refuse_zoneless("at", self.at)
        for name in ("probability", "low", "high"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise ValueError(f"{name} must lie in [0, 1], not {value}")


@dataclass(frozen=True)
class Series:
    """The forecasts of one forecaster, in the order in which they were issued."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Mark:
    """An instant to point out: the trigger, the scheduled close, the outcome."""

    at: datetime
    label: str

    def __post_init__(self) -> None:
        _refuse_zoneless("at", self.at)


@dataclass(frozen=True)
class _Step:
    start: datetime
    end: datetime
    probability: float
    point: Point


def history(
    series: Sequence[Series],
    *,
    opens_at: datetime,
    closes_at: datetime,
    marks: Sequence[Mark],
    title: str,
    description: str,
    width: float = 720,
    height: float = 260,
) -> str:
    """The drawing as SVG text, to be put into a page that loads charts.css.

    Lines are right-continuous: a forecast stands from its issue (or the opening, if that is later) until the next one,
    a withdrawal, or `closes_at`; of several at one instant the last one is drawn, those from the close on are not.
    The time axis reaches from `opens_at` to `closes_at`, further where a mark lies outside, in the zone of `opens_at`.

    `width` and `height` are in drawing units, of which a letter takes 13 (14 where the width is below 560: 400 to 440
    suits a telephone). The height is that of the plot with its axis; labels of marks and the legend add theirs.
    Equal arguments give equal text. `title` and `description` are what is read out instead of the drawing.
    Errors: ValueError for a time without zone, a close not after the opening, or a width below 340.
    """
    _refuse(opens_at, closes_at, width)
    size = 14.0 if width < NARROW else 13.0
    lines = [list(_steps(each.points, opens_at, closes_at)) for each in series]
    level = _level_frame(opens_at, closes_at, marks, width, size)
    hung = flags([(level.x(mark.at), mark.label) for mark in marks], width=width, size=size)
    top = room_above(hung, size) + 0.8 * size
    frame = replace(level, top=top, bottom=top + height - 2.8 * size)
    entries = _entries(series, lines, closes_at)
    meanings, end = legend(entries, width=width, top=frame.bottom + 2.4 * size, size=size)
    return element(
        "svg",
        words("title", title),
        words("desc", description),
        *axes(frame, size),
        *_bands(lines, frame),
        *masts(hung, frame, size),
        *_lines(lines, frame),
        *_emptiness(series, lines, frame),
        *meanings,
        xmlns=NAMESPACE,
        viewBox=f"0 0 {number(width)} {number(end)}",
        role="img",
        class_=f"history-chart {'history-narrow' if width < NARROW else 'history-wide'}",
    )


def _refuse(opens_at: datetime, closes_at: datetime, width: float) -> None:
    _refuse_zoneless("opens_at", opens_at)
    _refuse_zoneless("closes_at", closes_at)
    if closes_at <= opens_at:
        raise ValueError("closes_at must be after opens_at")
    if width < LEAST_WIDTH:
        raise ValueError(f"width must be at least {LEAST_WIDTH}, not {width}")


def _refuse_zoneless(name: str, at: datetime) -> None:
    if at.utcoffset() is None:
        raise ValueError(f"{name} must have a time zone")


def _steps(points: Iterable[Point], opens_at: datetime, closes_at: datetime) -> Iterator[_Step]:
    """What stood from when to when."""
    ordered = sorted(points, key=lambda point: point.at)
    ends = [point.at for point in ordered[1:]] + [closes_at]
    for point, until in zip(ordered, ends, strict=False):
        start, end = max(point.at, opens_at), min(until, closes_at)
        if start < end and point.probability is not None:
            yield _Step(start, end, point.probability, point)


def _level_frame(opens_at: datetime, closes_at: datetime, marks: Sequence[Mark], width: float, size: float) -> Frame:
    """The frame as far as time goes; its height follows from the labels above it."""
    instants = [at.astimezone(opens_at.tzinfo) for at in (opens_at, closes_at, *(mark.at for mark in marks))]
    return Frame(width_of("100%", size) + 8, 0, width - 6, 0, min(instants), max(instants))


def _bands(lines: Sequence[Sequence[_Step]], frame: Frame) -> Iterator[str]:
    """Low to high of each forecast that has both."""
    for index, steps in enumerate(lines):
        path = "".join(_box(step, frame) for step in steps if _is_ranged(step.point))
        if path:
            yield element("path", class_=f"history-band {_colour(index)}", d=path)


def _box(step: _Step, frame: Frame) -> str:
    left, right = number(frame.x(step.start)), number(frame.x(step.end))
    low, high = (number(frame.y(value or 0.0)) for value in (step.point.low, step.point.high))
    return f"M{left} {high}H{right}V{low}H{left}Z"


def _is_ranged(point: Point) -> bool:
    return point.low is not None and point.high is not None


def _lines(lines: Sequence[Sequence[_Step]], frame: Frame) -> Iterator[str]:
    """A path for each forecaster, and a dot where a forecast was issued."""
    for index, steps in enumerate(lines):
        if steps:
            yield element("path", class_=_line_look(index), d=_path(steps, frame))
        for x, y in _dots(steps, frame):
            yield element("circle", class_=f"history-dot {_colour(index)}", cx=x, cy=y, r=3)


def _path(steps: Sequence[_Step], frame: Frame) -> str:
    path, reached = "", None
    for step in steps:
        x, y = number(frame.x(step.start)), number(frame.y(step.probability))
        path += f"V{y}" if step.start == reached else f"M{x} {y}"
        path += f"H{number(frame.x(step.end))}"
        reached = step.end
    return path


def _dots(steps: Sequence[_Step], frame: Frame) -> Iterator[tuple[float, float]]:
    """Dots that can be told apart: of a crowd's daily forecasts only every so many get one."""
    last = -DOT_SPACING
    for step in steps:
        x = frame.x(step.start)
        if step.point.at >= step.start and x - last >= DOT_SPACING:
            last = x
            yield x, frame.y(step.probability)


def _colour(index: int) -> str:
    return f"history-series-{index % LOOKS}"


def _line_look(index: int) -> str:
    """Colour and dashes; from the seventh on they meet in other couples, so that 36 lines can be told apart."""
    return f"history-line {_colour(index)} history-dash-{(index + index // LOOKS) % LOOKS}"


def _entries(series: Sequence[Series], lines: Sequence[Sequence[_Step]], closes_at: datetime) -> Iterator[Entry]:
    for index, (each, steps) in enumerate(zip(series, lines, strict=True)):
        yield Entry(_line_look(index), each.name, _latest(steps, closes_at))
    if any(_is_ranged(step.point) for steps in lines for step in steps):
        yield Entry("history-band", "low to high")


def _latest(steps: Sequence[_Step], closes_at: datetime) -> str:
    if not steps:
        return "none"
    return percent(steps[-1].probability) if steps[-1].end == closes_at else "withdrawn"


def _emptiness(series: Sequence[Series], lines: Sequence[Sequence[_Step]], frame: Frame) -> Iterator[str]:
    """What the plot says where there is no line to see."""
    if not any(lines):
        text = "No forecast stood in this time" if any(each.points for each in series) else "No forecasts yet"
        place = {"x": (frame.left + frame.right) / 2, "y": frame.y(0.5) - 6}
        yield words("text", text, class_="history-empty", text_anchor="middle", **place)
