"""gongkai.toml, read: offices with their columns and channels, as values. The doors read the file; here it is understood.

Everything wrong is found in one reading, each fault with the place in the file and what to write there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from content.index_numbers import Composition
from content.metadata import SLUGS
from content.offices import Column, Office, Site

T = TypeVar("T")
NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
DAY = re.compile(r"([01]?\d)-([0-3]?\d)")
DUE = "01-31"  #: Art. 49 of the 条例 (国务院令第711号), for offices at county level and above; local notices set an earlier day for others


class ConfigurationFault(ValueError):
    """gongkai.toml does not hold. `faults` has a line for each fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSection:
    """One [[office.channel]]: the channel's own keys are for its kind to read."""

    name: str
    kind: str
    follows: str = ""  #: the channel it goes along with: a feed follows the website
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeSection:
    """One [[office]]: the office, and the channels it speaks through."""

    office: Office
    channels: tuple[ChannelSection, ...]

    @property
    def follows(self) -> dict[str, str]:
        """Which channel goes along with which."""
        return {channel.name: channel.follows for channel in self.channels if channel.follows}


class _Section:
    """A table of the file: hands out its keys, notes what is wrong, and in the end names the keys nobody asked for."""

    def __init__(self, table: Any, place: str, faults: list[str]) -> None:
        self.faults, self.place = faults, place
        self.left: dict[str, Any] = dict(table) if isinstance(table, Mapping) else {}
        if not isinstance(table, Mapping):
            self.fault("", "should be a table")

    def fault(self, key: str, problem: str) -> None:
        self.faults.append(f"{self.place}{'.' if key and self.place else ''}{key}: {problem}")

    def text(self, key: str, *, default: str | None = None) -> str:
        value = self.left.pop(key, default)
        if value is None or (default is None and isinstance(value, str) and not value.strip()):
            self.fault(key, "is missing")
        elif not isinstance(value, str):
            self.fault(key, f"should be text in quotes, not {value!r}")
        else:
            return value.strip()
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fault(key, 'should be a list of texts, ["…", "…"]')
            return ()
        return tuple(value)

    def number(self, key: str, default: int) -> int:
        value = self.left.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.fault(key, f"should be a whole number from 1, not {value!r}")
            return default
        return value

    def flag(self, key: str) -> bool:
        value = self.left.pop(key, False)
        if not isinstance(value, bool):
            self.fault(key, f"should be true or false, not {value!r}")
        return value is True

    def table(self, key: str) -> _Section:
        if key not in self.left:
            self.fault(key, "is missing")
        return _Section(self.left.pop(key, {}), f"{self.place}.{key}", self.faults)

    def tables(self, key: str) -> list[_Section]:
        value = self.left.pop(key, [])
        if not isinstance(value, list):
            self.fault(key, f"should be written [[{key}]]")
            value = []
        return [_Section(one, f"{self.place}{'.' if self.place else ''}{key}[{n}]", self.faults) for n, one in enumerate(value)]

    def end(self) -> None:
        for key in self.left:
            self.fault(key, "is not a key of this section; check its spelling")

    def build(self, make: Callable[..., T], **facts: Any) -> T | None:
        try:
            return make(**facts)
        except (ValueError, KeyError) as error:
            self.fault("", str(error))
            return None


def read(document: Mapping[str, Any]) -> tuple[OfficeSection, ...]:
    """The offices of a parsed gongkai.toml, in its order.

    Raises:
        ConfigurationFault: anything in it is missing, unknown, of the wrong type, or contradicts the rest.
    """
    faults: list[str] = []
    top = _Section(document, "", faults)
    sections = top.tables("office")
    if not sections:
        top.fault("office", "no [[office]] is described")
    offices = [_office(section) for section in sections]
    top.end()
    found = [office for office in offices if office is not None]
    codes = [one.office.code for one in found]
    faults += [f"office: code {code!r} is used twice" for code in sorted({code for code in codes if codes.count(code) > 1})]
    if faults:
        raise ConfigurationFault(faults)
    return tuple(found)


