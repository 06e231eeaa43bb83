"""What the three Office formats have in common: properties, macros, embedded files, links to elsewhere."""

from __future__ import annotations

import re

from content.readers.fragments import Hidden
from content.readers.packages import Package, local

#: what programs write where nobody has given a name
NOBODY = re.compile(r"(?:|openpyxl|python-docx|python-pptx|admin\w*|administrator|user\d*|users?|owner|pc|win(?:dows)?[ \w]{0,10}"
                    r"|microsoft[\w ]{0,20}|ms[\w ]{0,12}|wps[\w ]{0,12}|apache poi|"
                    r"xlsxwriter|libreoffice|unknown|un-named|none|微软用户|用户|匿名|作者|默认|kingsoft|"
                    r"dell|hp|lenovo|thinkpad|huawei|hasee|asus|acer|china|deepin|uos|ubuntu|root|guest|typst|latex|chrom\w*|skia[/\w]*)",
                    re.IGNORECASE)
#: in docProps/core.xml and app.xml: who, by name
PERSONAL = {"creator": "作者", "lastModifiedBy": "最后修改者", "Manager": "经理"}


#: an office, which says no more than the page itself does
_BODY = re.compile(r".*(?:街道|办事处|委员会|政府|[局厅部委办科处所站院校馆]|中心|公司|集团|协会|学会|社区|大学|小组|gov(?:\.cn)?)",
                   re.DOTALL)


def names_somebody(words: str) -> bool:
    """Whether a property says who, and not what office, program or computer."""
    return not NOBODY.fullmatch(words.strip()) and not _BODY.fullmatch(words.strip())


def common(package: Package, main: str) -> list[Hidden]:
    """What any of the three may carry along unseen; `main` is the folder of its parts: word, xl or ppt."""
    return [*_properties(package), *_objects(package), *_links(package, main)]


def _properties(package: Package) -> list[Hidden]:
    said = [f"{PERSONAL[local(one)]}：{one.text.strip()}" for name in ("docProps/core.xml", "docProps/app.xml") if name in package.names
            for one in package.xml(name).iter() if local(one) in PERSONAL and one.text and names_somebody(one.text)]
    if "docProps/custom.xml" in package.names:
        said += [f"{one.get('name')}：{''.join(map(str, one.itertext())).strip()[:40]}" for one in package.xml("docProps/custom.xml").iter()
                 if local(one) == "property" and not re.match(r"KSO|ICV|_|ContentTypeId|KSOTemplate", one.get("name") or "")]
    return [Hidden(rule="properties", place="文档属性", words="；".join(said), clean=True)] if said else []


def _objects(package: Package) -> list[Hidden]:
    found = [Hidden(rule="macro", place="", words=f"含有宏（{name}）") for name in package.names
             if name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name]
    embedded = [name for name in package.names if "/embeddings/" in name or "/activeX/" in name]
    charted = all("Microsoft_Excel" in name for name in embedded) and any("/charts/" in name for name in package.names)
    for name in embedded:
        what = "图表后面的整张数据表" if charted else "嵌入的文件"
        found.append(Hidden(rule="embedded-object", place="", words=f"{what}（{name.rpartition('/')[2]}）"))
    return found


def _links(package: Package, main: str) -> list[Hidden]:
    """Relations to files elsewhere; web addresses are what readers click on, and stay."""
    outside = []
    for listed in package.names:
        if listed.startswith(f"{main}/") and listed.endswith(".rels"):
            part = listed.replace("_rels/", "").removesuffix(".rels")
            outside += [target for _, target, external in package.relations(part) if external
                        and not re.match("https?:|mailto:|tel:|#", target, re.IGNORECASE)]
    return [Hidden(rule="external-link", place="", words=f"指向{target[:120]}") for target in dict.fromkeys(outside)]
