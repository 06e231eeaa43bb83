"""A report on a page: names may hold any character, and every number is a link."""

from __future__ import annotations

import re

import pytest

from desk.report_drawing import drawn
from desk.standing import wrongs
from reports.forms import Scope, form
from reports.report import fill, measures
from tests.builders import an_office
from tests.reports.stage import a_book, a_report, counted


@pytest.mark.parametrize("name", ["工作:信息", "工作!信息", "工作{信息", "工作}信息", "a[b]", "x / y", "<b>"])
def test_a_category_may_be_called_anything(name):
    made = form("2008", Scope(channels=(("website", "政府网站"),), categories=((name, name), ("未归类", "未归类")), columns=()))
    book = a_book("2008", counts={measure: 291 if measure.category == name else counted(measure) for measure in measures(made)},
                  texts={"disclosed": "{categories}。"})
    report = fill(made, an_office(), book)
    html = next(one.html for one in drawn(report, an_office(), lambda cell: f"/cell/{cell}") if one.part.id == "disclosed")
    said = re.sub(r"<[^>]+>", "", html.partition("</p>")[0]).replace("&lt;", "<").replace("&gt;", ">")
    assert said == f"{name}291条、未归类55条。"
    assert html.count("291</a>") == 2


def test_the_question_about_words_of_an_earlier_report_names_their_part():
    mend, questions = wrongs(a_report("2021", before={"overview": "我街道公开{items}条。"}))
    assert (mend, [one.place for one in questions]) == ([], ["一、总体情况：沿用往年的文字，还没有人看过"])