def _office(section: _Section) -> OfficeSection | None:
    already = len(section.faults)
    index, site = section.table("index"), section.table("site")
    composition = index.build(Composition, code=index.text("code"), pattern=index.text("pattern", default=Composition.pattern))
    home = site.text("home").rstrip("/")
    if home and not home.startswith(("https://", "http://")):
        site.fault("home", f"should begin with https://, not {home!r}")
    page = Site(home=home, **{key: site.text(key, default=None if key == "name" else "")
                              for key in ("name", "type", "id_code", "organiser", "operator", "icp", "police", "about", "logo", "logo_alt",
                                          "mark", "mark_link")})
    if page.mark_link and not page.mark_link.startswith(("https://", "http://")):
        site.fault("mark_link", f"should begin with https://, not {page.mark_link!r}")
    channels = _channels(section)
    columns = tuple(_column(one, {channel.name for channel in channels}) for one in section.tables("column"))
    facts: dict[str, Any] = {key: section.text(key) for key in ("code", "name", "short_name")}
    facts |= {key: section.text(key, default="") for key in ("address", "postcode", "phone", "fax", "email", "supervision_phone", "hours")}
    facts |= {"zone": section.text("zone", default="Asia/Shanghai"), "sandbox": section.flag("sandbox"), "urgent": section.flag("urgent")}
    facts["desk_url"] = section.text("desk_url", default="").rstrip("/")
    if facts["desk_url"] and not facts["desk_url"].startswith(("https://", "http://")):
        section.fault("desk_url", f"should begin with https://, not {facts['desk_url']!r}")
    facts["categories"] = section.texts("categories")
    facts |= _report(section)
    facts |= _metadata(section)
    if facts["code"] and not NAME.fullmatch(facts["code"]):
        section.fault("code", f"{facts['code']!r}: small letters, digits, - and _, beginning with a letter")
    if not columns:
        section.fault("column", "no [[office.column]] is described")
    for one in (index, site, section):
        one.end()
    if len(section.faults) > already or composition is None:
        return None
    office = section.build(Office, site=page, index=composition, columns=columns, **facts)
    return None if office is None else OfficeSection(office=office, channels=channels)


def _report(section: _Section) -> dict[str, Any]:
    """[office.report]: when the yearly report is due, and where it is published. The section may be left out."""
    if "report" not in section.left:
        return {}
    report = section.table("report")
    due = report.text("due", default="")
    out: dict[str, Any] = {"report_column": report.text("column", default="")}
    found = DAY.fullmatch(due)
    if not due:
        pass  # the form says it
    elif found:
        out["report_due"] = (int(found[1]), int(found[2]))
    else:
        report.fault("due", f'should be month and day, "{DUE}", not {due!r}')
    report.end()
    return out


def _metadata(section: _Section) -> dict[str, Any]:
    """[office.metadata]: which 更多著录项 the form asks for. The section may be left out: all are shown, none is required."""
    if "metadata" not in section.left:
        return {}
    table = section.table("metadata")
    shown = table.texts("shown") if "shown" in table.left else SLUGS
    required = table.texts("required")
    for key, slugs in (("shown", shown), ("required", required)):
        for slug in slugs:
            if slug not in SLUGS:
                table.fault(key, f"there is no field {slug!r}; known are {', '.join(SLUGS)}")
    for slug in required:
        if slug in SLUGS and slug not in shown:
            table.fault("required", f"{slug!r} is not shown, so nobody could fill it in; name it under shown, too")
    table.end()
    return {"metadata_shown": tuple(slug for slug in SLUGS if slug in shown), "metadata_required": required}


def _column(section: _Section, channels: set[str]) -> Column:
    column = Column(
        slug=section.text("slug"), name=section.text("name"), description=section.text("description", default=""),
        keywords=section.texts("keywords"), type=section.text("type", default="工作动态"), category=section.text("category", default=""),
        channels=section.texts("channels"), board_days=section.number("board_days", 10))
    for name in column.channels:
        if name not in channels:
            section.fault("channels", f"there is no channel {name!r} in this office")
    section.end()
    return column


def _channels(office: _Section) -> tuple[ChannelSection, ...]:
    found: list[ChannelSection] = []
    sections = office.tables("channel")
    if not sections:
        office.fault("channel", "no [[office.channel]] is described")
    for section in sections:
        name, kind, follows = section.text("name"), section.text("kind"), section.text("follows", default="")
        if name and not NAME.fullmatch(name):
            section.fault("name", f"{name!r}: small letters, digits, - and _, beginning with a letter")
        if name in {channel.name for channel in found}:
            section.fault("name", f"there are two channels {name!r}")
        found.append(ChannelSection(name=name, kind=kind, follows=follows, options=section.left))
    for section, channel in zip(sections, found, strict=True):
        if channel.follows and channel.follows not in {other.name for other in found if not other.follows}:
            section.fault("follows", f"there is no channel {channel.follows!r} that it could follow")
    return tuple(found)
