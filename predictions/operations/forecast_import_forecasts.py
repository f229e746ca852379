"""The forecasts of an import: by far the most rows, so each is written from what its neighbours have in common."""

import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from predictions import record
from predictions.language.scales import decimal_text
from predictions.models import Forecast, Forecaster, Origin, Prediction, PredictionRevision
from predictions.models.bulk import as_times, as_uuid, column_value, write_rows
from predictions.models.prediction import NEVER
from predictions.models.rows import plain
from predictions.models.times import EPOCH, microseconds
from predictions.operations.forecast_import_writing import Writing

AT_ONCE = 500
Prepared = tuple[record.Sealed, list[tuple[Any, ...]]]
VARYING = (
    "uuid",
    "prediction_id",
    "revision_id",
    "forecaster_id",
    "probability",
    "issued_at",
    "issued_us",
    "entry_id",
)
BLANKS = ("forecast", "horizon", "issued_at", "on_behalf_of", "p", "prediction", "prediction_revision_sha256")


@dataclass(frozen=True, slots=True)
class Wording:
    """A revision as the ledger names it in a forecast issued before `until_us`."""

    until_us: int
    key: int
    digest: str
    horizon: str


@dataclass(frozen=True, slots=True)
class Target:
    """A prediction that forecasts are about, with the wordings it had, the oldest first."""

    key: int
    subject: bytes | str
    uuid: str
    wordings: tuple[Wording, ...]

    def wording(self, issued_us: int) -> Wording:
        """As `Prediction.revision_for` says."""
        return next(each for each in self.wordings if issued_us < each.until_us)


def write_forecasts(writing: Writing, keys: Sequence[int], names: Sequence[str]) -> Iterator[int]:
    """Record the staged forecasts that are new, yielding how many after each block.

    `keys` and `names` are those of the predictions and forecasters that the staged rows number.
    """
    blocks = writing.stage.new_forecasts()
    first = next(blocks, None)
    if first is None:
        return
    targets = [target for at in range(0, len(keys), AT_ONCE) for target in _targets(keys[at : at + AT_ONCE])]
    known = {name: (key, f'"{uuid}"') for name, key, uuid in Forecaster.objects.values_list("name", "pk", "uuid")}
    writer = _Writer(writing, targets, [known[name] for name in names])
    for prepared in _ahead(map(writer.prepared, chain([first], blocks))):
        yield writer.write(prepared)


def _targets(keys: Sequence[int]) -> Iterator[Target]:
    found = Prediction.objects.filter(pk__in=keys).prefetch_related("revisions__criteria")
    rows = {row.pk: row for row in found}
    for key in keys:
        row = rows[key]
        yield Target(key, as_uuid(row.uuid), f'"{row.uuid}"', tuple(_wordings(row)))


def _wordings(prediction: Prediction) -> Iterator[Wording]:
    revisions = sorted(prediction.revisions.all(), key=lambda each: each.number)
    for earlier, later in pairwise(revisions):
        if later.kind == PredictionRevision.Kind.MATERIAL:
            yield _wording(earlier, microseconds(later.recorded_at))
    yield from (_wording(each, NEVER) for each in revisions if each.pk == prediction.revision_id)


def _wording(revision: PredictionRevision, until_us: int) -> Wording:
    horizon = "null" if revision.closes_at is None else f'"{plain(revision.closes_at)}"'
    return Wording(until_us, revision.pk, f'"{revision.sha256}"', horizon)


