"""The board's pages: what a person in the hall reads and records, at a desk and from a telephone."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from desk.roles import Role
from desk.sheets import Stand, placed
from ledger import queries, services
from ledger.models import Sheet
from tests.desk.spread import corrected, hang, printed, wall
from tests.desk.stage import NAMES, Stage

pytestmark = pytest.mark.ledger


def photograph(*, gps: bool = True) -> bytes:
    """What a telephone takes, with where it was taken written into it."""
    picture = Image.linear_gradient("L").resize((400, 300)).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "手机厂商"
    if gps:
        exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def page(desk: Stage, role: Role, path: str = "") -> str:
    answer = desk.browser(role).get(f"/qingshui/board/{path}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_list_says_what_to_put_up_and_the_button_records_it(desk: Stage) -> None:
    """Only now does it count as disclosed; the record names who and when."""
    number = printed(desk)
    text = page(desk, Role.CLERK)
    assert "要张贴" in text
    assert number in text
    answer = desk.browser(Role.CLERK).post(f"/qingshui/board/record/{number}/", {"do": "put_up"})
    assert answer.status_code == 303
    assert answer["Location"] == f"/qingshui/board/sheet/{number}/"
    after = page(desk, Role.CLERK)
    assert "正在张贴" in after
    assert "要张贴" not in after
    line = queries.sheet(number=number)
    assert line is not None
    assert (line.put_up, line.put_up_by) == (True, NAMES[Role.CLERK])
    assert queries.events(office="qingshui", verb="put up").rows[0].actor == NAMES[Role.CLERK]


def test_the_days_to_write_on_the_paper_are_told_before_it_hangs_and_kept_once_it_does(desk_sqlite: Stage) -> None:
    """Nothing but the term stands on the paper; the desk counts from today, and from then on from that day."""
    number = printed(desk_sqlite)
    today = datetime.now(desk_sqlite.hand.office.tz).date()
    line = queries.sheet(number=number)
    assert line is not None
    until = f"{today + timedelta(days=line.days)}"
    told = page(desk_sqlite, Role.CLERK, f"sheet/{number}/")
    assert re.search(rf"张贴日期\s*<strong[^>]*>{today}</strong><br>撤下日期\s*<strong[^>]*>{until}</strong>", told)
    assert f"自张贴之日起 {line.days} 日" in told
    assert until in page(desk_sqlite, Role.CLERK)
    answer = desk_sqlite.browser(Role.CLERK).post(f"/qingshui/board/record/{number}/", {"do": "put_up"}, follow=True)
    assert f"张贴至 {until}" in answer.content.decode()
    line = queries.sheet(number=number)
    assert line is not None
    assert f"{line.due_down}" == until


def test_a_sheet_that_was_never_put_up_is_flagged_everywhere(desk_sqlite: Stage) -> None:
    """Printed weeks ago and forgotten: it is not listed as if it had come today."""
    number = printed(desk_sqlite)
    for path in ("today/", "board/", f"board/sheet/{number}/"):
        assert "已过原定撤下日期" not in desk_sqlite.browser(Role.CLERK).get(f"/qingshui/{path}").content.decode()
    forget_for(number, timedelta(days=11))
    for path in ("today/", "board/", f"board/sheet/{number}/"):
        assert "一直没贴，已过原定撤下日期" in desk_sqlite.browser(Role.CLERK).get(f"/qingshui/{path}").content.decode(), path
    hang(desk_sqlite, number)
    text = page(desk_sqlite, Role.CLERK)
    assert "已过原定撤下日期" not in text
    assert "正在张贴" in text
    assert "要撤下" not in text, "it hangs its ten days from now"


def forget_for(number: str, past: timedelta) -> None:
    """As if it had been printed so long ago, which the database lets nobody write."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER guard_sheet_once")
    Sheet.objects.filter(number=number).update(printed_at=wall() - past)


def test_a_photograph_goes_with_it_and_says_no_more_than_it_shows(desk_sqlite: Stage) -> None:
    number = printed(desk_sqlite)
    clerk = desk_sqlite.browser(Role.CLERK)
    sent = SimpleUploadedFile("IMG_1.jpg", photograph(), "image/jpeg")
    assert clerk.post(f"/qingshui/board/record/{number}/", {"do": "put_up", "photo": sent}).status_code == 303
    assert "张贴时的现场照片" in page(desk_sqlite, Role.CLERK, f"sheet/{number}/")
    shown = clerk.get(f"/qingshui/board/photo/{number}/up/")
    assert shown["Content-Type"] in ("image/jpeg", "image/png")
    assert not Image.open(io.BytesIO(shown.content)).getexif()
    line = queries.sheet(number=number)
    assert line is not None
    assert line.put_up_photo == hashlib.sha256(shown.content).hexdigest()


