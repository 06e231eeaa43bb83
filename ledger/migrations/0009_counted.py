"""How each item is counted, kept beside it; of what is in the book already, too.

Only a new table: none is made anew, so the triggers of 0005 and 0008 stay.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def fill(apps: Any, schema: Any) -> None:  # noqa: ARG001 - Django hands both over
    """Every released item. Made by the program of the day: the table is no record, and `ledger.upkeep.count_anew` makes it anew at any time."""
    from ledger.upkeep import count_anew  # noqa: PLC0415 - at a time when the tables are there

    count_anew()


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_reports")]
    operations = [
        migrations.CreateModel("Counted", [
            ("item", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="counted", serialize=False,
                                          to="ledger.item")),
            ("year", models.PositiveSmallIntegerField()),
            ("month", models.PositiveSmallIntegerField()),
            ("released_on", models.DateField()),
            ("kinds", models.TextField(blank=True)),
            ("category", models.CharField(blank=True, max_length=100)),
            ("column", models.CharField(max_length=40)),
            ("full_text", models.BooleanField()),
            ("since", models.DateTimeField()),
            ("office", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.office")),
        ]),
        migrations.AddIndex("counted", models.Index(
            fields=["office", "year", "month", "kinds", "category", "column", "full_text", "released_on", "since"], name="counted_year")),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
