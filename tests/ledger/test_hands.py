"""A site drawn from the ledger by several processes: each opens the ledger itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.website import Website
from content.catalogue import ALL
from ledger.catalogue import LedgerCatalogue
from tests.builders import OFFICE_CODE, an_office
from tests.ledger.archive import archive
from tests.ledger.stage import opened

pytestmark = pytest.mark.ledger


def test_two_processes_draw_from_the_ledger_what_one_does(database: Path, tmp_path: Path) -> None:
    opened()
    archive(450)
    catalogue, sites = LedgerCatalogue(OFFICE_CODE), {}
    for hands in (0, 1):
        root = tmp_path / f"with{hands}"
        Website("website", office=an_office(), root=root, feeds=False, hands=hands).draw(catalogue)
        sites[hands] = {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert sites[0] == sites[1]
    assert len(sites[1]) > 2 * catalogue.size(ALL)
