"""The corpus of the site bench: N synthetic editions in a ledger, and the very same items as Hugo's content.

Each item: a title of some 21 characters, a body of some 1,200 characters in eight paragraphs with headings, a list and a
link, in one of ten a table; twelve columns, ten years. The ledger is filled by bulk inserts, as a restore would.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import NAMESPACE_URL, uuid5

from content.catalogue import ALL, column_list, month_list
from content.index_numbers import Composition, address, slug
from content.offices import Column, Office, Site

OFFICE = Office(
    code="bench", name="云州市清水区清水街道办事处", short_name="清水街道", sandbox=True, index=Composition(code="006123456"),
    site=Site(name="清水街道政务公开网", home="https://bench.example.gov.cn", id_code="4301000001", organiser="清水街道办事处",
              operator="党政综合办公室", icp="湘ICP备00000000号", police="湘公网安备00000000000000号"),
    columns=tuple(Column(slug=f"lanmu{n}", name=name, description=f"{name}栏目", keywords=(name,), type="工作动态")
                  for n, name in enumerate("通知公告 工作动态 机构职能 政策文件 规划计划 财政信息 应急管理 社会救助 环境保护 城市管理 社区文化 办事指南".split())),
    phone="0731-00000000", supervision_phone="0731-00000001", address="清水区清水路1号")
YEARS = 10
FIRST = datetime(2014, 1, 2, 1, 0, tzinfo=UTC)
WORDS = ("街道办事处组织辖区各社区开展环境卫生集中整治行动，重点清理背街小巷、楼道杂物和建筑垃圾，确保居民出行安全有序。"
         "工作人员逐户走访，宣传有关政策，登记居民意见，形成问题清单，明确责任单位和完成时限，并在公告栏公示办理结果。"
         "下一步将建立长效机制，实行周巡查、月通报、季评比，把群众满意作为检验工作的标准，推动各项任务落到实处。")


class Item:
    """One synthetic item, the same for both builders."""

    def __init__(self, n: int, total: int) -> None:
        chance = Random(n)
        self.n = n
        self.released = FIRST + (timedelta(days=365 * YEARS) / total) * n
        self.year = self.released.year
        self.index_number = OFFICE.index.compose(self.year, n + 1)
        self.column = OFFICE.columns[chance.randrange(len(OFFICE.columns))]
        self.title = f"关于做好第{n + 1}号社区环境整治有关工作的通知"[:30]
        self.paragraphs = [self._words(chance) for _ in range(8)]
        self.table = chance.random() < 0.1
        self.summary = self.paragraphs[0][:80]
        self.made_on = (self.released - timedelta(days=3)).date()

    @staticmethod
    def _words(chance: Random) -> str:
        start = chance.randrange(len(WORDS))
        return (WORDS[start:] + WORDS[:start]) + WORDS[: chance.randrange(20, 40)]

    def html(self) -> str:
        """The body as the ledger keeps it."""
        out = []
        for n, paragraph in enumerate(self.paragraphs):
            out.append(f"<p>{paragraph}</p>")
            if n % 2 == 0:
                out.append(f"<h2>第{n // 2 + 1}部分</h2>")
        out.append("<ul><li>经平安路绕行</li><li>经建设路绕行</li></ul>")
        out.append('<p><a href="https://www.example.gov.cn/" rel="noopener">上级文件</a></p>')
        if self.table:
            rows = "".join(f"<tr><td>第{n}社区</td><td>{n * 7}</td></tr>" for n in range(1, 10))
            out.append(f"<table><thead><tr><th>社区</th><th>数量</th></tr></thead><tbody>{rows}</tbody></table>")
        return "".join(out)

    def markdown(self) -> str:
        """The same body as Hugo's users write it."""
        out = []
        for n, paragraph in enumerate(self.paragraphs):
            out.append(paragraph)
            if n % 2 == 0:
                out.append(f"## 第{n // 2 + 1}部分")
        out += ["- 经平安路绕行\n- 经建设路绕行", "[上级文件](https://www.example.gov.cn/)"]
        if self.table:
            out.append("| 社区 | 数量 |\n|---|---|\n" + "\n".join(f"| 第{n}社区 | {n * 7} |" for n in range(1, 10)))
        return "\n\n".join(out) + "\n"


def items(total: int) -> Iterator[Item]:
    """The corpus, in order of release."""
    return (Item(n, total) for n in range(total))


def fill_ledger(home: Path, total: int) -> None:
    """A migrated SQLite ledger in `home` with the whole corpus released. Run in a process of its own: Django is started here."""
    home.mkdir(parents=True)
    os.environ["GONGKAI_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)
    from django.core.management import call_command

    from ledger import boot, services  # noqa: F401 - boot starts Django, and stands before any model
    from ledger.models import Listing
    from ledger.models import Office as OfficeRow

    call_command("migrate", verbosity=0)
    services.open_office(office=OFFICE, channels=[services.ChannelOpened(name="website", kind="website", surface=True)], at=FIRST)
    office = OfficeRow.objects.get(code=OFFICE.code)
    sizes: dict[str, int] = {}
    batch: list[Item] = []
    for item in items(total):
        batch.append(item)
        if len(batch) == 2000:
            _insert(office, batch, sizes)
            batch = []
    _insert(office, batch, sizes)
    Listing.objects.bulk_create([Listing(office=office, name=name, size=size, live=size) for name, size in sizes.items()])


def _insert(office: object, batch: list[Item], sizes: dict[str, int]) -> None:
    from django.db import transaction

    from ledger.models import Edition, Place
    from ledger.models import Item as ItemRow

    with transaction.atomic():
        rows = ItemRow.objects.bulk_create([ItemRow(
            office=office, index_number=one.index_number, slug=slug(one.index_number), urn=uuid5(NAMESPACE_URL, one.index_number), released_at=one.released,
            released_on=one.released.date(), listed_at=one.released) for one in batch])
        editions = Edition.objects.bulk_create([Edition(
            item=row, number=1, state="released", title=one.title, summary=one.summary, issuing_body=OFFICE.name, column=one.column.slug,
            made_on=one.made_on, keywords=["环境整治", "通知"], link=f"{OFFICE.site.home}/{address(one.index_number)}.html", body=one.html(),
            drafter="甲", reviewer="乙", signer="丙", seal="0" * 64, drafted_at=one.released, released_at=one.released,
            released_on=one.released.date()) for one, row in zip(batch, rows, strict=True)])
        for row, edition in zip(rows, editions, strict=True):
            row.shown = row.newest = edition
        ItemRow.objects.bulk_update(rows, ["shown", "newest"], batch_size=200)
        places = []
        for one, row in zip(batch, rows, strict=True):
            for name in (ALL, column_list(one.column.slug), month_list(one.released.astimezone(OFFICE.tz))):
                places.append(Place(office=office, list=name, place=sizes.get(name, 0), item=row))
                sizes[name] = sizes.get(name, 0) + 1
        Place.objects.bulk_create(places)


def day_after(total: int) -> date:
    """A day on which a newcomer to the corpus is made."""
    return (FIRST + timedelta(days=365 * YEARS + 3)).date()
