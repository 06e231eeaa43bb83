"""Zip packages and the XML in them, within bounds: sizes are looked at before inflating and kept while inflating; no entity is declared."""

from __future__ import annotations

import io
import zipfile
import zlib
from posixpath import dirname, join, normpath

from lxml import etree

from content.readers.fragments import ReadingError

MEMBERS = 5_000
INFLATED = 256 * 2**20  #: bytes of a whole package
PART = 48 * 2**20  #: bytes of one part that is read as XML: Excel's own sheets of 100,000 rows stay below
RATIO = 250  #: how much smaller than its content a package of any size may be; spreadsheets reach 60

_BOMB = "请用Office或WPS重新另存，或拆成几个较小的文件。"
_BROKEN = "请用Office或WPS打开检查，另存后重新上传。"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """A zip file in memory.

    Raises:
        ReadingError: it is broken, encrypted, or would be too large when inflated.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.members = [info for info in self._zip.infolist() if not info.is_dir()]
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise ReadingError("malformed", "压缩包的目录损坏，打不开", _BROKEN) from error
        declared = sum(info.file_size for info in self.members)
        if len(self.members) > MEMBERS or declared > INFLATED or (declared > 16 * 2**20 and declared > RATIO * len(data)):
            raise ReadingError("bomb", f"解开后有{len(self.members)}个文件、{declared // 2**20}MB，"
                                       f"与{max(len(data) // 1024, 1)}KB的大小不相称，未予解开", _BOMB)
        self.names = [info.filename for info in self.members]
        self._left = INFLATED

    def read(self, name: str, limit: int = PART) -> bytes:
        """A member's bytes.

        Raises:
            ReadingError: it is encrypted, damaged or larger than the limit.
        """
        try:
            info = self._zip.getinfo(name)
            if info.flag_bits & 1:
                raise ReadingError("encrypted", f"“{name}”已加密，无法检查", "请取消密码后重新上传。")
            limit = min(limit, self._left)
            with self._zip.open(info) as stream:
                data = stream.read(limit + 1)  # whatever size the directory claims
        except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError, KeyError) as error:
            if isinstance(error, ReadingError):
                raise
            raise ReadingError("malformed", f"其中的“{name}”损坏，读不出来", _BROKEN) from error
        if len(data) > limit:
            raise ReadingError("bomb", f"其中的“{name}”解开后超过{limit // 2**20}MB，未予解开", _BOMB)
        self._left -= len(data)
        return data

    def xml(self, name: str) -> etree._Element:
        """A member as XML.

        Raises:
            ReadingError: as `read`, or it is no XML, or it declares a document type.
        """
        return parse_xml(self.read(name), name)

    def like(self, start: str, end: str = ".xml") -> list[str]:
        """Members by the beginning and the end of their names, in order of the numbers in them."""
        return sorted((name for name in self.names if name.startswith(start) and name.endswith(end)), key=lambda name: (len(name), name))

    def relations(self, name: str) -> list[tuple[str, str, bool]]:
        """(id, target as a member's name or an address outside, whether outside) of a part's relations."""
        folder = dirname(name)
        listed = join(folder, "_rels", f"{name.rpartition('/')[2]}.rels")
        if listed not in self.names:
            return []
        found = []
        for one in self.xml(listed).iter(RELATION):
            outside, target = one.get("TargetMode") == "External", one.get("Target") or ""
            within = target if target.startswith("/") else normpath(join(folder, target))
            found.append((one.get("Id") or "", target if outside else within.lstrip("/"), outside))
        return found


def parse_xml(data: bytes, name: str) -> etree._Element:
    """XML without any declaration of a document type: no entity can grow or reach outside.

    Raises:
        ReadingError: it is none, or declares one.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
                             remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadingError("malformed", f"其中的“{name}”不是完好的XML", _BROKEN) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadingError("bomb", f"其中的“{name}”声明了实体，正常的Office文件没有这种内容", _BOMB)
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def value(element: etree._Element, name: str) -> str | None:
    """An attribute by its name without its namespace."""
    return next((str(found) for key, found in element.attrib.items() if str(key).rpartition("}")[2] == name), None)
