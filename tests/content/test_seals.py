"""Seals: the same value, the same bytes, on every machine and in every year. A change here voids every signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from content.items import Attachment
from content.seals import canonical, seal, sign_off_seal
from tests.builders import an_edition


def test_the_canonical_bytes_never_change():
    """Golden: editions signed with one version of Gongkai are released by another."""
    value = {"乙": [1, None, True], "a": {"d": date(2024, 5, 28), "t": datetime(2024, 6, 3, 4, 0, tzinfo=UTC)}, "引号\"": "换\n行",
             "file": Attachment(name="附件", media_type="text/csv", size=3, sha256="0" * 64)}
    assert canonical(value).decode() == (
        '{"a":{"d":"2024-05-28","t":"2024-06-03T04:00:00+00:00"},"file":{"media_type":"text/csv","name":"附件","sha256":"' + "0" * 64
        + '","size":3},"乙":[1,null,true],"引号\\"":"换\\n行"}')


def test_the_seal_of_an_edition_never_changes():
    assert seal(an_edition()) == SEAL


SEAL = "3827c17f08fd92a8a8baba2165b1227311267c7ea09ee97f1a7de02bf27ba34e"


def test_every_word_is_under_the_seal():
    edition = an_edition()
    changes: dict[str, Any] = {"title": "改", "short_title": "改", "summary": "改", "body": "<p>改</p>", "issuing_body": "改", "column": "dongtai",
               "category": "", "made_on": date(2024, 5, 29), "document_number": "改", "keywords": ("改",), "source": "改", "change_note": "改",
               "link": "", "number": 2, "index_number": "006123456/2024-00018", "office": "other",
               "attachments": (Attachment(name="附件", media_type="text/csv", size=3, sha256="0" * 64),)}
    assert len({seal(edition), *(seal(replace(edition, **{name: value})) for name, value in changes.items())}) == len(changes) + 1


def test_the_sign_off_covers_words_and_every_rendition_whatever_their_order():
    one = sign_off_seal("e", {"website": "1", "wechat": "2"})
    assert one == sign_off_seal("e", {"wechat": "2", "website": "1"})
    assert one not in {sign_off_seal("f", {"website": "1", "wechat": "2"}), sign_off_seal("e", {"website": "2", "wechat": "1"}),
                       sign_off_seal("e", {"website": "1"})}


@pytest.mark.parametrize("value", [{"a"}, object(), b"bytes", Attachment])
def test_refuses_what_has_no_canonical_form(value):
    with pytest.raises(TypeError, match="has no canonical form"):
        canonical(value)


def test_refuses_what_is_no_number():
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))
