"""An office in which everything has happened at least once: what the pages of the desk look like on a full day.

For the tests that open every page (test_axe.py), and for people who want to look at them (scripts/look.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from channels.house import OfficeHand, open_house
from channels.sandbox.wechat import Sandbox
from channels.signing import seals
from content.sightings import Seen, Sighting
from desk import scratch
from desk.access import Seat
from desk.freezing import Sent, freeze, seen
from desk.handing import report_of
from desk.models import Membership, Person
from desk.report_items import hand_over
from desk.reporting import kept_of
from desk.roles import EVERY_OFFICE, Role
from flows import intake, tick
from flows.clock import still
from ledger import queries, services
from ledger.models import Breaker, Delivery, Item, Office
from tests.desk import annual
from tests.desk.papers import IDENTITY, MOBILE, photograph, picture, workbook
from tests.desk.stage import NAMES, PASSWORD
from tests.flows.stage import CODE, far_side, furnish, write_lines

CLERK, REVIEWER, SIGNER, OPERATOR = (NAMES[role] for role in (Role.CLERK, Role.REVIEWER, Role.SIGNER, Role.OPERATOR))
TABLE = ("<table><tbody><tr><th>社区</th><th>户数</th><th>金额（元）</th></tr><tr><td>清水社区</td><td>12</td><td>9,600</td></tr>"
         "<tr><td>平安社区</td><td>8</td><td>6,400</td></tr></tbody></table>")
BODY = ("<p>根据《中华人民共和国政府信息公开条例》和上级部署，现将有关事项公告如下，请辖区各单位和居民遵照执行，并请相互转告。</p>"
        f"<h2>一、时间和范围</h2><p>自即日起至本月底，范围为街道所辖六个社区。</p>{TABLE}"
        "<h2>二、联系方式</h2><p>联系人：街道党政综合办公室；电话：0731-00000000。</p>")
PRIVATE = BODY + f"<p>申请人甲某，身份证号{IDENTITY}，联系电话{MOBILE}。</p>"


@dataclass(slots=True, kw_only=True)
class Everything:
    """The office, and where the interesting things are: editions, items, deliveries and sheets by what is the matter with them."""

    home: Path
    hand: OfficeHand
    people: dict[Role, Person] = field(default_factory=dict)
    editions: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    deliveries: dict[str, int] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def ago(self, **time: float) -> datetime:
        """So long before now."""
        return self.now - timedelta(**time)

    def take_in(self, name: str, *, at: datetime, **words: Any) -> int:
        """A draft of the clerk's, remembered by name."""
        made_on = words.pop("made_on", at.astimezone(self.hand.office.tz).date().isoformat())
        record = {"title": "关于做好汛期安全工作的通知", "body": BODY, "summary": "汛期值守安排。", "column": "tongzhi", "made_on": made_on,
                  "category": "工作信息", **words}
        [line] = intake.lines(write_lines(self.home / "in.jsonl", record))
        taken = intake.take_in(self.hand, line, by=CLERK, at=at)
        assert taken.edition_id is not None
        self.editions[name] = taken.edition_id
        self.items[name] = Item.objects.get(index_number=taken.index_number).pk
        return taken.edition_id

    def submit(self, edition: int, *, at: datetime, urgent: str = "") -> int:
        """Justify whatever stands open, and hand it over."""
        if found := queries.gate(edition_id=edition).open:
            services.justify(edition_id=edition, reasons={one.key: "当事人已书面同意公开，见办公室存档。" for one in found}, by=CLERK, at=at)
        services.submit(edition_id=edition, by=CLERK, at=at, urgent=urgent)
        return edition

    def sign(self, edition: int, *, at: datetime) -> int:
        """Through the three hands."""
        self.submit(edition, at=at)
        services.pass_review(edition_id=edition, by=REVIEWER, at=at + timedelta(minutes=20))
        found = queries.edition_in_hand(edition_id=edition)
        services.sign_off(edition_id=edition, by=SIGNER, at=at + timedelta(minutes=40), renditions=seals(self.hand, found.edition, found.channels))
        return edition

    def tick(self, at: datetime) -> None:
        """What the publish flow does, without Prefect."""
        clock = still(at)
        tick.release_due(self.hand, clock=clock)
        for name in self.hand.surfaces:
            tick.run_surface(self.hand, name, clock=clock)
        for name in self.hand.outlets:
            tick.run_outlet(self.hand, name, clock=clock)