def test_what_is_no_photograph_is_refused_and_nothing_is_recorded(desk_sqlite: Stage) -> None:
    number = printed(desk_sqlite)
    sent = SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>", "image/jpeg")
    answer = desk_sqlite.browser(Role.CLERK).post(f"/qingshui/board/record/{number}/", {"do": "put_up", "photo": sent})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "a.jpg" in text
    assert "<script>alert" not in text
    line = queries.sheet(number=number)
    assert line is not None
    assert not line.put_up


def test_the_sheet_is_shown_as_it_lies_in_the_folder(desk_sqlite: Stage) -> None:
    """As pictures for telephones, and as the PDF for the printer."""
    number = printed(desk_sqlite)
    assert f"/board/picture/{number}/1.png" in page(desk_sqlite, Role.CLERK, f"sheet/{number}/")
    clerk = desk_sqlite.browser(Role.CLERK)
    assert clerk.get(f"/qingshui/board/picture/{number}/1.png").content.startswith(b"\x89PNG")
    assert clerk.get(f"/qingshui/board/picture/{number}/2.png").status_code == 404
    pdf = clerk.get(f"/qingshui/board/paper/{number}.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    next(desk_sqlite.home.glob("board/*.pdf")).unlink()
    text = page(desk_sqlite, Role.CLERK, f"sheet/{number}/")
    assert "没有这一张的 PDF" in text
    assert "登记：已经贴上" in text


def test_a_stranger_at_the_code_comes_back_to_the_sheet_after_signing_in(desk_sqlite: Stage) -> None:
    number = printed(desk_sqlite)
    answer = Client(headers={"host": "127.0.0.1"}).get(f"/qingshui/board/sheet/{number}/")
    assert answer.status_code == 302
    assert f"next=/qingshui/board/sheet/{number}/" in answer["Location"]


def test_after_a_correction_the_old_sheet_is_to_come_down_and_the_new_one_to_go_up(desk_sqlite: Stage) -> None:
    old = printed(desk_sqlite)
    hang(desk_sqlite, old)
    new = corrected(desk_sqlite, old)
    text = page(desk_sqlite, Role.CLERK)
    assert text.index("要撤下") < text.index(old) < text.index("要张贴") < text.index(new)
    assert "已有更正" in text


def test_what_may_not_go_up_any_more_says_why(desk_sqlite: Stage) -> None:
    """Somebody scans an old print: the page says that it is waste, and the server refuses too."""
    old = printed(desk_sqlite)
    corrected(desk_sqlite, old)
    text = page(desk_sqlite, Role.CLERK, f"sheet/{old}/")
    assert "不再张贴，请销毁" in text
    assert "登记：已经贴上" not in text
    answer = desk_sqlite.browser(Role.CLERK).post(f"/qingshui/board/record/{old}/", {"do": "put_up"})
    assert answer.status_code == 422
    assert f"张贴单 {old} 已被新的张贴单" in answer.content.decode()


def test_who_only_looks_finds_no_button(desk_sqlite: Stage) -> None:
    number = printed(desk_sqlite)
    assert "登记张贴</button" not in page(desk_sqlite, Role.DISTRICT)
    assert "登记：已经贴上" not in page(desk_sqlite, Role.SIGNER, f"sheet/{number}/")
    assert desk_sqlite.browser(Role.DISTRICT).post(f"/qingshui/board/record/{number}/", {"do": "put_up"}).status_code == 403


def test_every_stand_of_a_sheet_has_its_word(desk_sqlite: Stage) -> None:
    """A pure function of the line and the day."""
    number = printed(desk_sqlite)
    line = queries.sheet(number=number)
    assert line is not None
    assert (placed(line, line.printed_on).stand, placed(line, line.printed_on).why) == (Stand.UP, "")
    late = placed(line, line.printed_on + timedelta(days=line.days))
    assert (late.stand, late.why) == (Stand.UP, "late")
    hang(desk_sqlite, number)
    line = queries.sheet(number=number)
    assert line is not None
    assert line.due_down is not None
    assert placed(line, line.due_down - timedelta(days=1)).stand is Stand.HANGS
    due = placed(line, line.due_down)
    assert (due.stand, due.why) == (Stand.DOWN, "due")
    services.withdraw(index_number=line.index_number, by=NAMES[Role.SIGNER], at=wall(), reason="内容有误")
    line = queries.sheet(number=number)
    assert line is not None
    gone = placed(line, line.printed_on)
    assert (gone.stand, gone.why) == (Stand.DOWN, "withdrawn")
    services.take_down(office="qingshui", number=number, by=NAMES[Role.CLERK], at=wall())
    line = queries.sheet(number=number)
    assert line is not None
    assert placed(line, line.printed_on).stand is Stand.DONE
    assert number in page(desk_sqlite, Role.CLERK, "?all=1")
    assert number not in page(desk_sqlite, Role.CLERK)
