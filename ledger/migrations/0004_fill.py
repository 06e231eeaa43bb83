"""What was in the book before the desk was built, brought up to it: addresses, newest editions, what is over, the index of words."""

from typing import Any

from django.db import migrations
from django.db.models import F, OuterRef, Q, Subquery

from content.index_numbers import slug

CHUNK = 500


def fill(apps: Any, schema: Any) -> None:  # noqa: ARG001 - Django hands both over
    model = apps.get_model
    item, edition, delivery = model("ledger", "Item"), model("ledger", "Edition"), model("ledger", "Delivery")
    batch: list[Any] = []
    for row in item.objects.only("pk", "index_number").order_by("pk").iterator(chunk_size=CHUNK):
        row.slug = slug(row.index_number)
        batch.append(row)
        if len(batch) == CHUNK:
            item.objects.bulk_update(batch, ["slug"], batch_size=200)
            batch = []
    item.objects.bulk_update(batch, ["slug"], batch_size=200)
    newest = edition.objects.filter(item=OuterRef("pk")).order_by("-number").values("pk")[:1]
    item.objects.update(newest=Subquery(newest))
    # when exactly they ended was not kept; that they did is what counts
    over = Q(status="posted") | Q(status="refused", detail__startswith="overtaken") | Q(status="refused", detail__startswith="withdrawn before")
    delivery.objects.filter(over).update(closed_at=F("due_at"))


def index(apps: Any, schema: Any) -> None:  # noqa: ARG001
    """Every item's words. Made by the program of the day: the index is no record, and `ledger.upkeep.index_words` makes it anew at any time."""
    from ledger.upkeep import index_words  # noqa: PLC0415 - at a time when the tables are there

    index_words()


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_desk")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop), migrations.RunPython(index, migrations.RunPython.noop)]
