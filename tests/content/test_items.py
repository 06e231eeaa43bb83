"""An edition refuses what no channel could carry, by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from content.items import UNPRINTABLE, Attachment, EditionError, Image, blank
from tests.builders import an_edition

SHA = "a" * 64
PICTURE = Image(name="图.png", media_type="image/png", size=1, sha256=SHA, alt="一张图")
FILE = Attachment(name="附件.pdf", media_type="application/pdf", size=1, sha256=SHA)


@pytest.mark.parametrize("bad", [chr(code) for code in (0, 0x0B, 0x1F, 0x7F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF)])
@pytest.mark.parametrize("field", ["title", "summary", "body", "document_number", "source", "change_note", "link", "short_title", "category"])
def test_refuses_what_cannot_be_printed(field, bad):
    with pytest.raises(EditionError, match=f"{field}: holds the control character U\\+{ord(bad):04X}") as caught:
        an_edition(**{field: f"一{bad}二"})
    assert caught.value.field == field


@pytest.mark.parametrize("sign", ["\x85", "\u202e"])
def test_what_was_signed_before_it_was_refused_is_carried_still(sign):
    """One such sign in an old edition must not keep a whole site from being drawn; nobody hands in another one."""
    assert UNPRINTABLE.search(sign)
    assert an_edition(title=f"一{sign}二").title == f"一{sign}二"


@pytest.mark.parametrize(("text", "empty"), [("", True), ("\u200b\u200b", True), ("\u3000\ufeff\n", True), ("\u3164", True), ("\u200b一", False), ("\ue000", False)])
def test_a_text_is_blank_when_nothing_of_it_is_seen(text, empty):
    assert blank(text) is empty


def test_refuses_it_among_keywords_too():
    with pytest.raises(EditionError, match="keywords"):
        an_edition(keywords=("道路", "施\x00工"))


def test_carries_tabs_line_breaks_and_characters_beyond_the_basic_plane():
    assert an_edition(title="𠮷村\t通告\n二").title == "𠮷村\t通告\n二"


@pytest.mark.parametrize("field", ["index_number", "title", "office", "issuing_body", "column"])
@pytest.mark.parametrize("blank", ["", " ", "\u3000\n"])
def test_refuses_a_missing_field(field, blank):
    with pytest.raises(EditionError, match=f"{field}: is missing"):
        an_edition(**{field: blank})


def test_a_document_is_dated_by_the_day():
    with pytest.raises(EditionError, match="made_on"):
        an_edition(made_on=datetime(2024, 5, 28))


def test_editions_are_counted_from_one():
    with pytest.raises(EditionError, match="number"):
        an_edition(number=0)


@pytest.mark.parametrize("wrong", [{"sha256": "A" * 64}, {"sha256": "a" * 63}, {"size": -1}, {"name": " "}, {"name": "图\x00"},
                                   {"media_type": "image/\x00"}, {"alt": "一\ud800"}])
def test_refuses_a_picture_without_proper_name_size_or_hash(wrong):
    with pytest.raises(EditionError, match="images"):
        an_edition(images=(replace(PICTURE, **wrong),))


@pytest.mark.parametrize("wrong", [{"sha256": ""}, {"size": -1}, {"name": ""}, {"media_type": "\x01"}])
def test_refuses_an_attachment_without_proper_name_size_or_hash(wrong):
    with pytest.raises(EditionError, match="attachments"):
        an_edition(attachments=(replace(FILE, **wrong),))


def test_carries_pictures_and_attachments():
    edition = an_edition(images=(PICTURE,), attachments=(FILE,))
    assert (edition.images, edition.attachments) == ((PICTURE,), (FILE,))
