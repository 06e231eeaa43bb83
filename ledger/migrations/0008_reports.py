"""What an office says for its reports, the reports it handed in, and the indexes by which their figures are counted.

Only new tables and indexes: no table is made anew, so the triggers of 0005 stay.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

TABLES = {"fact": "a recorded fact is never changed; record the right one", "text": "a text that was kept is never changed; keep the new one",
          "frozen": "a report that was handed in is never changed; restate it"}
KEPT = "the ledger forgets nothing"


def guard(apps: Any, schema: Any) -> None:  # noqa: ARG001 - Django hands both over
    """What was said stays as it was said."""
    for table, frozen in TABLES.items():
        for name, event, message in (("frozen", "UPDATE", frozen), ("kept", "DELETE", KEPT)):
            if schema.connection.vendor == "sqlite":
                schema.execute(f"CREATE TRIGGER guard_{table}_{name} BEFORE {event} ON ledger_{table} "
                               f"BEGIN SELECT RAISE(ABORT, 'ledger: {message}'); END")
                continue
            schema.execute(f"CREATE FUNCTION guard_{table}_{name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
                           f"RAISE EXCEPTION 'ledger: {message}' USING ERRCODE = 'check_violation'; END $guard$", params=None)
            schema.execute(f"CREATE TRIGGER guard_{table}_{name} BEFORE {event} ON ledger_{table} "
                           f"FOR EACH ROW EXECUTE FUNCTION guard_{table}_{name}()")
        if schema.connection.vendor == "postgresql":
            schema.execute(f"CREATE TRIGGER guard_{table}_whole BEFORE TRUNCATE ON ledger_{table} EXECUTE FUNCTION guard_{table}_kept()")


def unguard(apps: Any, schema: Any) -> None:  # noqa: ARG001
    for table in TABLES:
        if schema.connection.vendor == "postgresql":
            schema.execute(f"DROP TRIGGER guard_{table}_whole ON ledger_{table}")
        for name in ("frozen", "kept"):
            on = f" ON ledger_{table}" if schema.connection.vendor == "postgresql" else ""
            schema.execute(f"DROP TRIGGER guard_{table}_{name}{on}")
            if on:
                schema.execute(f"DROP FUNCTION guard_{table}_{name}()")


def said(*fields: tuple[str, Any]) -> list[tuple[str, Any]]:
    """What each of the three has, and what one has besides."""
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("year", models.PositiveSmallIntegerField()),
        ("form", models.CharField(max_length=40)),
        ("first_day", models.DateField()),
        ("last_day", models.DateField()),
        ("by", models.CharField(max_length=80)),
        ("at", models.DateTimeField()),
        *fields,
        ("office", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.office")),
    ]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_sightings")]
    operations = [
        migrations.CreateModel("Fact", said(
            ("cell", models.CharField(max_length=120)), ("value", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
            ("note", models.TextField(blank=True)))),
        migrations.CreateModel("Text", said(("part", models.CharField(max_length=120)), ("text", models.TextField()))),
        migrations.CreateModel("Frozen", said(
            ("as_of", models.DateTimeField()), ("filing", models.JSONField()), ("rows", models.JSONField(default=dict)),
            ("restates", models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="restated_by",
                                              to="ledger.frozen")),
            ("reason", models.TextField(blank=True)))),
        migrations.AddIndex("fact", models.Index(fields=["office", "year", "form", "cell"], name="fact_cell")),
        migrations.AddIndex("text", models.Index(fields=["office", "year", "form", "part"], name="text_part")),
        migrations.AddIndex("frozen", models.Index(fields=["office", "year", "form"], name="frozen_form")),
        migrations.AddConstraint("frozen", models.UniqueConstraint(
            condition=models.Q(restates=None), fields=("office", "year", "form", "first_day", "last_day"), name="one_report_a_form")),
        migrations.AddConstraint("frozen", models.CheckConstraint(
            condition=models.Q(restates=None) | ~models.Q(reason=""), name="restated_with_a_reason")),
        migrations.RunPython(guard, unguard),
        migrations.AddIndex("edition", models.Index(fields=["item", "number", "released_at", "category", "column"], name="edition_counted")),
        migrations.AddIndex("edition", models.Index(
            condition=models.Q(number__gte=2), fields=["item", "number", "released_at"], name="edition_later")),
        migrations.AddIndex("edition", models.Index(condition=models.Q(body=""), fields=["id"], name="edition_bare")),
        migrations.AddIndex("posting", models.Index(fields=["item", "channel", "kind", "disclosed_at"], name="posting_counted")),
    ]
