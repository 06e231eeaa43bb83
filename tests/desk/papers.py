"""What the clerk of the browser tests brings along: pictures, workbooks with a hidden sheet, and words that must not go out."""

from __future__ import annotations

import io

import openpyxl
from PIL import Image, ImageDraw

#: an identity number that nobody has (its sequence is 000, its check digit holds), and a mobile number
IDENTITY, MOBILE = "430104199001010007", "13874561234"
#: as the gate writes them (domain.md §7.3)
MASKED_IDENTITY, MASKED_MOBILE = "43*************007", "138****1234"


def picture(size: tuple[int, int] = (640, 400)) -> bytes:
    """A street in flat colours, as PNG."""
    drawn = Image.new("RGB", size, "#bcd3e6")
    draw = ImageDraw.Draw(drawn)
    draw.rectangle((0, size[1] * 2 // 3, *size), fill="#8b9096")
    for at in range(20, size[0] - 120, 150):
        draw.rectangle((at, size[1] // 4, at + 110, size[1] * 2 // 3), fill="#c9b79c")
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


def photograph() -> bytes:
    """What a telephone takes of a board: a JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (480, 640), "#d8c9a8").save(out, "JPEG")
    return out.getvalue()


def workbook(*, hidden: bool) -> bytes:
    """A list of allowances; where asked, with a sheet nobody sees that holds identity numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "汇总"
    for row in (("社区", "户数"), ("清水社区", 12), ("平安社区", 8)):
        sheet.append(row)
    if hidden:
        names = book.create_sheet("名单")
        names.append(("姓名", "身份证号"))
        names.append(("甲某", IDENTITY))
        names.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
