"""What is only ever added to stays as it was written, whoever asks, by whatever way."""

from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import DatabaseError, connection, migrations, models, transaction
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from predictions import checkpoints
from predictions.models import (
    Checkpoint,
    CheckpointAnchor,
    Erasure,
    Forecast,
    Forecaster,
    LedgerBreak,
    LedgerEntry,
    LedgerKey,
    LedgerPayload,
    LedgerTile,
    OriginalBytes,
    Prediction,
    Rationale,
    SnapshotText,
    guards,
)
from predictions.models.checks import guards_stand
from predictions.models.erasure import ERASED, FREE_TEXT
from predictions.models.rows import AppendOnly
from predictions.operations.scales import switch_scale
from predictions.operations.sources import attach_text
from predictions.operations.triggers import undo_occurrence
from tests import builders as a
from tests.predictions import deeds
from tests.predictions import judging_deeds as judging

GUARDED = [
    *(model for model in apps.get_app_config("predictions").get_models() if issubclass(model, AppendOnly)),
    LedgerEntry,
    LedgerTile,
    LedgerPayload,
    Checkpoint,
    LedgerKey,
    Rationale,
    SnapshotText,
    OriginalBytes,
]
MEND = {"reason": "Misread."}

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own ways")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own ways")


@pytest.fixture
def rows():
    """At least one row of every guarded model; where rows replace others, both ends of such a pair."""
    source = a.source()
    attach_text(source, "Perhaps it is likely to rain.", by=a.a_person_with("analyst"), at=a.NOW)
    quote = a.quote(source, external_id="q")
    a.quote(source, supersedes=quote, **MEND)
    a.capture(b"It may rain.")
    a.orphaned()
    trigger = a.trigger(source.case)
    undo_occurrence(a.occurrence(trigger).trigger, reason="It did not.", by=a.a_person_with("resolver"), at=a.NOW)
    prediction = a.prediction(source.case)
    forecast = a.forecast(prediction, "likely", rationale="Clouds.", external_id="f")
    a.forecast(prediction, by=forecast.forecaster, supersedes=forecast, **MEND)
    evidence = a.evidence(prediction, external_id="e")
    a.evidence(prediction, supersedes=evidence, **MEND)
    deeds.compare(source.case)(by=a.a_person_with("analyst"), at=a.NOW)
    a.rating(evidence := a.evidence(prediction), supersedes=a.rating(evidence), **MEND)
    first = a.resolution(prediction, relied_on=[evidence])
    for prepare, role in ((judging.replace_assessment, "resolver"), (judging.answer, "adjudicator")):
        prepare(a.case())(by=a.a_person_with(role), at=a.NOW)
    for request in a.asked(a.coded(a.prediction(source.case)), *(a.person(f"coder-{k}", "analyst") for k in (1, 2))):
        a.coding(request)
    a.a_person_with("resolver").groups.set(a.person("adjudicator", "adjudicator").groups.all())
    a.resolution(prediction, supersedes=first, **MEND)
    a.scale(version="2", supersedes=a.scale(), **MEND)
    switch_scale("kent-1964", is_enabled=False, by=a.a_person_with("analyst"), at=a.NOW)
    a.erasure(a.quote())
    LedgerTile.objects.create(level=1, number=0, hash=bytes(32))
    checkpoint, entry = checkpoints.sign(a.NOW), forecast.entry
    CheckpointAnchor(checkpoint=checkpoint, authority="x", stamped_at=a.NOW, token=b"x", entry=entry).save()
    LedgerBreak(epoch=2, size=1, lost_size=2, lost_root="", lost_note="", reason="x", entry=entry).save()
    return {model: list(model._base_manager.order_by("pk")) for model in GUARDED}


def table_of(model):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY 1')
        return cursor.fetchall()


def each_refused(rows, attack, errors=(ValidationError, DatabaseError)):
    """Every model refuses `attack` on a row of it, and its table is what it was."""
    for model, (row, *_) in rows.items():
        before = table_of(model)
        with pytest.raises(errors), transaction.atomic():
            attack(model, row)
        assert table_of(model) == before, model


def some_field(model):
    return next(f for f in model._meta.concrete_fields if not f.primary_key and not f.unique)


def sql(text, model, *values):
    pk = model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(text.format(table=f'"{model._meta.db_table}"', pk=f'"{pk}"'), values)


