"""家庭住址 below the street: an office's address stays (条例 Art. 20), a person's is cut after 乡镇 or 街道 (永安 2022)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.screening.passages import PERSON, Match, Passage

_NUMBER = r"[0-9A-Za-z〇零一二三四五六七八九十百甲乙丙]"
#: what stands below the street: the house, the stairs, the door, the villagers' group
_DETAIL = re.compile(rf"{_NUMBER}{{1,5}} ?(?:号楼|栋|幢|座(?!谈)|单元|室|房(?![间产屋价地东管客改])|弄|组(?![织成长建委团])|排|门(?!店|市"
                     rf"|类|课)|号(?!文|令|线|公告|通知|召|码|[)\)]|[院馆]|公路|国道|桥|台风|楼层))"
                     rf"|门牌 ?{_NUMBER}{{1,5}}|(?<=[区村院苑园庭里])\d{{1,3}}-\d{{2,4}}(?![\d年月日-])")
_LABEL = re.compile("(?:家庭|现|居|户籍|常|暂|联系|通讯|通信|本人|个人|详细)[住居]?(?:庭)?(?:地址|住址|住所|居住地|所在地|居住址)|家住"
                    "|住在|住于|居住[在于]|现居|户籍(?:地|所在地|地址)|住址|租住(?:在|于)?|住所地?|收件地址"
                    "|(?<![置一记暂居入安])住(?=[^,。;宅房院建户条项位]{2,14}(?:区|县|市|镇|乡|街道|路|街|巷|村|社区|小区))")
_HEADING = re.compile("住址|家庭地址|户籍|居住地|现住|住所|门牌|房号|详细地址|通讯地址|通信地址|联系地址|收件地址")
_PLACE_HEADING = re.compile("地址|[座坐]落|位置")
_OFFICE = re.compile("公司|中心|[^楼饭茅厨]局|委员会|居委会|村委会|办事处|办公|大厅|学校|小学|中学|幼儿园|医院|卫生|银行|派出所|法院"
                     "|检察院|政府|站|店|厂|商场|超市|酒店|宾馆|饭店|馆|窗口|单位|企业|机构|报名|受理|地点|现场|会议|活动|研究院|大厦"
                     "|广场|施工|工地|路段|停车")
_PERSONAL = re.compile(r"[男女][,、 ]|身份证|出生|申请人[:]|当事人[:]|户主[:]?|业主[:]|姓名|被执行人|承租人|产权人"
                       r"|居民[\u4e00-\u9fff]{2,3}[,(]|某[,某的家(]|[\u4e00-\u9fff]\*")
_EDGE = re.compile(r"[,。;:!?、\s(「“\"'《<>|\]\[]")
_KEEP = re.compile(r".*?(?:街道(?!办)|(?<![城乡])镇(?!政府)|(?<![城下家同])乡(?!政府|镇|村))")
_UPPER = re.compile(r".*(?:区(?<!社区)(?<!小区)(?<!园区)(?<!片区)|县|市(?!场))")
REST = "（详址略）"

#: labels and headings of a home; others (通讯地址, 联系地址, 地点) may be an office's, and need a house behind them
_HOME = (r"(?:家庭(?:详细|常住|现)?(?:住址|地址|居住地址|居住地)|(?:现|居|常|户籍|本人|个人)?住址|现?居住(?:地址|地)"
         r"|户籍(?:地址|所在地|地)|现住(?:地址|地)|户口所在地)")
_HOME_LABEL = re.compile(rf"{_HOME}(?:[(][^()\n]{{0,12}}[)])?([:\t])[ \t]*(?=[\u4e00-\u9fff])")
_HOME_HEADING = re.compile(_HOME)
_PLACE = re.compile(r"[\u4e00-\u9fff0-9A-Za-z·-]{2,40}")
_BELOW = re.compile(r"[\u4e00-\u9fff](?:村|社区|小区|花园|[苑园庭湾屯寨冲坪巷弄组里]|路|街(?!道)|公寓|宿舍|大院|家属院|新城|家园)")
#: what stands in such a place without being one: a form's words, another's house, a name left out
_NO_PLACE = re.compile("^(?:具体|精确|详见|详细|填写|请|应|须|按|以|与|同|某|行政|自然|附件|各)|所[在属列]|乡镇|镇街|村社|村[组居]|[Xx]{2}"
                       "|公司|办公|单位|一致|证明|不在|不得|为准|变更|迁移|居民|人员|辖区|范围|境内|(?:人民)?政府|机关|派出所"
                       "|敬老院|养老院|福利院")


def _cut(address: str) -> str:
    """An address as far as its 街道 or 乡镇; without one as far as its district; without that, nothing of it."""
    kept = _KEEP.match(address) or _UPPER.match(address)
    return (kept.group() if kept else "") + REST


def find(passage: Passage) -> Iterator[Match]:
    """Addresses with a house, stairs or door where a label, a heading or the words around say that somebody lives there.

    Behind a home's own label, or below its heading: every place below the street.
    """
    done = 0
    text = passage.text
    found = []
    for detail in _DETAIL.finditer(text):
        if detail.start() < done:
            continue
        start = _start(passage, detail.start())
        if not _lives(passage, start, detail.start()):
            continue
        label = _label_end(text[start : detail.start()])
        end = _end(text, detail.end())
        done = end
        found.append(Match(start=start + label, end=end, masked=_cut(text[start + label : end])))
    yield from found
    for start, end in _homes(passage):
        place = text[start:end]
        if _below(place) and not any(one.start < end and start < one.end for one in found):
            yield Match(start=start, end=end, masked=_cut(place))


def _homes(passage: Passage) -> Iterator[tuple[int, int]]:
    """Where the words behind a home's label, or below its heading, stand."""
    for label in _HOME_LABEL.finditer(passage.text):
        place = _PLACE.match(passage.text, label.end())
        sure = place and (label[1] == ":" or _KEEP.match(place.group()))  # beside a heading may stand another heading
        if place and sure and not re.search("公司|单位|办公|注册|企业", passage.before(label.start(), 12)):
            yield place.span()
    for cell in passage.fragment.cells:
        if _HOME_HEADING.search(passage.heading(cell.start)) and not re.search("公司|企业|单位", passage.headings(cell.start)):
            start = cell.start + len(passage.text[cell.start : cell.end]) - len(passage.text[cell.start : cell.end].lstrip())
            if place := _PLACE.match(passage.text, start, cell.end):
                yield place.span()


