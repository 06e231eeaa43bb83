"""Office packages (.docx, .xlsx), opened with suspicion: sizes are read before anything is inflated, and no entity is ever resolved."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from content.media import KINDS, PACKINGS, UNPACKING, FileError, check_size, damaged_error, kind_of

PACKAGE_LIMIT = 20 * 2**20  #: bytes as brought
INFLATED_LIMIT = 150 * 2**20  #: bytes of all parts together, as the package declares them
PART_LIMIT = 30 * 2**20  #: bytes of one part
MEMBERS = 3000  #: parts
RATIO = 250  #: inflated to stored, of a part above RATIO_FROM: office XML packs 10 to 100 times, a bomb a thousand
RATIO_FROM = 4 * 2**20  #: bytes


class Package:
    """The parts of an office file, read one at a time.

    Raises:
        FileError: it is too large, of another kind, with macros, encrypted, damaged, or would inflate beyond all measure.
    """

    def __init__(self, data: bytes, *, name: str, kind: str) -> None:
        check_size(name, data, PACKAGE_LIMIT)
        found, wanted = kind_of(name, data), KINDS[kind]
        if found != kind:
            raise FileError("mismatch", f"“{name}”不是{wanted[0]}（{wanted[1][0]}），而是{KINDS[found][0]}。"
                                        f"请用 Office 或 WPS 打开，另存为 {wanted[1][0]} 后再上传。")
        self.name = name
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            members = self._archive.infolist()
        except UNPACKING:
            raise damaged_error(name, wanted[0]) from None
        self.names = frozenset(member.filename for member in members)
        self._check_measures(members)

    def _check_measures(self, members: list[zipfile.ZipInfo]) -> None:
        whole = sum(member.file_size for member in members)
        swollen = any(member.file_size > min(PART_LIMIT, max(RATIO_FROM, RATIO * member.compress_size)) for member in members)
        if len(members) > MEMBERS or whole > INFLATED_LIMIT or swollen:
            raise FileError("zip-bomb", f"“{self.name}”展开后有 {whole / 2**20:.0f} MB、{len(members):,} 个部件，远超正常文档，"
                                        "可能是压缩炸弹，没有打开。请删去多余的内容或图片，另存后再上传。")
        if len(self.names) != len(members) or any(member.compress_type not in PACKINGS for member in members):
            raise damaged_error(self.name)

    def read(self, part: str) -> bytes:
        """The bytes of a part; no more than the package declared, else it is damaged.

        Raises:
            KeyError: there is no such part.
            FileError: it does not unpack.
        """
        member = self._archive.getinfo(part)
        try:
            with self._archive.open(member) as stream:
                data = stream.read(PART_LIMIT + 1)
        except UNPACKING:
            raise damaged_error(self.name) from None
        if len(data) != member.file_size:
            raise damaged_error(self.name)
        return data

    def xml(self, part: str) -> etree._Element | None:
        """The tree of a part; None where there is none.

        Raises:
            FileError: it is no XML, or declares a document type: office programs never do, entity bombs must.
        """
        return parse_xml(self.read(part), self.name) if part in self.names else None


def parse_xml(data: bytes, name: str) -> etree._Element:
    """XML without entities, network or giant nodes.

    Raises:
        FileError: it is not well-formed, or declares a document type.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
                             remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise damaged_error(name) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise FileError("entities", f"“{name}”里声明了 XML 实体，正常的 Office 文档不会这样，没有打开。"
                                    "请用 Office 或 WPS 打开、另存后再上传。")
    return root
