"""更多著录项: what a catalogue says of an edition besides what has a column of its own (`content.metadata`).

An edition that was written before says none of it. The column is added in place on both databases: SQLite would make the table anew, with
the whole text of every edition, and its triggers would go with the old one. A trigger of its own freezes it as 0002 freezes the other words.
"""

from importlib import import_module
from typing import Any

from django.db import migrations, models

guards = import_module("ledger.migrations.0002_guards")
FROZEN = "the words of an edition are frozen once it leaves its drafter"
NAME = "guard_edition_metadata"


def add(apps: Any, schema: Any) -> None:  # noqa: ARG001 - Django hands both over
    if schema.connection.vendor == "sqlite":
        schema.execute("""ALTER TABLE ledger_edition ADD COLUMN metadata text DEFAULT '{}' NOT NULL CHECK (JSON_VALID("metadata"))""")
    else:
        schema.execute("ALTER TABLE ledger_edition ADD COLUMN metadata jsonb DEFAULT '{}' NOT NULL")
        schema.execute("ALTER TABLE ledger_edition ALTER COLUMN metadata DROP DEFAULT")


def take_out(apps: Any, schema: Any) -> None:  # noqa: ARG001
    schema.execute("ALTER TABLE ledger_edition DROP COLUMN metadata")


def guard(apps: Any, schema: Any) -> None:  # noqa: ARG001
    if schema.connection.vendor == "sqlite":
        changed = guards.changed(["metadata"], "OLD.{c} IS NOT NEW.{c}")
        schema.execute(f"CREATE TRIGGER {NAME} BEFORE UPDATE ON ledger_edition WHEN OLD.state <> 'draft' AND {changed} "
                       f"BEGIN SELECT RAISE(ABORT, 'ledger: {FROZEN}'); END")
        return
    changed = guards.changed(["metadata"], "OLD.{c} IS DISTINCT FROM NEW.{c}")
    schema.execute(f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
                   f"IF OLD.state <> 'draft' AND {changed} THEN "
                   f"RAISE EXCEPTION 'ledger: {FROZEN}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $guard$", params=None)
    schema.execute(f"CREATE TRIGGER {NAME} BEFORE UPDATE ON ledger_edition FOR EACH ROW EXECUTE FUNCTION {NAME}()")


def unguard(apps: Any, schema: Any) -> None:  # noqa: ARG001
    if schema.connection.vendor == "sqlite":
        schema.execute(f"DROP TRIGGER {NAME}")
    else:
        schema.execute(f"DROP TRIGGER {NAME} ON ledger_edition")
        schema.execute(f"DROP FUNCTION {NAME}()")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0012_hanging")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddField("edition", "metadata", models.JSONField(default=dict))],
            database_operations=[migrations.RunPython(add, take_out)]),
        migrations.RunPython(guard, unguard),
    ]
