"""Triggers: what must hold even against a mistaken program or a hand at the database's own prompt.

- events, attempts, reviews, sign-offs and postings are never deleted; events never change;
- what is set once (identity, release, seal) stays;
- an edition's words are frozen once it leaves its drafter;
- nobody back-dates: a release of an office that is no sandbox carries the database's own time, within ten minutes
  (伪造发稿日期 is a single-veto fault of 国办秘函〔2019〕19号).
"""

from __future__ import annotations

from django.db import migrations

WORDS = ("title", "short_title", "summary", "issuing_body", "column", "category", "made_on", "document_number", "keywords", "source",
         "change_note", "link", "images", "attachments", "body", "number", "item_id")
MINUTES = 10  # between the clock of the process that releases and the database's


def changed(columns, differ):
    return "(" + " OR ".join(differ.format(c=f'"{c}"') for c in columns) + ")"


def rules(differ, late):
    """(trigger, table, event, condition, message) in the words of one database."""
    once = "(OLD.{c} IS NOT NULL AND " + differ + ")"
    real = "(SELECT NOT sandbox FROM ledger_office WHERE id = {office})"
    of_item = "(SELECT office_id FROM ledger_item WHERE id = NEW.item_id)"
    out = [
        ("event_frozen", "ledger_event", "UPDATE", None, "an event is never changed"),
        ("office_sandbox", "ledger_office", "UPDATE", changed(["sandbox", "code"], differ), "an office stays a sandbox, or stays none"),
        ("edition_words", "ledger_edition", "UPDATE",
         f"OLD.state <> 'draft' AND {changed(WORDS, differ)}", "the words of an edition are frozen once it leaves its drafter"),
        ("edition_people", "ledger_edition", "UPDATE",
         f"OLD.state IN ('signed', 'released', 'corrected', 'withdrawn') AND NEW.state <> 'draft' AND "
         f"{changed(['drafter', 'reviewer', 'signer', 'seal'], differ)}", "who signed what is not changed afterwards"),
        ("edition_release_once", "ledger_edition", "UPDATE", changed(["released_at", "released_on"], once), "a release is not re-dated"),
        ("item_once", "ledger_item", "UPDATE",
         changed(["index_number", "office_id"], differ) + " OR " + changed(
             ["urn", "released_at", "released_on", "listed_at", "withdrawn_at", "withdrawn_on", "import_key"], once),
         "what an item was given once stays"),
        ("sheet_once", "ledger_sheet", "UPDATE", changed(["put_up_at", "taken_down_at", "number", "printed_at"], once),
         "a record of putting up or taking down stays"),
    ]
    out += [(f"{table}_kept", f"ledger_{table}", "DELETE", None, "the ledger forgets nothing")
            for table in ("event", "attempt", "review", "signoff", "posting", "sheet", "delivery", "edition", "item", "place")]
    for table, column, office in (
        ("item", "released_at", "NEW.office_id"), ("item", "listed_at", "NEW.office_id"), ("item", "withdrawn_at", "NEW.office_id"),
        ("edition", "released_at", of_item), ("sheet", "put_up_at", "NEW.office_id"), ("posting", "disclosed_at", "NEW.office_id"),
    ):
        is_late = late.format(c=f"NEW.{column}") + " AND " + real.format(office=office)
        fresh = differ.format(c=column)
        message = "only a sandbox office may be released at another time than now"
        out.append((f"{table}_{column}_now_u", f"ledger_{table}", "UPDATE", f"NEW.{column} IS NOT NULL AND {fresh} AND {is_late}", message))
        out.append((f"{table}_{column}_now_i", f"ledger_{table}", "INSERT", f"NEW.{column} IS NOT NULL AND {is_late}", message))
    return out


def sqlite(schema):
    late = f"abs(julianday({{c}}) - julianday('now')) > {MINUTES}.0 / 1440"
    for name, table, event, condition, message in rules("OLD.{c} IS NOT NEW.{c}", late):
        when = f"WHEN {condition}" if condition else ""
        schema.execute(f"CREATE TRIGGER guard_{name} BEFORE {event} ON {table} {when} BEGIN SELECT RAISE(ABORT, 'ledger: {message}'); END")


def postgresql(schema):
    late = f"abs(extract(epoch from {{c}} - clock_timestamp())) > {MINUTES} * 60"
    for name, table, event, condition, message in rules("OLD.{c} IS DISTINCT FROM NEW.{c}", late):
        # a trigger's WHEN can't hold a subquery, so the condition stands in the function
        schema.execute(
            f"CREATE FUNCTION guard_{name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
            f"IF {condition or 'true'} THEN RAISE EXCEPTION 'ledger: {message}' USING ERRCODE = 'check_violation'; END IF; "
            f"RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $guard$", params=None)
        schema.execute(f"CREATE TRIGGER guard_{name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION guard_{name}()")


def install(apps, schema):
    {"sqlite": sqlite, "postgresql": postgresql}[schema.connection.vendor](schema)


def drop(apps, schema):
    vendor = schema.connection.vendor
    for name, table, *_ in rules("OLD.{c} IS NOT NEW.{c}", "{c}"):
        if vendor == "sqlite":
            schema.execute(f"DROP TRIGGER guard_{name}")
        else:
            schema.execute(f"DROP TRIGGER guard_{name} ON {table}")
            schema.execute(f"DROP FUNCTION guard_{name}()")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_book")]
    operations = [migrations.RunPython(install, drop)]
