"""The command: what it says, and how it ends."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from channels.house import open_house
from content.figures import Counting, Figures
from flows import tick
from flows.cli import app
from flows.clock import still
from flows.commands.figures import print_table, rows
from flows.commands.site_findings import site_findings
from ledger import queries
from tests.flows.stage import CODE, SECRET, far_side, furnish, instant, record, sign, write_lines
from tests.flows.test_tick import whole_tick

pytestmark = pytest.mark.ledger


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """The account's secret is set; Prefect is left as it is."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", SECRET)


def run(home, *words: str):
    """`gongkai --home … words` in this process."""
    return CliRunner().invoke(app, ["--home", str(home), *words])


def test_init_writes_a_configuration_that_holds(sqlite):
    """The first run writes gongkai.toml, the second opens the office it describes."""
    first = run(sqlite, "init")
    assert first.exit_code == 0
    assert (sqlite / "gongkai.toml").exists()
    second = run(sqlite, "init")
    assert second.exit_code == 0
    assert "open: myoffice" in second.stdout


@pytest.mark.parametrize("key", ["desk_url", "urgent"])
def test_what_the_template_leaves_out_can_be_switched_on(sqlite, key):
    """An office that follows the template learns of it, and may take the # away as it stands."""
    run(sqlite, "init")
    path = sqlite / "gongkai.toml"
    text = path.read_text(encoding="utf-8")
    assert f"\n# {key} = " in text
    path.write_text(text.replace(f"\n# {key} = ", f"\n{key} = "), encoding="utf-8")
    assert "open: myoffice" in run(sqlite, "init").stdout


def test_names_every_fault_of_the_configuration_at_once(sqlite):
    """Exit code 2, one line a fault, each with its place in the file."""
    (sqlite / "gongkai.toml").write_text('[[office]]\ncode = "A b"\nnmae = "x"\n', encoding="utf-8")
    result = run(sqlite, "figures", "--year", "2024")
    assert result.exit_code == 2
    for words in ("office[0].name: is missing", "office[0].nmae: is not a key of this section", "office[0].index: is missing",
                  "office[0].channel: no [[office.channel]] is described"):
        assert words in result.stderr


def test_says_where_there_is_no_house(sqlite):
    """A wrong --home is a sentence, not a stack."""
    result = run(sqlite / "nowhere", "figures", "--year", "2024")
    assert result.exit_code == 2
    assert "gongkai init" in result.stderr


def test_import_exits_1_when_a_line_was_refused_and_0_when_none_was(sqlite):
    """A scheduler can tell."""
    furnish(sqlite)
    file = write_lines(sqlite / "a.jsonl", record(), record(title=""))
    result = run(sqlite, "import", str(file), "--at", "2024-06-03T09:00")
    assert result.exit_code == 1
    assert "a.jsonl:2: title: is missing" in result.stderr
    assert "1 taken in, 0 known already, 1 refused" in result.stdout
    again = run(sqlite, "import", str(write_lines(sqlite / "a.jsonl", record())), "--at", "2024-06-03T09:00")
    assert (again.exit_code, "0 taken in, 1 known already" in again.stdout) == (0, True)


def test_only_a_sandbox_office_lets_its_clock_be_set(sqlite):
    """--at on a real office ends with 2 before anything happens."""
    furnish(sqlite, sandbox=False)
    result = run(sqlite, "import", str(write_lines(sqlite / "a.jsonl", record())), "--at", "2024-06-03T09:00")
    assert result.exit_code == 2
    assert "is no sandbox" in result.stderr


def test_figures_in_json_have_the_promised_shape(sqlite):
    """office, year, counting, distinct_items, channels, categories, corrections, withdrawn, as_of."""
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        sign(hand, sqlite, record(column="dongtai"), record(title="未归类的一条", category=""))
        whole_tick(hand)
        result = run(sqlite, "figures", "--office", CODE, "--year", "2024", "--format", "json", "--at", "2024-12-31T12:00")
        found = json.loads(result.stdout)
        assert {key: found[key] for key in ("office", "year", "counting", "distinct_items", "channels", "categories", "corrections", "withdrawn", "as_of")} == {
            "office": CODE, "year": 2024, "counting": "distinct", "distinct_items": 2, "channels": {"website": 2, "board": 0, "wechat": 1},
            "categories": {"机构职能类": 0, "工作信息": 1, "未归类": 1}, "corrections": 0, "withdrawn": 0, "as_of": "2024-12-31T12:00:00+08:00"}


def test_what_was_signed_before_its_review_is_counted_for_readers_and_for_programs():
    """In the table where there was any; in the rows of the CSV always, since programs look for them."""
    for urgent in (0, 2):
        found = Figures(office=CODE, year=2024, distinct_items=0, on_site=0, channels={}, categories={}, urgent=urgent,
                        as_of=datetime(2024, 12, 31, tzinfo=UTC))
        said = io.StringIO()
        print_table(found, Console(file=said, width=80))
        assert ("急件 urgent" in said.getvalue()) is bool(urgent)
        assert ("changes", "urgent", urgent) in rows(found, Counting.DISTINCT)


