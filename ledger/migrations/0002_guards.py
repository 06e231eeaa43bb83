"""Triggers: what must hold even against a mistaken program or a hand at the database's own prompt.

- events, attempts, reviews, sign-offs and postings are never deleted; events, reviews and sign-offs never change;
- an event follows the last one of its office;
- what is set once (identity, release, disclosure, seal) stays;
- an edition's words are frozen once it leaves its drafter, and what was public never becomes a draft again;
- a place never moves and is never given twice;
- nobody back-dates: a release of an office that is no sandbox carries the database's own time, within ten minutes
  (伪造发稿日期 is a single-veto fault of 国办秘函〔2019〕19号).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import migrations

WORDS = ("title", "short_title", "summary", "issuing_body", "column", "category", "made_on", "document_number", "keywords", "source",
         "change_note", "link", "images", "attachments", "body", "number", "item_id")
KEPT = ("event", "attempt", "review", "signoff", "posting", "sheet", "delivery", "edition", "item", "place", "listing", "office")
GENESIS = "0" * 64
MINUTES = 10  # between the clock of the process that releases and the database's

Rule = tuple[str, str, str, str | None, str]  # trigger, table, event, condition, message


def changed(columns: Iterable[str], differ: str) -> str:
    return "(" + " OR ".join(differ.format(c=f'"{c}"') for c in columns) + ")"


def frozen(differ: str) -> list[Rule]:
    """What never changes again."""
    once = "(OLD.{c} IS NOT NULL AND " + differ + ")"
    last = "FROM ledger_event WHERE office_id = NEW.office_id ORDER BY seq DESC LIMIT 1"
    return [
        ("event_frozen", "ledger_event", "UPDATE", None, "an event is never changed"),
        # also against SQLite's INSERT OR REPLACE, which deletes without asking the triggers of deletion
        ("event_follows", "ledger_event", "INSERT",
         (f"NEW.seq <> COALESCE((SELECT seq {last}), 0) + 1 OR NEW.previous <> COALESCE((SELECT hash {last}), '{GENESIS}') "  # noqa: S608
          "OR EXISTS (SELECT 1 FROM ledger_event WHERE id = NEW.id)"), "an event follows the last one of its office"),
        ("review_frozen", "ledger_review", "UPDATE", None, "a review is never changed"),
        ("signoff_frozen", "ledger_signoff", "UPDATE", None, "a sign-off is never changed"),
        ("office_sandbox", "ledger_office", "UPDATE", changed(["sandbox", "code"], differ), "an office stays a sandbox, or stays none"),
        ("edition_words", "ledger_edition", "UPDATE",
         f"OLD.state <> 'draft' AND {changed(WORDS, differ)}", "the words of an edition are frozen once it leaves its drafter"),
        ("edition_people", "ledger_edition", "UPDATE",
         ("OLD.state IN ('signed', 'released', 'corrected', 'withdrawn') AND NEW.state <> 'draft' AND "
          f"{changed(['drafter', 'reviewer', 'signer', 'seal'], differ)}"), "who signed what is not changed afterwards"),
        ("edition_stays_public", "ledger_edition", "UPDATE",
         "OLD.state IN ('released', 'corrected', 'withdrawn') AND NEW.state NOT IN ('released', 'corrected', 'withdrawn')",
         "what was public is corrected or withdrawn, and never a draft again"),
        ("edition_release_once", "ledger_edition", "UPDATE", changed(["released_at", "released_on"], once), "a release is not re-dated"),
        ("item_once", "ledger_item", "UPDATE",
         changed(["index_number", "office_id"], differ) + " OR " + changed(
             ["urn", "released_at", "released_on", "listed_at", "withdrawn_at", "withdrawn_on", "import_key"], once),
         "what an item was given once stays"),
        ("route_once", "ledger_route", "UPDATE", changed(["released_at"], once), "a route is released once"),
        ("route_kept", "ledger_route", "DELETE", "OLD.released_at IS NOT NULL", "a released route is kept"),
        ("delivery_identity", "ledger_delivery", "UPDATE",
         changed(["key", "office_id", "item_id", "edition_id", "channel", "kind", "surface", "action", "sealed", "queued_at"], differ),
         "a delivery stays what it is"),
        ("attempt_once", "ledger_attempt", "UPDATE",
         changed(["delivery_id", "number", "holder", "started_at"], differ) + " OR " + changed(["finished_at"], once),
         "an attempt ends once"),
        ("posting_once", "ledger_posting", "UPDATE",
         changed(["office_id", "item_id", "channel", "kind"], differ) + " OR " + changed(["disclosed_at"], once), "a disclosure is not re-dated"),
        ("sheet_once", "ledger_sheet", "UPDATE", changed(["put_up_at", "taken_down_at", "number", "printed_at"], once),
         "a record of putting up or taking down stays"),
        ("place_fixed", "ledger_place", "UPDATE", changed(["office_id", "list", "place", "item_id"], differ) + " OR (NEW.live AND NOT OLD.live)",
         "a place never moves"),
        ("listing_grows", "ledger_listing", "UPDATE", "NEW.size < OLD.size", "a place is never given twice"),
        ("blob_frozen", "ledger_blob", "UPDATE", None, "bytes are named by their hash and never change"),
    ]


def dated(differ: str, late: str) -> list[Rule]:
    """What carries the database's own time."""
    of_item = "(SELECT office_id FROM ledger_item WHERE id = NEW.item_id)"
    message = "only a sandbox office may be released at another time than now"
    out: list[Rule] = []
    for table, column, office in (
        ("item", "released_at", "NEW.office_id"), ("item", "listed_at", "NEW.office_id"), ("item", "withdrawn_at", "NEW.office_id"),
        ("edition", "released_at", of_item), ("sheet", "put_up_at", "NEW.office_id"), ("posting", "disclosed_at", "NEW.office_id"),
    ):
        is_late = late.format(c=f"NEW.{column}") + f" AND (SELECT NOT sandbox FROM ledger_office WHERE id = {office})"  # noqa: S608
        fresh = differ.format(c=column)
        out += [(f"{table}_{column}_now_u", f"ledger_{table}", "UPDATE", f"NEW.{column} IS NOT NULL AND {fresh} AND {is_late}", message),
                (f"{table}_{column}_now_i", f"ledger_{table}", "INSERT", f"NEW.{column} IS NOT NULL AND {is_late}", message)]
    return out


def rules(differ: str, late: str) -> list[Rule]:
    kept: list[Rule] = [(f"{table}_kept", f"ledger_{table}", "DELETE", None, "the ledger forgets nothing") for table in KEPT]
    return frozen(differ) + kept + dated(differ, late)


def sqlite(schema: Any) -> None:
    late = f"abs(julianday({{c}}) - julianday('now')) > {MINUTES}.0 / 1440"
    for name, table, event, condition, message in rules("OLD.{c} IS NOT NEW.{c}", late):
        when = f"WHEN {condition}" if condition else ""
        schema.execute(f"CREATE TRIGGER guard_{name} BEFORE {event} ON {table} {when} BEGIN SELECT RAISE(ABORT, 'ledger: {message}'); END")


def postgresql(schema: Any) -> None:
    late = f"abs(extract(epoch from {{c}} - clock_timestamp())) > {MINUTES} * 60"
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
    dependencies = [("ledger", "0001_book")]
    operations = [migrations.RunPython(install, drop)]
