"""Finalising a report at the desk: its papers, freezing and restating it, and its way to the public as an item."""

from __future__ import annotations

import pytest

from desk.roles import Role
from ledger import queries
from tests.desk.annual import FINAL, FORM, a_year, address, freeze, year
from tests.desk.drafting import told
from tests.flows.stage import CODE

pytestmark = pytest.mark.ledger


def kept():
    return queries.frozen_report(office=CODE, form=FORM, year=year())


def test_a_report_is_frozen_by_its_reporter_as_it_was_seen(desk):
    a_year(desk)
    reporter = desk.browser(Role.REPORTER)
    page = told(reporter.get(address(*FINAL)))
    print(page)
    said = told(freeze(reporter))
    print(said)
    assert kept()
