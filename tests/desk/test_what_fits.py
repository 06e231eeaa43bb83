"""What does not fit a channel is found at the desk, by the channel's own `render`. A kind in the registry is tested here by being there."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pixels

from channels.base import Outlet
from channels.errors import UnsuitableError
from content.items import Edition, Image
from content.records import TITLE_LIMIT
from desk.roles import Role
from ledger.models import Item
from tests.channels.test_contract import OUTLETS
from tests.desk.approvals import reviewed
from tests.desk.approvals import words as edition_of
from tests.desk.drafting import HOME, drafted, told, words
from tests.desk.stage import Stage, point_desk_at
from tests.flows.stage import SECRET, furnish
from tests.rigs.documents import ROOT, blocks

pytestmark = pytest.mark.ledger
MOST = {"title": TITLE_LIMIT, "body": 21_000}  #: characters that are tried: of a title all that any item may have


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A desk of an office that has a channel of the kind, as the kind's page describes one."""

    stage: Stage
    name: str
    channel: Outlet

    def edition(self, serial: int = 1, **changes: Any) -> Edition:
        """An ordinary edition, as the form of `drafting.words` makes one."""
        return edition_of(self.stage, serial, **{"body": "<p>进入汛期，请各社区加强值守。</p>", **changes})

    def refuses(self, edition: Edition) -> str:
        """What the channel's own rendering says of an edition; empty where it fits."""
        try:
            self.channel.render(edition)
        except UnsuitableError as error:
            return " ".join(str(error).removeprefix(f"{edition.index_number}：").split())
        return ""

    def pages(self, number: int) -> tuple[str, str]:
        """What the clerk reads of an edition, and what the signer does."""
        clerk, signer = self.stage.browser(Role.CLERK), self.stage.browser(Role.SIGNER)
        return told(clerk.get(f"{HOME}{number}/")), told(signer.get(f"/qingshui/signatures/{number}/"))