def _below(place: str) -> bool:
    """Whether words go below 乡镇 and 街道 (永安 2022): a village, a community, an estate, a road, also without a house's number."""
    if _NO_PLACE.search(place):
        return False
    if kept := _KEEP.match(place):
        return bool(re.match(r"(?!某)[\u4e00-\u9fff]{2}", place[kept.end() :]))
    upper = _UPPER.match(place)
    return bool(_BELOW.search(place[upper.end() if upper else 0 :]))


def _start(passage: Passage, at: int) -> int:
    low = max(0, at - 48)
    edges = list(_EDGE.finditer(passage.text, low, at))
    return edges[-1].end() if edges else low


def _label_end(words: str) -> int:
    """Labels that stand right before an address without a colon are no part of it."""
    found = list(_LABEL.finditer(words))
    return found[-1].end() if found else 0


def _end(text: str, at: int) -> int:
    """As far as house, stairs and doors follow each other."""
    while (more := re.compile(r"[ -]?").match(text, at)) and (found := _DETAIL.match(text, more.end())):
        at = found.end()
    if more := re.compile(r"(?:-\d{1,4}){1,2}(?!\d)|\d{2,4}(?![\d年月日个名人元:.-])").match(text, at):
        at = more.end()
    return at


def _lives(passage: Passage, start: int, at: int) -> bool:
    heading = passage.heading(at)
    own = passage.text[start:at]
    if heading:
        if _HEADING.search(heading):
            return not re.search("公司|办公", own)
        headings = passage.headings(at)
        return bool(_PLACE_HEADING.search(heading) and PERSON.search(headings)
                    and not re.search("单位|企业|公司|机构|店|经营|负责人|项目|办公|公司|网点|站点", headings)
                    and not _OFFICE.search(own))
    before = passage.before(start, 30) + own
    label = list(_LABEL.finditer(before))
    if label and len(before) - label[-1].end() <= 40:
        between = before[label[-1].end():]
        ours = re.search("单位|企业|公司|机构|注册|经营|办公|本局|我局|本单位|采购|招标|代理|联系(?:地址|方式)|通[讯信]地址", before)
        return not _OFFICE.search(between) and not (ours and not re.search("家庭|家住|住址|居住|租住|户籍", before))
    low, high = passage.line(at)
    line = passage.text[max(low, at - 80) : min(high, at + 60)]
    return bool(_PERSONAL.search(line) and re.search(r"栋|幢|号楼|单元|室|组\d", passage.text[at : at + 24])
                and re.search("小区|社区|村|路|街|巷|花园|苑|公寓|新村|家园|里|院|宿舍", own) and not _OFFICE.search(before))
