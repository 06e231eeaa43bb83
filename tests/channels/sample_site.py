"""A catalogue of awkward items, for looking at pages and for the checks that read HTML."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO

from PIL import Image as Picture
from PIL import ImageDraw

from content.html import sanitise
from content.items import Attachment, Image
from content.memory import MemoryCatalogue
from content.metadata import pairs
from content.offices import Office
from tests.builders import an_edition, an_office

TABLE, PHOTO, CORRECTED, WITHDRAWN, NASTY = (f"006123456/2024-{serial:05d}" for serial in (21, 22, 23, 24, 25))
#: not their real hashes, which would follow whatever Pillow and zlib make of the same picture
PICTURE, SHEET = "5a" * 32, "c3" * 32
#: every one of the 更多著录项
FILLED = {
    "validity": "有效", "valid_until": "2026-12-31", "originating_body": "云州市人民政府办公室", "catalogue_class": "政府信息公开年报", "genre": "通告",
    "disclosure": "主动公开", "disclosure_term": "20个工作日", "disclosure_scope": "全社会", "responsible_unit": "党政综合办公室 <一科>", "carrier": "纸质"}
KINDS = ("关于{n}月份最低生活保障金发放情况的公示", "清水街道召开第{n}次安全生产工作例会", "关于平安路{n}号地块征收补偿方案的公告",
         "街道开展第{n}轮餐饮油烟专项检查", "清水街道办事处关于做好汛期值班工作的通知（第{n}号）")
BODY = ("<p>根据《中华人民共和国政府信息公开条例》和上级部署，现将有关事项公告如下，请辖区各单位和居民遵照执行，并请相互转告。</p>"
        "<h2>一、时间和范围</h2><p>自即日起至本月底，范围为街道所辖六个社区。</p><ol start=\"2\"><li>第二项<ul><li>甲</li><li>乙</li></ul></li><li>第三项</li></ol>"
        "<h2>二、联系方式</h2><p>联系人：街道党政综合办公室；电话：<a href=\"tel:0731-00000000\">0731-00000000</a>。</p>")


@cache
def a_picture() -> bytes:
    """A street in flat colours, 1200 × 800; the same bytes every time."""
    picture = Picture.new("RGB", (1200, 800), "#bcd3e6")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 560, 1200, 800), fill="#8b9096")
    for at, colour in ((60, "#c9b79c"), (330, "#a9b8a0"), (620, "#c4a5a0"), (900, "#b1a8c0")):
        draw.rectangle((at, 200 + at // 6, at + 240, 560), fill=colour)
        for x in range(at + 30, at + 220, 70):
            for y in range(240 + at // 6, 520, 80):
                draw.rectangle((x, y, x + 36, y + 44), fill="#f3efe4")
    draw.line((0, 680, 1200, 680), fill="#f3efe4", width=10)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def a_sample(office: Office | None = None) -> tuple[Office, MemoryCatalogue]:
    """Half a year of an office: tables, pictures, attachments, corrections, a withdrawal, markup in titles."""
    office = office or an_office()
    catalogue = MemoryCatalogue({PICTURE: a_picture(), SHEET: b"PK a table"})
    at = datetime(2023, 11, 3, 9, 30, tzinfo=office.tz)
    photo = Image(name="现场 照片.png", media_type="image/png", size=8_213, sha256=PICTURE, alt="封闭施工的清水路东段")
    file = Attachment(name="附件1：清水路周边公交线路调整一览表.xlsx", media_type="application/vnd.ms-excel", size=48_213,
                      sha256=SHEET)
    page = Attachment(name="附件2：\"承诺书\"<样张>.html", media_type="text/html", size=1_834_000, sha256=SHEET)
    for serial in range(1, 64):
        column = office.columns[serial % 2].slug
        catalogue.release(an_edition(
            index_number=f"006123456/{at.year}-{serial + 200:05d}", column=column, title=KINDS[serial % 5].format(n=serial), body=sanitise(BODY),
            summary="" if serial % 9 == 0 else "街道就有关事项作出安排，明确时间、范围和联系方式，请辖区各单位和居民遵照执行。", made_on=at.date()), at)
        at += timedelta(hours=67)
    header = "".join(f"<th>{name}</th>" for name in ("路段", "起止时间", "施工内容", "绕行路线", "责任单位", "联系电话", "备注"))
    rows = "".join(f"<tr><td>清水路第{n}段</td><td>2024-06-{n:02d}—2024-06-{n + 9:02d}</td><td>雨污分流管网改造</td><td>经平安路、建设路绕行</td>"
                   f"<td>街道城市管理办公室</td><td>0731-00000000</td><td></td></tr>" for n in range(1, 7))
    catalogue.release(an_edition(
        index_number=TABLE, document_number="清街办发〔2024〕17号", made_on=date(2024, 5, 28), metadata=pairs(FILLED),
        body=sanitise(f"{BODY}<table><caption>分段施工安排</caption><thead><tr>{header}</tr></thead><tbody>{rows}"
                      "<tr><td colspan=\"6\" rowspan=\"1\">合计</td><td>六段</td></tr></tbody></table><blockquote><p>摘自会议纪要。</p></blockquote>")), at)
    catalogue.release(an_edition(
        index_number=PHOTO, title="清水路东段雨污分流改造施工现场及周边公交线路调整情况", column="dongtai", images=(photo,), attachments=(file, page),
        body=sanitise(f"<p>6月1日起，清水路东段封闭施工。</p><figure><img src=\"{photo.name}\"><figcaption>施工现场</figcaption></figure>"
                      f"<p>同一张照片，另有说明：<img src=\"{photo.name}\" alt=\"围挡\"></p><h3>公交线路</h3><p>公交线路调整见附件。</p>{BODY}")),
        at + timedelta(hours=1))
    catalogue.release(an_edition(index_number=CORRECTED, title="关于2024年夏季高温津贴发放标准的通知", source="云州市人力资源和社会保障局"),
                      at + timedelta(hours=2))
    catalogue.release(an_edition(index_number=WITHDRAWN, title="绝不应再出现的标题", body="<p>绝不应再出现的正文</p>", attachments=(file,)),
                      at + timedelta(hours=3))
    catalogue.release(an_edition(
        index_number=NASTY, title='标题里有 <script>alert("1")</script> & \'引号\' 100%s %(x)s {{ x }} 和超长的词Donaudampfschifffahrtsgesellschaft' + "长" * 80,
        summary="</p><b>摘要</b> & \"引号\"", keywords=("<i>", "a,b", "\"q\""), document_number="〔2024〕\"1\"号", issuing_body="甲&乙<丙>",
        category="", column="jigou", body=sanitise("<pre>if a &lt; b: x\n</pre><p>一<br>二<sup>3</sup><del>删</del><ins>增</ins></p><hr>"
                                                   "<h1>一级标题</h1><p>100%<code>a&amp;b</code></p>")), at + timedelta(hours=4))
    catalogue.correct(an_edition(
        index_number=CORRECTED, number=2, title="关于2024年夏季高温津贴发放标准的通知", source="云州市人力资源和社会保障局",
        metadata=pairs({"validity": "废止", "valid_until": "2024-09-30"}), column="dongtai", change_note="原文第二段“每人每月200元”有误，应为“每人每月300元”，特此更正。"), at + timedelta(days=3))
    catalogue.withdraw(WITHDRAWN, at + timedelta(days=4), "内容涉及个人信息，不宜公开")
    return office, catalogue
