"""The description of an office: what does not hold is refused with its name."""

from __future__ import annotations

import pytest

from content.offices import Column, OfficeError, Site
from tests.builders import an_office


@pytest.mark.parametrize(("columns", "why"), [
    ((Column(slug="Tongzhi", name="通知"),), "small letters"), ((Column(slug="feed", name="通知"),), "small letters"),
    ((Column(slug="a" * 41, name="通知"),), "small letters"), ((Column(slug="通知", name="通知"),), "small letters"),
    ((Column(slug="a", name="通知", category="没有"),), "not among the office's categories"),
    ((Column(slug="a", name="通知"), Column(slug="a", name="公告")), "two columns share a slug")])
def test_refuses_columns_that_do_not_hold(columns, why):
    with pytest.raises(OfficeError, match=why):
        an_office(columns=columns)


@pytest.mark.parametrize("zone", ["Asia/Beijing", "", "../etc/passwd", "/etc/passwd"])
def test_refuses_a_zone_that_is_none(zone):
    with pytest.raises(OfficeError, match="no time zone; China's is Asia/Shanghai"):
        an_office(zone=zone)


def test_knows_its_zone_and_its_columns_by_slug():
    office = an_office(zone="Asia/Urumqi")
    assert (office.tz.key, office.by_slug["jigou"].name) == ("Asia/Urumqi", "机构职能")


def test_the_domain_is_the_address_without_scheme_and_path():
    assert Site(name="站", home="https://www.qingshui.gov.cn/sub").domain == "www.qingshui.gov.cn"
