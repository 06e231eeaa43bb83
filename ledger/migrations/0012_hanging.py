"""A sheet hangs for so many days from when it is put up: the days are kept, and the day on which it comes down is known once it hangs.

Until now that day was counted from printing and printed on the paper: of what hangs already it stays, of the others it is forgotten.
SQLite makes the table anew, and its triggers go with the old one: they are set again, on the way back too.
"""

from datetime import timedelta
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

from django.db import migrations, models
from django.db.models import Q

first, before = import_module("ledger.migrations.0002_guards"), import_module("ledger.migrations.0005_guards")

MESSAGE = "how long a sheet hangs stays"


def settle(apps: Any, schema: Any) -> None:  # noqa: ARG001 - Django hands both over
    """PostgreSQL alters no table while checks of its rows wait for the end of the transaction."""
    if schema.connection.vendor == "postgresql":
        schema.execute("SET CONSTRAINTS ALL IMMEDIATE")


def guard_again(apps: Any, schema: Any) -> None:  # noqa: ARG001
    """The triggers of sheets, those of 0005."""
    if schema.connection.vendor != "sqlite":
        return
    late = f"abs(julianday({{c}}) - julianday('now')) > {first.MINUTES}.0 / 1440"
    for name, table, event, condition, message in before.rules("OLD.{c} IS NOT NEW.{c}", late):
        if table == "ledger_sheet":
            when = f"WHEN {condition}" if condition else ""
            schema.execute(f"CREATE TRIGGER IF NOT EXISTS guard_{name} BEFORE {event} ON {table} {when} "
                           f"BEGIN SELECT RAISE(ABORT, 'ledger: {message}'); END")


def guard(apps: Any, schema: Any) -> None:
    """And one more: neither the days nor the day counted from them is changed."""
    guard_again(apps, schema)
    sqlite = schema.connection.vendor == "sqlite"
    differ = "OLD.{c} IS NOT NEW.{c}" if sqlite else "OLD.{c} IS DISTINCT FROM NEW.{c}"
    condition = first.changed(["days"], differ) + " OR " + first.changed(["due_down"], "(OLD.{c} IS NOT NULL AND " + differ + ")")
    if sqlite:
        schema.execute(f"CREATE TRIGGER guard_sheet_days BEFORE UPDATE ON ledger_sheet WHEN {condition} "
                       f"BEGIN SELECT RAISE(ABORT, 'ledger: {MESSAGE}'); END")
        return
    schema.execute("CREATE FUNCTION guard_sheet_days() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
                   f"IF {condition} THEN RAISE EXCEPTION 'ledger: {MESSAGE}' USING ERRCODE = 'check_violation'; END IF; "
                   "RETURN NEW; END $guard$", params=None)
    schema.execute("CREATE TRIGGER guard_sheet_days BEFORE UPDATE ON ledger_sheet FOR EACH ROW EXECUTE FUNCTION guard_sheet_days()")


def unguard(apps: Any, schema: Any) -> None:
    settle(apps, schema)
    if schema.connection.vendor == "sqlite":
        schema.execute("DROP TRIGGER guard_sheet_days")
    else:
        schema.execute("DROP TRIGGER guard_sheet_days ON ledger_sheet")
        schema.execute("DROP FUNCTION guard_sheet_days()")


def count(apps: Any, schema: Any) -> None:  # noqa: ARG001
    """The days of what is in the book: from printing to the day on which it was to come down."""
    model = apps.get_model("ledger", "Sheet")
    for row in _rows(apps):
        model.objects.filter(pk=row.pk).update(days=max(0, (row.due_down - _printed_on(row)).days))


def forget(apps: Any, schema: Any) -> None:  # noqa: ARG001
    apps.get_model("ledger", "Sheet").objects.filter(put_up_at=None).update(due_down=None)


def recall(apps: Any, schema: Any) -> None:  # noqa: ARG001
    model = apps.get_model("ledger", "Sheet")
    for row in _rows(apps).filter(due_down=None):
        model.objects.filter(pk=row.pk).update(due_down=_printed_on(row) + timedelta(days=row.days))


def _rows(apps: Any) -> Any:
    return apps.get_model("ledger", "Sheet").objects.select_related("office")


def _printed_on(row: Any) -> Any:
    return row.printed_at.astimezone(ZoneInfo(row.office.zone)).date()


class Migration(migrations.Migration):
    dependencies = [("ledger", "0011_answers")]
    operations = [
        migrations.RunPython(settle, guard_again),
        migrations.AddField("sheet", "days", models.PositiveSmallIntegerField(null=True)),
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.AlterField("sheet", "days", models.PositiveSmallIntegerField()),
        migrations.AlterField("sheet", "due_down", models.DateField(null=True)),
        migrations.RunPython(forget, recall),
        migrations.AddConstraint("sheet", models.CheckConstraint(name="due_once_up", condition=(
            Q(put_up_at=None, due_down=None) | Q(put_up_at__isnull=False, due_down__isnull=False)))),
        migrations.RunPython(guard, unguard),
    ]
