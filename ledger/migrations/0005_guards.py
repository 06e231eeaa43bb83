"""The triggers again: those of 0002, and what must hold of screenings, of justifications and of the urgent path."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.db import migrations, models

first = import_module("ledger.migrations.0002_guards")

KEPT = (*first.KEPT, "screening", "justification")
REPLACED = ("edition_people", "sheet_once")


def once(columns: Sequence[str], differ: str) -> str:
    """What was written in a text column stays."""
    return " OR ".join("(OLD.{c} <> '' AND {d})".format(c=f'"{c}"', d=differ.format(c=f'"{c}"')) for c in columns)


def rules(differ: str, late: str) -> list[Any]:
    """Every trigger, in words that both databases understand but for `differ` and `late`."""
    later = ("later_reviewer", "later_verdict")
    opened = "(SELECT o.urgent FROM ledger_office o JOIN ledger_item i ON i.office_id = o.id WHERE i.id = NEW.item_id)"
    return [rule for rule in first.rules(differ, late) if rule[0] not in REPLACED] + [
        ("edition_people", "ledger_edition", "UPDATE",
         ("OLD.state IN ('signed', 'released', 'corrected', 'withdrawn') AND NEW.state <> 'draft' AND "
          f"{first.changed(['drafter', 'reviewer', 'signer', 'seal', 'urgent', 'urgent_reason', 'review_due_at'], differ)}"),
         "who signed what is not changed afterwards"),
        ("edition_later", "ledger_edition", "UPDATE", f"NEW.state <> 'draft' AND ({once(later, differ)})", "a later review is not changed"),
        ("edition_urgent_u", "ledger_edition", "UPDATE", f"NEW.urgent AND NOT OLD.urgent AND NOT {opened}",
         "this office has no urgent path: review it first"),
        ("edition_urgent_i", "ledger_edition", "INSERT", f"NEW.urgent AND NOT {opened}", "this office has no urgent path: review it first"),
        ("sheet_once", "ledger_sheet", "UPDATE",
         first.changed(["put_up_at", "taken_down_at", "number", "printed_at"], "(OLD.{c} IS NOT NULL AND " + differ + ")")
         + " OR " + once(["put_up_by", "put_up_photo", "taken_down_by", "taken_down_photo"], differ),
         "a record of putting up or taking down stays"),
        ("item_slug", "ledger_item", "UPDATE", once(["slug"], differ), "what an item was given once stays"),
        ("screening_frozen", "ledger_screening", "UPDATE", None, "a screening is never changed"),
        ("justification_frozen", "ledger_justification", "UPDATE", None, "a justification is never changed"),
        ("screening_kept", "ledger_screening", "DELETE", None, "the ledger forgets nothing"),
        ("justification_kept", "ledger_justification", "DELETE", None, "the ledger forgets nothing"),
    ]


def sqlite(schema: Any) -> None:
    late = f"abs(julianday({{c}}) - julianday('now')) > {first.MINUTES}.0 / 1440"
    for name, table, event, condition, message in rules("OLD.{c} IS NOT NEW.{c}", late):
        when = f"WHEN {condition}" if condition else ""
        schema.execute(f"CREATE TRIGGER guard_{name} BEFORE {event} ON {table} {when} BEGIN SELECT RAISE(ABORT, 'ledger: {message}'); END")


def postgresql(schema: Any) -> None:
    late = f"abs(extract(epoch from {{c}} - clock_timestamp())) > {first.MINUTES} * 60"
    for name, table, event, condition, message in rules("OLD.{c} IS DISTINCT FROM NEW.{c}", late):
        # a trigger's WHEN can't hold a subquery, so the condition stands in the function
        schema.execute(
            f"CREATE FUNCTION guard_{name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
            f"IF {condition or 'true'} THEN RAISE EXCEPTION 'ledger: {message}' USING ERRCODE = 'check_violation'; END IF; "
            f"RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $guard$", params=None)
        schema.execute(f"CREATE TRIGGER guard_{name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION guard_{name}()")
    for table in KEPT:  # TRUNCATE asks no trigger of a row
        schema.execute(f"CREATE TRIGGER guard_{table}_whole BEFORE TRUNCATE ON ledger_{table} EXECUTE FUNCTION guard_{table}_kept()")


def install(apps: Any, schema: Any) -> None:  # noqa: ARG001 - Django hands both over
    {"sqlite": sqlite, "postgresql": postgresql}[schema.connection.vendor](schema)


def drop(apps: Any, schema: Any) -> None:  # noqa: ARG001
    vendor = schema.connection.vendor
    if vendor == "postgresql":
        for table in KEPT:
            schema.execute(f"DROP TRIGGER guard_{table}_whole ON ledger_{table}")
    for name, table, *_ in rules("OLD.{c} IS NOT NEW.{c}", "{c}"):
        if vendor == "sqlite":
            schema.execute(f"DROP TRIGGER guard_{name}")
        else:
            schema.execute(f"DROP TRIGGER guard_{name} ON {table}")
            schema.execute(f"DROP FUNCTION guard_{name}()")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_fill")]
    operations = [
        migrations.AddConstraint("item", models.UniqueConstraint(fields=("office", "slug"), name="one_item_an_address")),
        migrations.RunPython(install, drop),
    ]
