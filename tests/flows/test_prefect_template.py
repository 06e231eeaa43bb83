"""A home's Prefect database starts as a copy of one that is migrated already."""

from __future__ import annotations

import sqlite3

from flows import prefect_template


def test_a_new_home_starts_from_the_template_and_an_old_one_keeps_its_own(tmp_path, monkeypatch):
    """What Prefect wrote is never overwritten."""
    template = tmp_path / "template.db"
    with sqlite3.connect(template) as database:
        database.execute("CREATE TABLE flow (id)")
    database.close()
    monkeypatch.setattr(prefect_template, "template", lambda: template)
    assert prefect_template.furnish(tmp_path)
    (tmp_path / "prefect" / "prefect.db").write_bytes(b"its own by now")
    assert not prefect_template.furnish(tmp_path)
    assert (tmp_path / "prefect" / "prefect.db").read_bytes() == b"its own by now"


def test_without_a_template_prefect_makes_its_own(tmp_path, monkeypatch):
    """An installation that never ran `make setup` is slower at its first start, and right."""
    monkeypatch.setattr(prefect_template, "template", lambda: tmp_path / "nowhere.db")
    assert not prefect_template.furnish(tmp_path)
    assert not (tmp_path / "prefect").exists()
