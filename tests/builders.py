"""What tests are made of: an ordinary edition of an ordinary office, with the one fact changed that a test is about."""

from __future__ import annotations

from datetime import date
from typing import Any

from content.index_numbers import Composition
from content.items import Edition
from content.offices import Column, Office, Site

OFFICE_CODE = "qingshui"


def an_office(**changes: Any) -> Office:
    """清水街道: three columns, two categories, a site at example.gov.cn."""
    facts: dict[str, Any] = {
        "code": OFFICE_CODE,
        "name": "云州市清水区清水街道办事处",
        "short_name": "清水街道",
        "site": Site(name="清水街道政务公开网", home="https://qingshui.example.gov.cn", id_code="4301000001", organiser="清水街道办事处",
                     operator="清水街道党政综合办公室", icp="湘ICP备00000000号", police="湘公网安备00000000000000号",
                     about="清水街道办事处政府信息公开栏目。"),
        "index": Composition(code="006123456"),
        "columns": (
            Column(slug="tongzhi", name="通知公告", description="通知、公告、公示", keywords=("通知", "公告"), type="工作动态",
                   category="工作信息", channels=("website", "board")),
            Column(slug="dongtai", name="工作动态", description="街道工作动态", keywords=("动态",), type="工作动态",
                   category="工作信息", channels=("website", "wechat")),
            Column(slug="jigou", name="机构职能", description="机构设置与职能", keywords=("机构",), type="机构职能",
                   category="机构职能类", channels=("website",)),
        ),
        "categories": ("机构职能类", "工作信息"),
        "sandbox": True,
        "address": "清水区清水路1号", "postcode": "410000", "phone": "0731-00000000", "supervision_phone": "0731-00000001",
        "email": "qingshui@example.gov.cn", "hours": "工作日 8:30—12:00，14:30—18:00",
    }
    return Office(**{**facts, **changes})


def an_edition(**changes: Any) -> Edition:
    """A road-works notice, first edition, with a heading, a list and a table."""
    facts: dict[str, Any] = {
        "index_number": "006123456/2024-00017",
        "number": 1,
        "title": "关于2024年清水路道路施工的通告",
        "summary": "自6月1日起封闭清水路东段施工，预计工期三十天。",
        "body": ("<p>因雨污分流改造，自2024年6月1日起封闭清水路东段。</p><h2>绕行路线</h2><ul><li>经平安路绕行</li><li>经建设路绕行</li></ul>"
                 "<table><tbody><tr><th>路段</th><th>时间</th></tr><tr><td>清水路东段</td><td>6月1日—6月30日</td></tr></tbody></table>"),
        "office": OFFICE_CODE,
        "issuing_body": "云州市清水区清水街道办事处",
        "column": "tongzhi",
        "category": "工作信息",
        "made_on": date(2024, 5, 28),
        "keywords": ("道路施工", "通告"),
        "link": "https://qingshui.example.gov.cn/item/006123456-2024-0/006123456-2024-00017.html",
    }
    return Edition(**{**facts, **changes})