def build(home: Path) -> Everything:
    """Furnish the home folder's empty ledger. GONGKAI_TEST_SECRET is set, as the WeChat account wants it."""
    with far_side(home) as wechat:
        furnish(home, api=wechat.url)
        words = (home / "gongkai.toml").read_text(encoding="utf-8").replace("[office.index]", 'urgent = true\n[office.index]')
        (home / "gongkai.toml").write_text(words, encoding="utf-8")
        world = Everything(home=home, hand=open_house(home).desk(CODE))
        _reopen(world)
        _people(world)
        _reports(world)
        (home / "图.png").write_bytes(picture())
        (home / "名单.xlsx").write_bytes(workbook(hidden=True))
        _public(world, wechat)
        _under_way(world)
        _ill(world)
        _reported(world)
    return world


def _reopen(world: Everything) -> None:
    channels = [services.ChannelOpened(name=name, kind=section.kind, surface=name in world.hand.surfaces) for name, section in world.hand.sections.items()]
    services.open_office(office=world.hand.office, channels=channels, at=datetime(2024, 1, 2, tzinfo=UTC))


def _people(world: Everything) -> None:
    password = make_password(PASSWORD)
    for role, name in NAMES.items():
        person = Person.objects.create(username=role.value, name=name, password=password)
        Membership.objects.create(person=person, office=EVERY_OFFICE if role is Role.ADMINISTRATOR else CODE, role=role)
        world.people[role] = person
    second = Person.objects.create(username="clerk2", name="赵文书", password=password, must_change_password=True)
    Membership.objects.create(person=second, office=CODE, role=Role.CLERK)
    Person.objects.create(username="gone", name="钱调离", password="!", is_active=False)


def _reports(world: Everything) -> None:
    """Last year's report, frozen and handed over; since then an item more came to light, and a number."""
    annual.a_year(world)
    seat = Seat(hand=world.hand, person=NAMES[Role.REPORTER], roles=frozenset({Role.REPORTER}), at=world.ago(days=40))
    asked = annual.asked_now(world, seat.at)
    sent = Sent(seen=seen(report_of(asked)), signed_on=f"{annual.year() + 1}-01-20", reason="", restates=None, answers={})
    freeze(seat, asked, None, sent)
    kept = kept_of(asked)
    assert kept is not None
    saved = hand_over(replace(seat, person=CLERK, roles=frozenset({Role.CLERK})), kept, column="tongzhi")
    assert saved.edition_id is not None
    world.editions["report"] = saved.edition_id
    annual.publish(world, "关于年底补发的通知", month=12)
    annual.fact("t4.cases.r_upheld", 2, at=world.ago(days=30), note="补登一件")