def test_the_table_of_figures_names_columns_months_and_the_websites_full_text_at_80_columns():
    """An office whose only site is the column on the upper portal has a website."""
    found = Figures(office=CODE, year=2024, distinct_items=123_456, on_site=120_000, full_text=90_000, channels={"portal": 120_000, "board": 9_456},
                    categories={"未归类": 123_456}, columns={"tongzhi": 123_456}, months=dict.fromkeys(range(1, 12), 11_223),
                    as_of=datetime(2024, 12, 31, tzinfo=UTC))
    said = io.StringIO()
    print_table(found, Console(file=said, width=80), counting=Counting.WEBSITE, columns={"tongzhi": "通知公告"})
    lines = said.getvalue().splitlines()
    assert [line.split() for line in lines if "tongzhi" in line or "total  " in line or "75.0%" in line] == [
        ["total", "120,000"], ["网站全文", "in", "full", "text,", "75.0%", "of", "the", "website's", "90,000"], ["通知公告", "tongzhi", "123,456"]]
    assert [line.split() for line in lines if "月" in line][1][-4:] == ["11月", "11,223", "12月", "0"]
    assert max(cell_len(line) for line in lines) <= 80
    assert ("website", "full text", 90_000) in rows(found, Counting.WEBSITE)


def test_the_board_list_says_what_to_do_and_put_up_records_it(sqlite):
    """Put up, hanging, take down, done; recording twice changes nothing; an unknown sheet ends with 1."""
    hand = furnish(sqlite)
    sign(hand, sqlite, record(channels=["board"]))
    whole_tick(hand)
    at = ("--at", "2024-06-03T17:00")
    listed = json.loads(run(sqlite, "board", "list", "--format", "json", *at).stdout)
    assert [(line["title"], line["to_do"], line["days"], line["due_down"]) for line in listed] == [("关于做好汛期安全工作的通知", "put up", 10, None)]
    number = listed[0]["number"]
    assert "10 days" in run(sqlite, "board", "list", *at).stdout
    assert "put up (late)" in run(sqlite, "board", "list", "--at", "2024-06-13T09:00").stdout
    for _ in range(2):
        recorded = run(sqlite, "board", "put-up", number, "--by", "文书", *at)
        assert (recorded.exit_code, "it comes down on 2024-06-13" in recorded.stdout) == (0, True)
    assert "hangs" in run(sqlite, "board", "list", *at).stdout
    assert "take down (due)" in run(sqlite, "board", "list", "--at", "2024-06-14T09:00").stdout
    assert run(sqlite, "board", "take-down", number, "--by", "文书", "--at", "2024-06-14T10:00").exit_code == 0
    assert "nothing to put up" in run(sqlite, "board", "list", *at).stdout
    unknown = run(sqlite, "board", "put-up", "1/2", "--by", "文书", *at)
    assert (unknown.exit_code, "no sheet 1/2" in unknown.stderr) == (1, True)


def test_a_sheet_whose_file_is_lost_is_printed_again_from_what_was_signed(sqlite):
    """Also a correction, which names the sheet it replaces; nothing is recorded, and what may not go up is refused."""
    hand = furnish(sqlite)
    [number] = sign(hand, sqlite, record(channels=["board"]))
    whole_tick(hand)
    at = ("--at", "2024-06-03T17:00")
    [path] = sqlite.glob("board/*.pdf")
    first = path.read_bytes()
    path.unlink()
    before = len(queries.events(office=CODE).rows)
    assert "printed again" in run(sqlite, "board", "print", f"{number}-1", *at).stdout
    assert path.read_bytes() == first
    assert len(queries.events(office=CODE).rows) == before
    sign(hand, sqlite, record(index_number=number, change_note="更正联系电话", channels=["board"]))
    whole_tick(hand)
    [second] = sqlite.glob("board/*-2.pdf")
    made = second.read_bytes()
    second.unlink()
    assert run(sqlite, "board", "print", f"{number}-2", *at).exit_code == 0
    assert second.read_bytes() == made
    refused = run(sqlite, "board", "print", f"{number}-1", "1/2", *at)
    assert refused.exit_code == 1
    assert "may not go up any more: throw away (replaced)" in refused.stderr
    assert "no sheet 1/2" in refused.stderr


