"""With a report that was handed in: why it stands where a check did not hold.

As in 0010, SQLite makes the table anew and its triggers go with the old one: they are set again.
"""

from importlib import import_module

from django.db import migrations, models

guard_again = import_module("ledger.migrations.0010_papers").guard_again


class Migration(migrations.Migration):
    dependencies = [("ledger", "0010_papers")]
    operations = [
        migrations.AddField("frozen", "answers", models.JSONField(default=dict)),
        migrations.RunPython(guard_again, guard_again),
    ]