def _public(world: Everything, wechat: Sandbox) -> None:
    """What has gone out, and how it went on the way."""
    everywhere = ["website", "board", "wechat"]
    photo = services.keep_blob(photograph())
    shown = world.sign(world.take_in("public", at=world.ago(days=30), title="关于平安路征收补偿方案的公告", channels=everywhere,
                                     images=[{"file": "图.png", "name": "现场.png", "alt": "平安路路口"}]), at=world.ago(days=30))
    number = queries.edition_in_hand(edition_id=shown).edition.index_number
    gone = world.sign(world.take_in("withdrawn", at=world.ago(days=29), title="关于餐饮油烟专项检查的通报", channels=everywhere), at=world.ago(days=29))
    world.sign(world.take_in("lost", at=world.ago(days=29), title="关于夏季用电安全的提示", channels=["website", "wechat"]), at=world.ago(days=29))
    world.tick(world.ago(days=28))
    for sheet in queries.sheets(office=CODE):
        services.put_up(office=CODE, number=sheet.number, by=CLERK, at=world.ago(days=28), photo=photo)
    services.withdraw(index_number=queries.edition_in_hand(edition_id=gone).edition.index_number, by=SIGNER, at=world.ago(days=20), reason="内容有误，另行发布。")
    world.tick(world.ago(days=20))
    world.sheets["waste"] = queries.edition_in_hand(edition_id=gone).edition.index_number
    world.sign(world.take_in("correction", at=world.ago(days=12), index_number=number, title="关于平安路征收补偿方案的公告（更正）", channels=everywhere,
                             change_note="补偿面积有误，现予更正。", validity="失效", valid_until=f"{world.ago(days=2):%Y-%m-%d}",
                             originating_body="云州市清水区人民政府", disclosure="主动公开", responsible_unit="征收办公室", images=[{"file": "图.png", "name": "现场.png", "alt": "平安路路口"}]),
               at=world.ago(days=12))
    world.tick(world.ago(days=11))  # and its sheet has lain in the tray since
    for name, mood, call in (("unconfirmed", "fails after accepting", "freepublish/submit"), ("refused", "refuses", "draft/add"), ("deferred", "busy", "*")):
        world.sign(world.take_in(name, at=world.ago(days=3), column="dongtai", channels=["wechat", "website"],
                                 title={"unconfirmed": "街道召开安全生产例会", "refused": "街道开展义诊活动", "deferred": "街道组织消防演练"}[name]),
                   at=world.ago(days=3))
        wechat.mood("fine")
        wechat.mood(mood, call=call)  # the last one stays: what is deferred waits to this day
        world.tick(world.ago(days=2))
    world.sign(world.take_in("hangs", at=world.ago(days=1), title="关于社区停水的紧急通知", channels=["website", "board"]), at=world.ago(days=1))
    world.tick(world.ago(hours=20))
    sheets = queries.sheets(office=CODE, open_only=False)
    services.put_up(office=CODE, number=sheets[-1].number, by=CLERK, at=world.ago(hours=19), photo=photo)
    world.sheets |= {"up": sheets[-1].number, "photo": sheets[0].number, "late": next(one.number for one in sheets if not one.put_up)}
    _missing(world)
    for status in ("posted", "unconfirmed", "refused", "deferred", "by_hand"):
        found = Delivery.objects.filter(channel__in=["wechat", "board"], status=status).order_by("pk").last()
        if found is not None:
            world.deliveries[status] = found.pk


def _ill(world: Everything) -> None:
    """Channels that need mending, and what somebody paused."""
    services.keep_probe(office=CODE, channel="wechat", at=world.ago(days=1), well=True, line="token good", until=world.now + timedelta(days=9.5))
    services.keep_probe(office=CODE, channel="wechat", at=world.ago(hours=3), well=False,
                        line="本机出口地址不在公众号的白名单里（40164）；请登录公众号后台，在“基本配置→IP白名单”里加入后再运行")
    services.keep_probe(office=CODE, channel="board", at=world.ago(hours=3), well=True, line="可写")
    Breaker.objects.update_or_create(office=Office.objects.get(code=CODE), channel="wechat", defaults={
        "failures": 6, "opened_at": world.ago(hours=2), "rests_until": world.now + timedelta(minutes=12),
        "detail": "连接不上 api.weixin.qq.com（超时），稍后会自动再试"})
    number = queries.edition_in_hand(edition_id=world.editions["signed"]).edition.index_number
    services.pause(office=CODE, by=OPERATOR, at=world.ago(hours=2), reason="值班表有误，等办公室确认。", index_number=number)
    services.pause(office=CODE, by=OPERATOR, at=world.ago(hours=1), reason="打印机缺墨，明天上午到货。", channel="board")


def _missing(world: Everything) -> None:
    """An article that the platform removed."""
    number = queries.edition_in_hand(edition_id=world.editions["lost"]).edition.index_number
    found = next(one for one in queries.due_looks(office=CODE, channel="wechat", at=world.now) if one.key.startswith(f"{number}#"))
    services.keep_sighting(posting_id=found.posting_id, ref=found.posting.ref, at=world.ago(days=1),
                           look=Sighting(seen=Seen.GONE, detail="公众号里已没有这篇文章；请核实是谁删的、为何删除"))
    world.deliveries["missing"] = found.delivery_id


def _reported(world: Everything) -> None:
    """Facts for the annual report that somebody recorded, one of them twice, and words of this year and the last."""
    year = world.now.astimezone(world.hand.office.tz).year
    report: dict[str, Any] = {"office": CODE, "form": "2021", "year": year}
    for cell, value, note in (("t3.new.person", 3, ""), ("t3.new.person", 4, "漏登一件，依据受理登记簿补登"), ("t3.carried.person", 0, ""),
                              ("t3.granted.person", 2, ""), ("t2a.norms.made", 1, "")):
        services.record_fact(**report, cell=cell, value=value, by=NAMES[Role.REPORTER], at=world.ago(hours=3), note=note)
    services.keep_text(**report, part="problems", text="（一）存在的主要问题\n主动公开以动态类信息为主，全年{items}条中政策解读偏少。", by=CLERK, at=world.ago(hours=2))
    services.keep_text(**{**report, "year": year - 1}, part="overview", text="{year}年，本街道主动公开信息{items}条，其中{channels}。", by=CLERK, at=world.ago(hours=2))