class _Writer:
    """Writes blocks of forecasts. What all have in common, in the ledger and in the table, is made of one real row."""

    def __init__(self, writing: Writing, targets: Sequence[Target], people: Sequence[tuple[int, str]]) -> None:
        self.writing, self.targets, self.people = writing, targets, people
        sample = _sample(writing, targets[0], people[0])
        logged = {**sample.logged(), "actor": str(writing.by.uuid)}
        self.form = record.form({k: v for k, v in logged.items() if k not in BLANKS}, BLANKS)
        fields = [field for field in Forecast._meta.concrete_fields if field.attname not in {"id", *VARYING}]
        common = {field.attname: column_value(field, sample) for field in fields}
        self.common = {name: value for name, value in common.items() if value is not None}
        self.next, self.at = record.next_place(writing.at)
        self.uuids = OrderedUuids(writing.at)

    def prepared(self, block: NDArray[Any]) -> Prepared:
        """What the ledger and the table will hold of `block`. Asks nothing of the database."""
        said, rows, seqs = [], [], range(self.next, self.next + len(block))
        uuids, names = self.uuids.more(len(block))
        columns = (block[name].tolist() for name in ("prediction", "forecaster", "made", "probability"))
        for seq, uuid, name, iso, at, number, person, made, probability in zip(
            seqs, uuids, names, _iso(block["made"]), as_times(block["made"]), *columns, strict=True
        ):
            target, (forecaster, on_behalf_of) = self.targets[number], self.people[person]
            wording = target.wordings[0] if len(target.wordings) == 1 else target.wording(made)
            p = f'"{_decimal(probability)}"'
            told = (f'"{name}"', wording.horizon, f'"{iso}"', on_behalf_of, p, target.uuid, wording.digest)
            said.append((target.subject, self.form % told))
            rows.append((uuid, target.key, wording.key, forecaster, probability, at, made, seq))
        writing = self.writing
        sealed = record.seal("forecast.created", said, first=self.next, case=writing.case, by=writing.by, at=self.at)
        self.next = sealed.seqs.stop
        return sealed, rows

    def write(self, prepared: Prepared) -> int:
        sealed, rows = prepared
        record.append_sealed(sealed)
        write_rows(Forecast, VARYING, rows, common=self.common)
        return len(rows)


class OrderedUuids:
    """New uuids of version 7 in their order: milliseconds of `at`, a counter of 32 bits, 42 random bits.

    Rows that come together lie together in the index of their uuids, which random ones would tear apart.
    """

    def __init__(self, at: datetime) -> None:
        self._stamp, self._next = microseconds(at) // 1000, secrets.randbits(31)

    def more(self, count: int) -> tuple[list[Any], list[str]]:
        """So many: each as `as_uuid` makes it, and as it is written."""
        counter = np.arange(self._next, self._next + count, dtype="u8") & 0xFFFF_FFFF
        self._next += count
        halves = np.frombuffer(secrets.token_bytes(16 * count), ">u8").reshape(count, 2).copy()
        halves[:, 0] = self._stamp << 16 | 0x7000 | counter >> 20
        halves[:, 1] = 1 << 63 | (counter & 0xFFFFF) << 42 | halves[:, 1] & (1 << 42) - 1
        digits = np.frombuffer(halves.tobytes().hex().encode(), "S1").reshape(count, 32)
        written = _pieces(np.insert(digits, (8, 12, 16, 20), b"-", axis=1).tobytes().decode(), 36)
        if connection.vendor == "postgresql":
            return _pieces(halves.tobytes(), 16), written
        return _pieces(digits.tobytes().decode(), 32), written


def _pieces(whole: Any, length: int) -> list[Any]:
    return [whole[at : at + length] for at in range(0, len(whole), length)]


def _ahead(items: Iterator[Prepared]) -> Iterator[Prepared]:
    """`items`, each made while the one before is still in use: PostgreSQL works in a process of its own meanwhile.

    Not for SQLite, which hands Python's lock back and forth with every row it writes.
    """
    if connection.vendor != "postgresql":
        yield from items
        return
    with ThreadPoolExecutor(1) as aside:
        coming = aside.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = aside.submit(next, items, None)
            yield item


def _sample(writing: Writing, target: Target, person: tuple[int, str]) -> Forecast:
    return Forecast(
        prediction=Prediction.objects.get(pk=target.key),
        revision=PredictionRevision.objects.get(pk=target.wordings[-1].key),
        forecaster=Forecaster.objects.get(pk=person[0]),
        probability=0.5,
        basis=Forecast.Basis.STATED,
        issued_at=EPOCH,
        recorded_at=writing.at,
        recorded_by=writing.by,
        origin=Origin.IMPORTED,
    )


def _iso(us: NDArray[np.int64]) -> list[str]:
    """As `iso_utc` writes times."""
    return np.datetime_as_string(us.astype("M8[us]"), timezone="UTC").tolist()


@lru_cache(1 << 16)
def _decimal(probability: float) -> str:
    return decimal_text(probability)