def test_a_person_can_say_what_became_of_a_delivery(sqlite):
    """settle --posted KEY --url: a draft that somebody published by hand counts from then on."""
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url, mode="draft_only")
        [number] = sign(hand, sqlite, record(column="dongtai"))
        whole_tick(hand)
        key = f"{number}#1:publish@wechat"
        result = run(sqlite, "settle", "--posted", key, "--url", "https://mp.weixin.qq.com/s/abc", "--by", "文书", "--at", "2024-06-03T18:00")
        assert (result.exit_code, "posted" in result.stdout) == (0, True)
        found = json.loads(run(sqlite, "figures", "--year", "2024", "--format", "json", "--at", "2024-12-31T12:00").stdout)
        assert found["channels"]["wechat"] == 1
        assert "say who looked" in run(sqlite, "settle", "--posted", key, "--at", "2024-06-03T18:00").stderr


def test_doctor_finds_what_is_wrong_and_says_what_to_do(sqlite, monkeypatch):
    """A missing secret, a ledger somebody changed, a scheduler that never ticked."""
    hand = furnish(sqlite)
    sign(hand, sqlite, record(), at="2024-06-03T09:00")
    whole_tick(hand)
    well = run(sqlite, "doctor")
    assert "its chain holds" in well.stdout
    assert "SQLite" in well.stdout
    monkeypatch.delenv("GONGKAI_TEST_SECRET")
    ill = run(sqlite, "doctor")
    assert ill.exit_code == 1
    assert "GONGKAI_TEST_SECRET" in ill.stdout


def test_doctor_looks_whether_the_pages_have_somewhere_to_go(sqlite):
    """A folder that is none, as when a disk was not mounted."""
    furnish(sqlite)
    (sqlite / "site").write_text("")
    ill = run(sqlite, "doctor")
    assert ill.exit_code == 1
    assert "现在不能写" in ill.stdout


def test_doctor_names_what_waits_for_a_channel_that_is_gone(sqlite):
    """Taken out of gongkai.toml, no tick comes by it any more: what was queued for it would wait for ever, in nobody's list."""
    hand = furnish(sqlite)
    sign(hand, sqlite, record(column="dongtai"), at="2024-06-03T09:00")
    tick.release_due(hand, clock=still(instant(hand)))
    assert "each delivery has its channel" in run(sqlite, "doctor").stdout
    toml = sqlite / "gongkai.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('name = "wechat"', 'name = "weixin"').replace('"wechat"]', '"weixin"]'), encoding="utf-8")
    assert "waiting for wechat: 1" in run(sqlite, "doctor").stdout


def test_doctor_says_at_which_address_a_platform_is_heard(sqlite, monkeypatch):
    """It is to be typed in the platform's console; a channel that listens to nobody has none."""
    furnish(sqlite)
    monkeypatch.setenv("GONGKAI_DESK_URL", "https://desk.example.gov.cn/")
    assert "/push/" not in run(sqlite, "doctor").stdout
    toml = sqlite / "gongkai.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("polls = [0]", 'polls = [0]\npush_token_env = "GONGKAI_TEST_PUSH"'), encoding="utf-8")
    assert "https://desk.example.gov.cn/push/qingshui/wechat/" in run(sqlite, "doctor").stdout.replace("\n", "")


def test_doctor_advises_on_the_code_and_the_mark_of_a_real_site(sqlite):
    """Both come from others, so it says from whom; neither stops anything, and a practice site needs none."""
    furnish(sqlite)
    assert "site code" not in run(sqlite, "doctor").stdout
    toml = sqlite / "gongkai.toml"
    real = toml.read_text(encoding="utf-8").replace("sandbox = true", "sandbox = false")
    for said, code, mark in (("", "no page says SiteIDCode", "no page shows the 党政机关网站标识"),
                             ('\nid_code = "43010"', "'43010' has not 10 letters and digits", "no page shows the 党政机关网站标识"),
                             ('\nid_code = "bm01000001"\nmark_link = "https://bszs.example.cn/1"', "bm01000001", "https://bszs.example.cn/1")):
        toml.write_text(real.replace('\nname = "清水街道政务公开网"', f'\nname = "清水街道政务公开网"{said}'), encoding="utf-8")
        found = {one.what: one for one in site_findings(open_house(sqlite).desk("qingshui").office)}
        assert found["qingshui: site code"].detail.startswith(code)
        assert found["qingshui: site mark"].detail == mark
        assert not any(one.grave for one in found.values())
        printed = " ".join(run(sqlite, "doctor").stdout.split())
        assert ("write the 10 characters" in printed) == (code != "bm01000001")
        assert ("apply to the" in printed) == (mark != "https://bszs.example.cn/1")


def test_no_secret_is_ever_printed(sqlite):
    """Whatever goes wrong with the account, its secret stays where it is."""
    hand = furnish(sqlite, api="http://127.0.0.1:9")
    sign(hand, sqlite, record(column="dongtai"))
    _, reports = whole_tick(hand)
    said = run(sqlite, "doctor")
    assert SECRET not in said.stdout + said.stderr + repr(reports) + repr(hand)
    assert instant(hand).tzinfo is not None