def _under_way(world: Everything) -> None:
    """What still waits for somebody."""
    picture_ = [{"file": "图.png", "name": "现场.png", "alt": "会场"}]
    secret = "<p>内部资料　注意保存</p>"
    world.take_in("draft", at=world.ago(hours=9), title="关于发放临时救助的公示", body=PRIVATE, images=picture_,
                  attachments=[{"file": "名单.xlsx", "name": "救助名单.xlsx"}])
    returned = world.submit(world.take_in("returned", at=world.ago(hours=8), title="关于道路施工的通告", validity="有效", responsible_unit="城管办"), at=world.ago(hours=8))
    services.return_to_drafter(edition_id=returned, by=REVIEWER, at=world.ago(hours=7), reason="请写明施工的起止日期。")
    shelved = world.take_in("shelved", at=world.ago(hours=8), title="关于文艺演出的预告")
    services.shelve(edition_id=shelved, by=CLERK, at=world.ago(hours=7), reason="演出改期。")
    world.take_in("overdue", at=world.ago(hours=7), title="关于年度预算的说明", made_on=(world.now - timedelta(days=60)).date().isoformat())
    world.submit(world.take_in("in_review", at=world.ago(hours=6), title="关于发放困难补助的公示", body=secret + PRIVATE, images=picture_,
                               attachments=[{"file": "名单.xlsx", "name": "补助名单.xlsx"}]), at=world.ago(hours=6))
    to_sign = world.submit(world.take_in("reviewed", at=world.ago(hours=5), title="关于开展义务植树的通知", images=picture_, channels=["website", "board", "wechat"]),
                           at=world.ago(hours=5))
    services.pass_review(edition_id=to_sign, by=REVIEWER, at=world.ago(hours=4))
    world.sign(world.take_in("signed", at=world.ago(hours=4), title="关于国庆值班的通知", channels=["website", "board"],
                             release_at=(world.now + timedelta(hours=3)).isoformat()), at=world.ago(hours=4))
    world.submit(world.take_in("urgent", at=world.ago(hours=2), title="关于暴雨转移群众的紧急通知"), at=world.ago(hours=2), urgent="暴雨红色预警，须立即告知群众。")
    later = world.submit(world.take_in("later", at=world.ago(days=2), title="关于危房撤离的紧急通知"), at=world.ago(days=2), urgent="房屋随时可能倒塌。")
    found = queries.edition_in_hand(edition_id=later)
    services.sign_urgently(edition_id=later, by=SIGNER, at=world.ago(hours=47), renditions=seals(world.hand, found.edition, found.channels))
    failed = world.submit(world.take_in("failed", at=world.ago(days=2), title="关于临时交通管制的通告"), at=world.ago(days=2), urgent="道路塌陷。")
    found = queries.edition_in_hand(edition_id=failed)
    services.sign_urgently(edition_id=failed, by=SIGNER, at=world.ago(hours=47), renditions=seals(world.hand, found.edition, found.channels))
    world.tick(world.ago(hours=1.5))
    services.review_afterwards(edition_id=failed, by=REVIEWER, at=world.ago(hours=1), verdict="fail", reason="管制范围写错。")
    number = queries.edition_in_hand(edition_id=world.editions["public"]).edition.index_number
    world.submit(world.take_in("compare", at=world.ago(hours=1), index_number=number, title="关于平安路征收补偿方案的公告（再次更正）",
                               body=BODY.replace("六个社区", "七个社区"), channels=["website", "board", "wechat"], change_note="范围有误，现予更正。"), at=world.ago(hours=1))
    scratch.keep(CLERK, CODE, "new:abc", {"title": ["写了一半的信息"], "body": ["还没有写完。"]}, world.ago(minutes=30))
    scratch.keep(CLERK, CODE, scratch.page_key("/qingshui/deliveries/1/act/"),
                 {"reason": ["登录公众号后台看过，没有这一篇。"], "rescued_path": ["/qingshui/deliveries/1/act/"]}, world.ago(minutes=20))
