"""The 更多著录项: their table, what it takes, and how an edition keeps what was said."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import metadata
from content.items import Attachment, EditionError, Image
from content.metadata import BY_SLUG, FIELDS, SLUGS, Kind, MetadataError, ended, lines, pairs, value
from content.papers.sheets import HEADERS
from content.records import KNOWN
from content.rules import RuleError, may_be_public
from content.screening import screen, words_of
from content.seals import canonical, seal
from tests.builders import an_edition

#: of the edition below, taken before there was such a field
SEAL_BEFORE = "4f3fdbf131956dc9e7be5b62c34a8bfaf96e69a6025b49757c70aa6c6df5b9ce"
SAID = st.dictionaries(st.sampled_from(SLUGS), st.text("有效甲乙丙 1", max_size=5).map(str.strip))


def an_old_edition(**changes: Any):
    file: dict[str, Any] = {"size": 3, "sha256": "0" * 64}
    return an_edition(
        number=2, short_title="短", document_number="清街发〔2024〕8号", source="市住建局", change_note="改了日期。", made_on=date(2024, 5, 29),
        images=(Image(name="图.png", media_type="image/png", alt="图", **file),),
        attachments=(Attachment(name="附件", media_type="text/csv", **file),), **changes)


def test_an_edition_that_says_none_of_it_keeps_the_seal_that_it_had():
    """Golden: ledgers hold the seals of editions that were signed before there was such a field."""
    assert seal(an_old_edition()) == SEAL_BEFORE
    assert b"metadata" not in canonical(an_old_edition())


def test_every_pair_is_under_the_seal():
    said = [{}, {"validity": "有效"}, {"validity": "废止"}, {"genre": "有效"}, {"validity": "有效", "genre": "通知"}]
    assert len({seal(an_old_edition(metadata=pairs(one))) for one in said}) == len(said)


@given(SAID)
def test_the_same_is_sealed_the_same_whatever_the_order_and_what_is_empty(said):
    other = pairs({**dict.fromkeys(SLUGS, ""), **dict(reversed(said.items()))})
    assert seal(an_edition(metadata=pairs(said))) == seal(an_edition(metadata=other))
    assert {slug: text for slug, _label, text in lines(other)} == dict(other) == {slug: text for slug, text in said.items() if text}
    assert all(value(other, slug) == said.get(slug, "") for slug in SLUGS)


@pytest.mark.parametrize("bad", [(("validity", "有效"), ("genre", "通知")), (("genre", "甲"), ("genre", "乙")), (("genre", ""),), (("genre", " "),)])
def test_an_edition_keeps_pairs_in_one_form_alone(bad):
    with pytest.raises(EditionError, match="metadata: should be pairs"):
        an_edition(metadata=bad)


def test_no_control_character_is_kept_in_them():
    with pytest.raises(EditionError, match=r"metadata: holds the control character U\+0000"):
        an_edition(metadata=(("genre", "通\x00知"),))


def test_what_the_table_knows_no_more_is_still_read():
    """What was signed stays readable, whatever becomes of the table."""
    edition = an_edition(metadata=(("given_up", "旧值"), ("validity", "从前的词")))
    assert list(lines(edition.metadata)) == [("validity", "有效性", "从前的词"), ("given_up", "given_up", "旧值")]


@pytest.mark.parametrize("field", FIELDS, ids=SLUGS)
def test_each_field_takes_its_own_words_and_no_others(field):
    if field.kind is Kind.CHOICE:
        assert [field.read(word) for word, _ in field.choices] == [word for word, _ in field.choices]
        with pytest.raises(MetadataError, match="is none of") as caught:
            field.read("别的")
        assert "可选" in caught.value.chinese
    elif field.kind is Kind.DATE:
        assert field.read("2026-12-31") == "2026-12-31"
        for bad in ("长期", "20261231", "2026-02-30", "1911-01-01"):
            with pytest.raises(MetadataError, match=r"is no date|before 1949"):
                field.read(bad)
    else:
        assert field.read("字" * field.limit) == "字" * field.limit
        for bad in ("字" * (field.limit + 1), "甲\n乙", "甲\t乙"):
            with pytest.raises(MetadataError, match=r"are allowed|one line"):
                field.read(bad)


def test_a_table_that_can_be_read_in_one_way_only():
    """No heading of a sheet may mean two fields, no slug another fact of a record, and each word has its English."""
    headings = Counter(heading for names in HEADERS.values() for heading in names)
    assert [heading for heading, times in headings.items() if times > 1] == []
    assert set(SLUGS) < KNOWN
    assert not set(SLUGS) & set(type(an_edition()).__dataclass_fields__)
    assert all(one.english and all(english for _, english in one.choices) for one in FIELDS)
    assert {metadata.DISCLOSURE, metadata.VALIDITY, metadata.VALID_UNTIL} <= set(SLUGS)
    assert metadata.PROACTIVE in dict(BY_SLUG[metadata.DISCLOSURE].choices)
    assert set(metadata.ENDED) < set(dict(BY_SLUG[metadata.VALIDITY].choices))


@pytest.mark.parametrize(("said", "told"), [
    ({}, ""), ({"validity": "有效", "valid_until": "2020-01-01"}, ""),
    ({"validity": "废止"}, "本文件已废止，仅供查阅，不再作为办事依据。"),
    ({"validity": "失效", "valid_until": "2024-12-31"}, "本文件已失效（有效期至 2024-12-31），仅供查阅，不再作为办事依据。")])
def test_a_reader_is_told_of_a_dead_document_and_of_no_other(said, told):
    assert ended(pairs(said)) == told


@pytest.mark.parametrize("disclosure", ["", "主动公开"])
def test_what_is_disclosed_proactively_may_be_public(disclosure):
    may_be_public(index_number="1", said=pairs({"disclosure": disclosure}))


@pytest.mark.parametrize("disclosure", ["依申请公开", "不予公开"])
def test_nothing_else_may_be(disclosure):
    with pytest.raises(RuleError, match=f"its disclosure is {disclosure}, and only 主动公开 may be published") as caught:
        may_be_public(index_number="1", said=pairs({"disclosure": disclosure}))
    assert (caught.value.code, caught.value.facts["disclosure"]) == ("not_proactive", disclosure)


def test_what_is_typed_into_them_is_screened():
    edition = replace(an_edition(), metadata=pairs({"responsible_unit": "综合办 13800138000"}))
    (found,) = [one for one in screen(words_of(edition)) if one.field == "responsible_unit"]
    assert (found.place, found.remedy) == ("责任部门", "mask")