def test_every_append_only_model_is_guarded():
    def below(cls):
        return {cls} | {found for each in cls.__subclasses__() for found in below(each)}

    concrete = {model for model in below(AppendOnly) if not model._meta.abstract}
    assert concrete <= set(guards.guarded_models()) == set(GUARDED)
    assert {model.__name__ for model in concrete} == {
        "AssessedCriterion", "AssessedEvidence", "Assessment", "CheckpointAnchor", "Coding", "Criterion",
        "CriterionVerdict", "Dispute", "DisputeAnswer", "DocumentComparison", "Erasure", "Evidence", "Forecast",
        "HouseScale", "LedgerBreak", "Original", "PredictionRevision", "Quote", "QuoteAnchor", "QuoteStanding",
        "Rating", "ReliedEvidence", "Resolution", "ScaleSwitch", "Snapshot", "TriggerOccurrence",
    }  # fmt: skip


@pytest.mark.parametrize("model", guards.lasting_models())
def test_what_others_name_changes_but_is_never_deleted(model):
    row, changed = {
        User: (a.person("someone"), {"first_name": "Some"}),
        Forecaster: (a.forecaster(), {"name": "Another name"}),
        Prediction: (a.prediction(), {"theme": "Another theme"}),
    }[model]
    table = model._meta.db_table
    model.objects.filter(pk=row.pk).update(**changed)
    ways = [f"DELETE FROM {table}"]
    if connection.vendor == "sqlite":
        ways.append(f"REPLACE INTO {table} SELECT * FROM {table}")
    else:
        ways.append(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")
    for statement in ways:
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic(), connection.cursor() as c:
            c.execute(statement)
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        model.objects.filter(pk=row.pk)._raw_delete("default")
    # Django itself refuses what a row that stays names by a reference: a prediction has its first wording.
    refusal = "protected foreign keys" if model is Prediction else "only ever added to"
    with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        row.delete()
    assert model.objects.filter(pk=row.pk, **changed).exists()


ATTACKS = {
    "save": lambda model, row: row.save(),
    "save of one field": lambda model, row: row.save(update_fields=[some_field(model).name]),
    "delete": lambda model, row: row.delete(),
    "update": lambda model, row: model.objects.filter(pk=row.pk).update(pk=row.pk),
    "delete of a queryset": lambda model, row: model.objects.filter(pk=row.pk).delete(),
    "bulk_update": lambda model, row: model.objects.bulk_update([row], [some_field(model).name]),
    "update past the manager": lambda model, row: model._base_manager.filter(pk=row.pk).update(
        **{(field := some_field(model)).attname: getattr(row, field.attname)}
    ),
    "delete past the collector": lambda model, row: model._base_manager.filter(pk=row.pk)._raw_delete("default"),
    "upsert": lambda model, row: model._base_manager.bulk_create(
        [row], update_conflicts=True, unique_fields=[model._meta.pk.name], update_fields=[some_field(model).name]
    ),
    "update_or_create": lambda model, row: model._base_manager.update_or_create(
        pk=row.pk, defaults={(field := some_field(model)).attname: getattr(row, field.attname)}
    ),
    "raw upsert": lambda model, row: sql(
        "INSERT INTO {table} SELECT * FROM {table} WHERE {pk} = %s"
        " ON CONFLICT ({pk}) DO UPDATE SET {pk} = EXCLUDED.{pk}",
        model,
        row.pk,
    ),
    "raw update": lambda model, row: sql("UPDATE {table} SET {pk} = {pk} WHERE {pk} = %s", model, row.pk),
    "raw delete": lambda model, row: sql("DELETE FROM {table} WHERE {pk} = %s", model, row.pk),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_written_is_changed_or_deleted(rows, attack):
    each_refused(rows, ATTACKS[attack])


@pytest.mark.parametrize("attack", ["save", "delete", "update", "delete of a queryset"])
def test_the_refusal_says_what_to_do_instead(rows, attack):
    kept = {model: held for model, held in rows.items() if issubclass(model, AppendOnly)}
    each_refused(kept, ATTACKS[attack], ValidationError)
    with pytest.raises(ValidationError, match="Add a correction instead"):
        ATTACKS[attack](Forecast, rows[Forecast][0])


# --- what an erasure lets through ------------------------------------------------------------------------------------

WORDS = [(model, name) for model in GUARDED for name in FREE_TEXT.get(model._meta.model_name, ())]
NO_WORDS = {
    "chosen and measured": {"kind", "sha256", "zone", "commit", "key", "version", "method", "parameters", "authority"},
    "short names": {"external_id", "label", "scale", "scale_name", "term", "name", "terms", "outcome_table"},
    "what keeps the proof": {"note", "root", "lost_root", "lost_note", "verifier"},
}


def blank(model, name, value=ERASED):
    """Raw, as whoever has the database would."""
    column = model._meta.get_field(name).column
    return lambda row: sql(f'UPDATE {{table}} SET "{column}" = %s WHERE {{pk}} = %s', model, value, row.pk)


def entry_key(model, row):
    way = guards.way_to_entry(model).split("__")
    holder = getattr(row, way[0]) if len(way) > 1 else row
    return holder.pk if model is LedgerPayload else holder.entry_id


def allow(seq):
    """An erasure of that entry, on record; what it lets through is for the database alone to say."""
    row = Erasure(erased_id=seq, reason="Ordered.", erased_at=a.NOW, erased_by=a.a_person_with("analyst"))
    row.entry_id = seq
    row.save()


def test_every_column_of_words_can_be_blanked_and_no_other():
    texts = {
        (model, field.name)
        for model in GUARDED
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    }
    rest = {(model, name) for model, name in texts - {*WORDS} if name not in set().union(*NO_WORDS.values())}
    assert {(model.__name__, name) for model, name in rest} == {
        ("Erasure", "reason"),
        ("LedgerBreak", "reason"),
        ("LedgerPayload", "text"),  # deleted
        ("Rationale", "text"),
    }


def test_words_are_blanked_only_once_an_erasure_is_on_record(rows):
    erased = set(Erasure.objects.values_list("erased", flat=True))
    for model, name in WORDS:
        row = next(row for row in rows[model] if entry_key(model, row) not in erased)
        before = table_of(model)
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            blank(model, name)(row)
        assert table_of(model) == before, (model, name)
        with transaction.atomic():
            allow(entry_key(model, row))
            emptied = [blank(model, name, "")] if getattr(row, name) else []
            for attack in (blank(model, name, "Other words."), delete(model), *emptied):
                with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
                    attack(row)
            assert table_of(model) == before, (model, name)
            blank(model, name)(row)
            assert getattr(model._base_manager.get(pk=row.pk), name) == ERASED
            transaction.set_rollback(True)


def delete(model):
    return lambda row: sql("DELETE FROM {table} WHERE {pk} = %s", model, row.pk)


@pytest.mark.parametrize("model", guards.ERASABLE)
def test_a_row_of_words_is_deleted_only_once_an_erasure_is_on_record(rows, model):
    row = rows[model][0]
    seq = row.original.entry_id if model is OriginalBytes else row.pk
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        delete(model)(row)
    allow(seq)
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        sql("UPDATE {table} SET {pk} = {pk} WHERE {pk} = %s", model, row.pk)
    delete(model)(row)
    assert not model._base_manager.filter(pk=row.pk).exists()


def test_along_with_words_nothing_else_changes(rows):
    forecast = rows[Forecast][0]
    allow(forecast.entry_id)
    before = table_of(Forecast)
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        sql("UPDATE {table} SET words = %s, probability = 0.9 WHERE {pk} = %s", Forecast, ERASED, forecast.pk)
    assert table_of(Forecast) == before


def test_no_table_of_ones_own_passes_for_the_erasures(rows):
    forecast = rows[Forecast][0]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE predictions_erasure (erased_id bigint)")
        cursor.execute("INSERT INTO predictions_erasure VALUES (%s)", [forecast.entry_id])
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            blank(Forecast, "words")(forecast)
        cursor.execute(
            "DROP TABLE " + ("temp." if connection.vendor == "sqlite" else "pg_temp.") + "predictions_erasure"
        )


# --- SQLite ------------------------------------------------------------------------------------------------------


@contextmanager
def recursive_triggers(switch):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers={switch}")
        assert cursor.execute("PRAGMA recursive_triggers").fetchone() == (int(switch == "ON"),)
        yield
        cursor.execute("PRAGMA recursive_triggers=ON")


def unique_keys(model):
    """Columns of each thing that must be unique, beside the primary key."""
    fields = [(field.column,) for field in model._meta.concrete_fields if field.unique and not field.primary_key]
    named = [c.fields for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    return [*fields, *(tuple(model._meta.get_field(name).column for name in names) for names in named)]


def rival(model, row, key):
    """Column values of a new row that agrees with `row` in nothing unique but `key`."""
    values = {
        field.column: field.get_db_prep_save(getattr(row, field.attname), connection) for field in row._meta.fields
    }
    fresh = {"id": None, "uuid": uuid4().hex, "external_id": "", "supersedes_id": None}
    return values | {column: value for column, value in fresh.items() if column in values and column not in key}


def stand_in_the_way(values, key):
    return all(values[column] not in {None, ""} for column in key)


def replace(model, values):
    columns = ", ".join(f'"{column}"' for column in values)
    marks = ", ".join(["%s"] * len(values))
    sql(f"INSERT OR REPLACE INTO {{table}} ({columns}) VALUES ({marks})", model, *values.values())


@on_sqlite
@pytest.mark.parametrize("switch", ["ON", "OFF"])
def test_nothing_is_replaced_by_its_primary_key(rows, switch):
    with recursive_triggers(switch):
        each_refused(rows, lambda model, row: replace(model, rival(model, row, key=("id",))))


@on_sqlite
@pytest.mark.parametrize("switch", ["ON", "OFF"])
def test_nothing_is_replaced_by_anything_else_that_is_unique(rows, switch):
    tried = set()
    with recursive_triggers(switch):
        for model in rows:
            for key in unique_keys(model):
                rivals = [rival(model, row, key) for row in rows[model] if row.pk is not None]
                for values in (values for values in rivals if stand_in_the_way(values, key)):
                    before = table_of(model)
                    with pytest.raises(DatabaseError), transaction.atomic():
                        replace(model, values)
                    assert table_of(model) == before
                    tried.add((model, key))
    assert tried == {(model, key) for model in rows for key in unique_keys(model)}


@on_sqlite
@pytest.mark.parametrize("manner", ["IGNORE", "REPLACE", "FAIL"])
def test_no_manner_of_update_gets_through(rows, manner):
    each_refused(rows, lambda model, row: sql(f"UPDATE OR {manner} {{table}} SET {{pk}} = {{pk}}", model))


@on_sqlite
@pytest.mark.parametrize("seq", [-1, 0, "next + 1"])
def test_the_ledger_is_written_in_order(rows, seq):
    entry = LedgerEntry.objects.first()
    entry.seq = entry.seq + 2 if seq == "next + 1" else seq
    with pytest.raises(DatabaseError, match=r"only ever added to|written in order"), transaction.atomic():
        LedgerEntry._base_manager.bulk_create([entry])


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_table_made_anew_loses_its_guards_until_they_are_put_back():
    old = Forecast._meta.get_field("words")
    new = models.CharField(max_length=old.max_length + 1, blank=True)
    new.set_attributes_from_name("words")
    new.model = Forecast
    for before, after in ((old, new), (new, old)):
        with connection.schema_editor() as editor:
            editor.alter_field(Forecast, before, after)
        assert guards.missing(connection) == [
            f"predictions_forecast_no_{verb}" for verb in ("delete", "replace", "update")
        ]
        guards.install(connection)
        assert guards.missing(connection) == []


@on_sqlite
def test_who_may_write_the_schema_takes_the_guards_with_it_and_that_is_told(rows):
    """Beyond what a database can refuse: an owner drops what they please. The tree and `missing` bring it to light."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA writable_schema = ON")
        cursor.execute("DELETE FROM sqlite_master WHERE type = 'trigger' AND name = 'predictions_forecast_no_update'")
        cursor.execute("PRAGMA writable_schema = RESET")
    assert guards.missing(connection) == ["predictions_forecast_no_update"]


# --- migrations --------------------------------------------------------------------------------------------------


def later(model_name, field_name):
    field = apps.get_model("predictions", model_name)._meta.get_field(field_name).clone()
    field.max_length += 1
    migration = migrations.Migration("9999_later", "predictions")
    migration.operations = [migrations.AlterField(model_name, field_name, field)]
    return migration


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("model_name", "field_name"), [("forecast", "words"), ("snapshot", "sha256"), ("erasure", "reason")]
)
def test_a_migration_that_makes_a_table_anew_ends_with_all_guards_standing(model_name, field_name):
    """The second and third are tables into which the guards of others look."""
    executor, migration = MigrationExecutor(connection), later(model_name, field_name)
    before = executor.loader.project_state()
    for step in (executor.apply_migration, executor.unapply_migration):
        emit_pre_migrate_signal(0, False, "default", plan=[(migration, False)])
        step(before.clone(), migration)
        assert (guards.missing(connection) != []) == (connection.vendor == "sqlite")
        emit_post_migrate_signal(0, False, "default")
        assert guards.missing(connection) == []


def test_where_there_is_nothing_to_migrate_no_guard_is_lifted():
    emit_pre_migrate_signal(0, False, "default", plan=[])
    assert guards.missing(connection) == []


# --- PostgreSQL --------------------------------------------------------------------------------------------------


@on_postgresql
@pytest.mark.parametrize("way", ["TRUNCATE {table}", "TRUNCATE {table} CASCADE", "TRUNCATE predictions_case CASCADE"])
def test_no_table_is_emptied(rows, way):
    each_refused(rows, lambda model, row: sql(way, model))


@on_postgresql
@pytest.mark.parametrize("attack", ["raw update", "raw delete", "upsert", "raw upsert"])
def test_the_guards_hold_in_the_role_of_a_replica_too(rows, attack):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    each_refused(rows, ATTACKS[attack])


@on_postgresql
def test_deferring_what_can_be_deferred_lets_nothing_through(rows):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    each_refused(rows, ATTACKS["raw delete"])


# --- whether the guards stand ------------------------------------------------------------------------------------

TABLE, NAME = (
    "predictions_forecast",
    {"sqlite": "predictions_forecast_no_delete"}.get(connection.vendor, "predictions_forecast_no_change"),
)
ON_TABLE = f' ON "{TABLE}"' if connection.vendor == "postgresql" else ""
REFUSE = "EXECUTE FUNCTION forsooth_refuse()"


def recreated(trigger):
    """Statements that put another trigger in the guard's place, under its name and always on."""
    return [
        f"DROP TRIGGER {NAME}{ON_TABLE}",
        f"CREATE TRIGGER {NAME} {trigger}",
        f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {NAME}",
    ]


FALLS = {
    "dropped": [f"DROP TRIGGER {NAME}{ON_TABLE}"],
    **(
        {"hollow": [f"DROP TRIGGER {NAME}", f"CREATE TRIGGER {NAME} BEFORE DELETE ON {TABLE} BEGIN SELECT 1; END"]}
        if connection.vendor == "sqlite"
        else {
            "disabled": [f"ALTER TABLE {TABLE} DISABLE TRIGGER {NAME}"],
            "off in a replica": [f"ALTER TABLE {TABLE} ENABLE TRIGGER {NAME}"],
            "never fires": recreated(f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW WHEN (false) {REFUSE}"),
            "lets deletions pass": recreated(f"BEFORE UPDATE ON {TABLE} FOR EACH ROW {REFUSE}"),
            "watches one column": recreated(f"BEFORE UPDATE OF id OR DELETE ON {TABLE} FOR EACH ROW {REFUSE}"),
            "calls another": [
                "CREATE FUNCTION let_pass() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                *recreated(f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION let_pass()"),
            ],
            "stands elsewhere": [
                f"DROP TRIGGER {NAME}{ON_TABLE}",
                "CREATE TABLE decoy (id integer)",
                f"CREATE TRIGGER {NAME} BEFORE UPDATE OR DELETE ON decoy FOR EACH ROW {REFUSE}",
                f"ALTER TABLE decoy ENABLE ALWAYS TRIGGER {NAME}",
            ],
        }
    ),
}


@pytest.mark.parametrize("fall", FALLS)
@pytest.mark.parametrize("mend", [lambda: guards.install(connection), lambda: call_command("migrate", verbosity=0)])
def test_a_guard_that_fell_is_told_and_put_back(fall, mend):
    assert guards_stand(databases=["default"]) == []
    with connection.cursor() as cursor:
        for statement in FALLS[fall]:
            cursor.execute(statement)
    (warning,) = guards_stand(databases=["default"])
    assert NAME in warning.msg
    assert "migrate" in warning.hint
    mend()
    assert guards_stand(databases=["default"]) == []


@on_postgresql
def test_a_hollow_refusal_is_told_and_put_back():
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION forsooth_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        )
    assert len(guards.missing(connection)) == 2 * len([*GUARDED, *guards.lasting_models()])
    guards.install(connection)
    assert guards.missing(connection) == []
