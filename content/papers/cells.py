"""What a cell of a sheet says: dates as people and Excel write them, lists of words, numbers that are meant as text."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from content.papers import letter

SERIALS = range(20_000, 80_000)  #: days since 1899-12-30 that a number in a date column may mean: 1954 to 2119
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # Excel's days stand in no zone

_DAY = re.compile(r"(\d{4})\s*[年./\-]\s*(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*[日号]?")
_DAY_SHORT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(上午|下午|晚上)?\s*(\d{1,2})\s*(?:[:：时点]\s*(\d{1,2})?)\s*(?:[:：分]\s*(\d{1,2})?)?\s*秒?(?:\.0+)?")
_BETWEEN = re.compile(r"[、，,；;\s]+")


class CellError(ValueError):
    """A cell that cannot be read. Its text is Chinese, for whoever filled it in, without naming the cell."""


def as_text(value: object) -> str:
    """A cell's text: whole numbers without a decimal point, days as 2024-03-05."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.strftime("%Y-%m-%d %H:%M")
    return str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").strip()


def as_day(value: object) -> str:
    """A day as 2024-03-05, from an Excel date, 2024年3月5日, 2024-3-5, 2024/3/5, 2024.3.5, 20240305 or 二〇二四年三月五日.

    Raises:
        CellError: it is no day, or leaves out a part of it.
    """
    return _instant(value).date().isoformat()


def as_instant(value: object) -> str:
    """A day, with or without a time of day, as 2024-03-05T09:30; a day alone begins at midnight.

    Raises:
        CellError: it is neither.
    """
    return _instant(value).isoformat(timespec="minutes")


def as_list(value: object) -> list[str]:
    """Words divided by 、 ， ; or blanks, each once."""
    return list(dict.fromkeys(word for word in _BETWEEN.split(as_text(value)) if word))


def _instant(value: object) -> datetime:
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, (int, float)) and not isinstance(value, bool) and int(value) in SERIALS:
        return (_EPOCH + timedelta(days=value) + timedelta(milliseconds=500)).replace(second=0, microsecond=0)
    text = as_text(value).replace("T", " ").strip()
    if in_words := letter.read_date(text):
        return datetime.combine(in_words, time())
    found = _DAY_SHORT.fullmatch(text) or _DAY.match(text)
    rest = text[found.end() :].strip() if found else ""
    clock = _TIME.fullmatch(rest) if rest else None
    if found is None or (rest and clock is None):
        raise CellError(f"“{text[:40]}”不是完整的日期，请写成 2024-03-05 或 2024年3月5日")
    try:
        day = date(*(int(part) for part in found.groups()))
        return datetime.combine(day, _time(clock) if clock else time())
    except ValueError:
        raise CellError(f"“{text[:40]}”不是日历上有的日期或时间，请核对") from None


def _time(found: re.Match[str]) -> time:
    hour = int(found[2])
    return time(hour + 12 if found[1] in ("下午", "晚上") and hour < 12 else hour, int(found[3] or 0))
