"""A ZIP whose bytes follow from what is in it: members in order, no times, no trace of the machine."""

from __future__ import annotations

import io
import zipfile

FIRST = "[Content_Types].xml"  #: where Office looks first


def repacked(data: bytes) -> bytes:
    """The same members, written the same way whenever and wherever."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as after:
        for name in sorted(before.namelist(), key=lambda name: (name != FIRST, name)):
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            after.writestr(member, before.read(name))
    return out.getvalue()