@pytest.fixture(params=sorted({outlet.partition("@")[0] for outlet in OUTLETS}))  # of whichever server
def desk(request: pytest.FixtureRequest, sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """One for every kind of outlet."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", SECRET)
    point_desk_at(sqlite, monkeypatch)
    kind = request.param
    there = "" if kind in ("board", "wechat") else options(kind)
    hand = furnish(sqlite, more=there)
    name = next(name for name, section in hand.sections.items() if section.kind == kind)
    return Desk(stage=Stage(home=sqlite, hand=hand), name=name, channel=hand.outlets[name])


def options(kind: str) -> str:
    """The section of gongkai.toml that a kind's page shows."""
    return next(block.text for block in blocks(ROOT / "docs" / "channels" / f"{kind}.md") if block.info == "toml")


def longest(fits: Callable[[int], bool], most: int) -> int:
    """The largest number that fits, where every smaller one does."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def of_length(field: str, length: int) -> dict[str, Any]:
    """A title or a body of so many characters."""
    return {field: "关" * length if field == "title" else f"<p>{'文' * length}</p>"}


@pytest.mark.parametrize("field", MOST)
def test_one_character_more_than_fits_is_told_to_the_clerk_and_to_the_signer(desk: Desk, field: str) -> None:
    """What fits exactly is saved; one more is refused beside the channel with what to do, nothing is kept, and nobody can sign it."""
    most = longest(lambda length: not desk.refuses(desk.edition(**of_length(field, length))), MOST[field])
    limits = desk.channel.limits
    if field == "title" and limits.title is not None:
        assert limits.count("关" * most) <= limits.title
        assert most == MOST["title"] or limits.count("关" * (most + 1)) > limits.title
    clerk = desk.stage.browser(Role.CLERK)
    drafted(clerk, channels=["website", desk.name], **of_length(field, most))
    if most == MOST[field]:  # it fits whatever may come, or is cut to fit
        made = desk.channel.render(desk.edition(**of_length(field, most)))
        assert limits.text is None or limits.count(made.body) <= limits.text
        return
    over = of_length(field, most + 1)
    why = desk.refuses(desk.edition(2, **over))
    assert "请" in why
    answer = clerk.post(f"{HOME}new/", words(scratch="new:a2", index_number="006123456/2024-00002", channels=["website", desk.name], **over))
    assert answer.status_code == 422
    assert f'id="channel-{desk.name}-wrong"' in answer.content.decode()
    assert why in told(answer)
    assert Item.objects.count() == 1
    number = reviewed(desk.stage, desk.edition(2, **over), channels=("website", desk.name))
    shown = desk.stage.browser(Role.SIGNER).get(f"/qingshui/signatures/{number}/")
    assert why in told(shown)
    assert 'value="sign"' not in shown.content.decode()


def test_a_short_title_stands_where_titles_are_short(desk: Desk) -> None:
    """In a title field that has a limit, and at the head of a short post; what has room for the whole title keeps it."""
    made = desk.channel.render(desk.edition(title="关" * 100, short_title="汛期值守"))
    limits = desk.channel.limits
    short = (limits.title is not None and limits.count("关" * 100) > limits.title) or made.media_type == "text/plain"
    assert ("汛期值守" if short else "关" * 100) in made.title + made.body


def test_where_the_channel_asks_for_a_page_to_lead_to_the_clerk_is_told(desk: Desk) -> None:
    """An item that goes there alone has no page of ours: some platforms take no such post."""
    why = desk.refuses(desk.edition(link=""))
    answer = desk.stage.browser(Role.CLERK).post(f"{HOME}new/", words(channels=[desk.name]))
    assert answer.status_code == (422 if why else 303)
    assert why in told(answer)
    assert not why or "请" in why


def test_words_that_are_cut_to_fit_are_told_to_the_clerk_and_to_the_signer(desk: Desk) -> None:
    """A short post keeps index number and link, and loses the end of its words: who wrote them may want shorter ones."""
    edition = desk.edition(summary="", **of_length("body", MOST["body"]))
    refused = desk.refuses(edition)
    cut = not refused and "文" * MOST["body"] not in desk.channel.render(edition).body
    number = reviewed(desk.stage, edition, channels=("website", desk.name))
    assert [("标题和概述已截短" in seen) for seen in desk.pages(number)] == [cut, cut]
    assert not refused or "请" in refused


def with_pictures(desk: Desk, count: int, media_type: str = "image/png") -> tuple[Edition, int]:
    """An edition that shows so many pictures, and its number, reviewed."""
    data = [picture(n) for n in range(count)]
    images = tuple(Image(name=f"现场{n}.png", media_type=media_type, size=len(one), sha256=sha256(one).hexdigest(), alt=f"第{n}张")
                   for n, one in enumerate(data, 1))
    edition = desk.edition(body="<p>现场。</p>" + "".join(f'<p><img src="{one.name}" alt="{one.alt}"></p>' for one in images), images=images)
    return edition, reviewed(desk.stage, edition, channels=("website", desk.name), blobs=tuple(data))


def picture(shade: int) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Pixels.new("RGB", (60, 40), (shade, 70, 130)).save(out, "PNG")
    return out.getvalue()


def test_pictures_that_have_no_room_are_named_to_the_clerk_and_to_the_signer(desk: Desk) -> None:
    """One more than the channel carries: the others go out, this one does not, and both know."""
    most = desk.channel.limits.max_images
    edition, number = with_pictures(desk, (2 if most is None else most) + 1)
    carried = desk.channel.render(edition).images
    assert most is None or len(carried) == most
    missing = [image.name for image in edition.images if image not in carried]
    for seen in desk.pages(number):
        assert ("不会出现" in seen) == bool(missing)
        assert all(f"{name} 不会出现" in seen for name in missing)


def test_a_picture_of_a_wrong_type_is_told_to_the_signer(desk: Desk) -> None:
    """It came by another door than the desk's, which takes none such: nobody can sign it, and the page says what to bring instead."""
    edition, number = with_pictures(desk, 1, "image/svg+xml")
    why = desk.refuses(edition)
    assert bool(why) == (desk.channel.limits.max_images != 0)
    assert not why or "请换成" in why
    _, signer = desk.pages(number)
    assert why in signer
    assert ("有渠道放不下这条信息，不能签发" in signer) == bool(why)
