"""复查: looks at what was posted, when the next is due, and when a delivery in doubt is looked for next.

Only new tables and columns that may be empty: no table is made anew, so the triggers of 0005 stay.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F

from content.sightings import AFTER

FROZEN = "a look at a posting is never changed"
KEPT = "the ledger forgets nothing"


def guard(apps: Any, schema: Any) -> None:  # noqa: ARG001 - Django hands both over
    """What was seen stays as it was written down."""
    for name, event, message in (("frozen", "UPDATE", FROZEN), ("kept", "DELETE", KEPT)):
        if schema.connection.vendor == "sqlite":
            schema.execute(f"CREATE TRIGGER guard_sighting_{name} BEFORE {event} ON ledger_sighting "
                           f"BEGIN SELECT RAISE(ABORT, 'ledger: {message}'); END")
            continue
        schema.execute(f"CREATE FUNCTION guard_sighting_{name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
                       f"RAISE EXCEPTION 'ledger: {message}' USING ERRCODE = 'check_violation'; END $guard$", params=None)
        schema.execute(f"CREATE TRIGGER guard_sighting_{name} BEFORE {event} ON ledger_sighting "
                       f"FOR EACH ROW EXECUTE FUNCTION guard_sighting_{name}()")
    if schema.connection.vendor == "postgresql":
        schema.execute("CREATE TRIGGER guard_sighting_whole BEFORE TRUNCATE ON ledger_sighting EXECUTE FUNCTION guard_sighting_kept()")


def unguard(apps: Any, schema: Any) -> None:  # noqa: ARG001
    if schema.connection.vendor == "postgresql":
        schema.execute("DROP TRIGGER guard_sighting_whole ON ledger_sighting")
    for name in ("frozen", "kept"):
        on = " ON ledger_sighting" if schema.connection.vendor == "postgresql" else ""
        schema.execute(f"DROP TRIGGER guard_sighting_{name}{on}")
        if on:
            schema.execute(f"DROP FUNCTION guard_sighting_{name}()")


def begin(apps: Any, schema: Any) -> None:  # noqa: ARG001
    """What is in doubt is looked for at once; what was posted in the last month that the book knows of is looked at."""
    delivery, posting, watch = (apps.get_model("ledger", name) for name in ("Delivery", "Posting", "Watch"))
    delivery.objects.filter(status="unconfirmed", surface=False).update(doubted_at=F("queued_at"), look_at=F("queued_at"))
    standing = posting.objects.filter(disclosed_at__isnull=False, removed_at=None, delivery__surface=False, delivery__sheet=None)
    # what a person told us of has an address or their name for a reference; a draft that was made ready may bear another name by now
    standing = standing.exclude(ref=F("url")).exclude(ref__startswith="seen by ")
    newest = standing.aggregate(newest=models.Max("disclosed_at"))["newest"]
    if newest is not None:
        watch.objects.bulk_create([
            watch(posting=one, office_id=one.office_id, channel=one.channel, since=one.disclosed_at, look_at=one.disclosed_at + AFTER[0])
            for one in standing.filter(disclosed_at__gt=newest - AFTER[-1])], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_accounts")]
    operations = [
        migrations.AddField("delivery", "doubted_at", models.DateTimeField(null=True)),
        migrations.AddField("delivery", "look_at", models.DateTimeField(null=True)),
        migrations.AlterField("delivery", "action", models.CharField(
            choices=[(word, word) for word in ("publish", "correct", "withdraw", "repost")], max_length=12)),
        migrations.CreateModel(
            name="Sighting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=80)),
                ("seen", models.CharField(choices=[(word, word) for word in ("stands", "gone", "banned", "taken_back")], max_length=12)),
                ("lost", models.BooleanField()),
                ("detail", models.TextField(blank=True)),
                ("posting", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="sightings",
                                              to="ledger.posting")),
            ],
            options={"indexes": [
                models.Index(fields=["posting", "id"], name="sighting_posting"),
                models.Index(condition=models.Q(("lost", True)), fields=["posting"], name="sighting_lost"),
            ]},
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(max_length=40)),
                ("since", models.DateTimeField()),
                ("look_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("missing_since", models.DateTimeField(null=True)),
                ("office", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="ledger.office")),
                ("posting", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="watch", to="ledger.posting")),
            ],
            options={"indexes": [
                models.Index(condition=models.Q(("look_at__isnull", False)), fields=["office", "channel", "look_at"], name="watch_due"),
                models.Index(condition=models.Q(("missing_since__isnull", False)), fields=["office", "missing_since"], name="watch_missing"),
            ]},
        ),
        migrations.RunPython(guard, unguard),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
