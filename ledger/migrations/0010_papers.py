"""With a report that was handed in: whose items it counts, the day printed under it, the seals of its papers.

SQLite makes the table anew for a column that is never empty, and its triggers go with the old one: they are set again.
"""

from importlib import import_module
from typing import Any

from django.db import migrations, models

reports = import_module("ledger.migrations.0008_reports")


def guard_again(apps: Any, schema: Any) -> None:  # noqa: ARG001 - Django hands both over
    """Nobody changes a report that was handed in."""
    if schema.connection.vendor == "sqlite":
        for name, event, message in (("frozen", "UPDATE", reports.TABLES["frozen"]), ("kept", "DELETE", reports.KEPT)):
            schema.execute(f"CREATE TRIGGER IF NOT EXISTS guard_frozen_{name} BEFORE {event} ON ledger_frozen "
                           f"BEGIN SELECT RAISE(ABORT, 'ledger: {message}'); END")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0009_counted")]
    operations = [
        migrations.AddField("frozen", "offices", models.JSONField(default=list)),
        migrations.AddField("frozen", "signed_on", models.DateField(null=True)),
        migrations.AddField("frozen", "seals", models.JSONField(default=dict)),
        migrations.RunPython(guard_again, guard_again),
    ]
