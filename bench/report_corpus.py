"""The ledger of the report bench: items on website, feed, WeChat and board, put in by the database itself, in words both databases understand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from bench.corpus import items as texts
from ledger import services, upkeep
from ledger.models import Edition, Item
from tests.builders import an_office
from tests.ledger.stage import CHANNELS

#: of a thousand items, so many deliveries: every item on website and feed, every third in the account, every fifth on the board
EVERY = {"website": 1, "feed": 1, "wechat": 3, "board": 5}
BODIES = 500  #: different texts

ITEM = """INSERT INTO ledger_item (id, office_id, index_number, slug, released_at, released_on, listed_at, withdrawal_reason)
SELECT n.n, {office}, '006123456/2025-' || n.n, '006123456-2025-' || n.n, d.released_at, d.released_on, d.released_at, ''
FROM bench_n n JOIN bench_day d ON d.k = n.n * {days} / {items}"""
EDITION = """INSERT INTO ledger_edition (id, item_id, number, state, title, short_title, summary, issuing_body, "column", category, made_on,
document_number, keywords, source, change_note, link, images, attachments, body, drafter, reviewer, signer, seal, drafted_at, returned_by,
return_reason, urgent_reason, urgent, later_reviewer, later_verdict, released_at, released_on, metadata)
SELECT i.id, i.id, 1, 'released', '关于做好第' || i.id || '号社区环境整治有关工作的通知', '', '', '清水街道办事处',
CASE i.id % 3 WHEN 0 THEN 'tongzhi' WHEN 1 THEN 'dongtai' ELSE 'jigou' END, CASE i.id % 4 WHEN 0 THEN '' WHEN 1 THEN '机构职能类' ELSE '工作信息' END,
i.released_on, '', '[]', '', '', '', '[]', '[]', b.body, '陈文书', '林审查', '周主任', '0', i.released_at, '', '', '', false, '', '', i.released_at,
i.released_on, '{{}}' FROM ledger_item i JOIN bench_body b ON b.k = i.id % {bodies}"""
DELIVERY = """INSERT INTO ledger_delivery (key, office_id, item_id, edition_id, channel, kind, surface, action, status, sealed, queued_at, due_at,
tries, detail, closed_at) SELECT i.index_number || '#1:publish@{channel}', {office}, i.id, i.id, '{channel}', '{channel}', {surface}, 'publish',
'posted', '', i.released_at, i.released_at, 1, '', i.released_at FROM ledger_item i WHERE i.id % {every} = 0"""
POSTING = """INSERT INTO ledger_posting (office_id, item_id, delivery_id, channel, kind, ref, url, disclosed_at)
SELECT {office}, d.item_id, d.id, d.channel, d.kind, 'x', '', d.queued_at FROM ledger_delivery d"""


def fill(code: str, *, deliveries: int, first: date, last: date) -> None:
    """A ledger with about so many deliveries, spread over these days. One in fifty editions is a bare title with a file."""
    call_command("migrate", verbosity=0)
    office = an_office(code=code)
    services.open_office(office=office, channels=CHANNELS, at=datetime.combine(first, time(8), office.tz))
    items = round(deliveries / sum(1 / every for every in EVERY.values()))
    days = (last - first).days + 1
    with transaction.atomic(), connection.cursor() as cursor:
        _helpers(items, [first + timedelta(days=n) for n in range(days)], office.tz)
        facts = {"office": 1, "items": items + 1, "days": days, "bodies": BODIES}
        cursor.execute(ITEM.format(**facts))
        cursor.execute(EDITION.format(**facts))
        cursor.execute("UPDATE ledger_item SET shown_id = id, newest_id = id")
        for channel in CHANNELS:
            cursor.execute(DELIVERY.format(**facts, channel=channel.name, surface=str(channel.surface).lower(), every=EVERY[channel.name]))
        cursor.execute(POSTING.format(**facts))
        for statement in connection.ops.sequence_reset_sql(no_style(), [Item, Edition]):
            cursor.execute(statement)
        for table in ("bench_n", "bench_day", "bench_body"):
            cursor.execute(f"DROP TABLE {table}")
    upkeep.count_anew()
    with connection.cursor() as cursor:  # what a night leaves: the planner knows its tables
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _helpers(items: int, days: Sequence[date], zone: ZoneInfo) -> None:
    with connection.cursor() as cursor:
        when = "text" if connection.vendor == "sqlite" else "timestamptz"
        cursor.execute("CREATE TABLE bench_n (n bigint)")
        cursor.execute(f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {items}) INSERT INTO bench_n SELECT n FROM s")  # noqa: S608
        cursor.execute(f"CREATE TABLE bench_day (k bigint PRIMARY KEY, released_on date, released_at {when})")
        cursor.executemany("INSERT INTO bench_day VALUES (%s, %s, %s)", [
            (k, day, connection.ops.adapt_datetimefield_value(datetime.combine(day, time(9), zone))) for k, day in enumerate(days)])
        cursor.execute("CREATE TABLE bench_body (k bigint PRIMARY KEY, body text)")
        cursor.executemany("INSERT INTO bench_body VALUES (%s, %s)", [
            (one.n, "" if one.n % 50 == 0 else one.html()) for one in texts(BODIES)])
