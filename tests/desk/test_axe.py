"""Every page of the desk as axe-core judges it, on a laptop and on a telephone: nothing serious, nothing that scrolls sideways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from tests.desk.everything import Everything, build
from tests.desk.pages import NO_PAGES, Page, cookie, pages
from tests.desk.stage import point_desk_at
from tests.flows.stage import SECRET
from tests.rigs.browser import Served, serving
from tests.rigs.ledger import own_ledger

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

pytestmark = [pytest.mark.browser, pytest.mark.server]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN = "() => axe.run(document, {resultTypes: ['violations'], iframes: false})"
WIDTHS = {"laptop": (1280, 900), "telephone": (390, 844)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """The desk of a full day, open in Chromium."""

    world: Everything
    served: Served
    browser: Browser


@pytest.fixture(scope="module")
def desk(chromium, sqlite_template, tmp_path_factory) -> Iterator[Open]:
    """A full day on SQLite, its server and a browser; nothing here writes."""
    home = tmp_path_factory.mktemp("axe")
    with pytest.MonkeyPatch.context() as patch, own_ledger(sqlite_template, home, patch):
        patch.setenv("GONGKAI_TEST_SECRET", SECRET)
        point_desk_at(home, patch)
        world = build(home)
        with serving(home) as served:
            yield Open(world=world, served=served, browser=chromium)


def visits(desk: Open) -> Iterator[tuple[Page, Tab, int]]:
    """Every page in turn, opened by whom it serves, and what the desk answered."""
    tabs: dict[Any, Tab] = {}
    for page in pages(desk.world):
        who = (page.role, page.verified)
        if who not in tabs:
            tabs[who] = arrives(desk, page)
        answer = tabs[who].goto(desk.served.url + page.path)
        assert answer is not None
        yield page, tabs[who], answer.status
    for tab in tabs.values():
        tab.context.close()


def arrives(desk: Open, page: Page) -> Tab:
    """A window of somebody whom a page serves, signed in."""
    context = desk.browser.new_context(bypass_csp=True, locale="zh-CN")  # axe is a script from outside
    if page.role is not None:
        context.add_cookies([{"name": "gongkai", "value": cookie(desk.world, page.role, verified=page.verified), "url": desk.served.url}])
    return context.new_page()


def judged(tab: Tab) -> Iterator[str]:
    """What is wrong with the page that is open, at each width."""
    tab.evaluate(AXE)
    for name, (width, height) in WIDTHS.items():
        tab.set_viewport_size({"width": width, "height": height})
        if tab.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{name}: wider than {width} px: {tab.evaluate(WIDEST)}"
        for fault in tab.evaluate(RUN)["violations"]:
            if fault["impact"] in ("serious", "critical"):
                where = "; ".join(f"{' '.join(map(str, node['target']))}: {node['html'][:160]}" for node in fault["nodes"][:3])
                yield f"{name}: {fault['impact']} {fault['id']}: {fault['help']}: {where}"


@pytest.mark.timeout(600)
def test_axe_finds_no_serious_fault_on_any_page(desk):
    """Labels, names, contrast, order: what keeps somebody out. Nothing is wider than the telephone either."""
    faults, seen = [], 0
    for page, tab, status in visits(desk):
        seen += 1
        told = [f"answered {status}"] if status >= 500 else list(judged(tab))
        faults += [f"{page.name} ({page.path}): {one}" for one in told]
    assert seen > len(NO_PAGES)
    assert faults == [], "\n" + "\n".join(faults)
    assert desk.served.faults() == ""


#: what sticks out to the right, for the message
WIDEST = """() => [...document.querySelectorAll('main *, header *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map(one => one.outerHTML.slice(0, 120)).join(' | ')"""
