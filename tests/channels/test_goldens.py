"""What the public will read on each outlet, kept as files: a case is an entry here, its diff in review the change to the public.

Surfaces keep whole pages and feeds as goldens (test_website.py, test_feed.py), the board its words as JSON (test_board.py).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from channels.base import Rendition
from channels.errors import UnsuitableError
from content.html import sanitise
from content.items import Attachment, Image
from tests.builders import an_edition
from tests.channels.test_contract import OUTLETS
from tests.rigs.goldens import Golden

GOLDENS = Path(__file__).parent / "goldens"
MAP = Image(name="map.png", media_type="image/png", size=24_000, sha256="ab" * 32, alt="施工范围示意图")
FORM = Attachment(name="附件1：申请表.xlsx", media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", size=18_400, sha256="cd" * 32)
CASES = {
    "plain": an_edition(),
    "long": an_edition(title="云州市清水区清水街道办事处关于2024年清水路东段雨污分流改造工程封闭道路施工的通告", short_title="清水路6月1日起封闭施工",
                       summary="文" * 300, body="".join(f"<h2>{n}、第{n}部分</h2><p>{'本部分说明有关事项。' * 30}</p>" for n in range(1, 6))),
    "table-and-picture": an_edition(
        number=2, change_note="结束时间由6月28日更正为6月30日。", document_number="清街发〔2024〕8号", source="清水区住房和城乡建设局",
        images=(MAP,), attachments=(FORM,),
        body=sanitise('<p>详见<a href="https://www.gov.cn/zhengce/2024.htm">上级文件</a>和<a href="https://mp.weixin.qq.com/s/abc">往期文章</a>。</p>'
                      '<figure><img src="map.png" alt="施工范围示意图"><figcaption>图1 施工范围</figcaption></figure>'
                      "<table><caption>表1 进度</caption><thead><tr><th>路段</th><th>时间</th><th>责任单位</th></tr></thead>"
                      '<tbody><tr><td>东段</td><td>6月1日—6月30日</td><td rowspan="2">市政所</td></tr><tr><td>西段</td><td>7月1日—7月20日</td></tr></tbody></table>')),
    "wide-table": an_edition(  # as offices have table 3 of the annual report: heads in three rows, headings of rows in two columns
        title="2024年收到和处理政府信息公开申请情况", summary="", body=sanitise(
            "<table><caption>申请情况（单位：件）</caption><tbody><tr><th colspan='2' rowspan='3'>（第一项等于第二项）</th><th colspan='7'>申请人情况</th></tr>"
            "<tr><th rowspan='2'>自然人</th><th colspan='5'>法人或其他组织</th><th rowspan='2'>总计</th></tr>"
            "<tr><th>商业企业</th><th>科研机构</th><th>社会公益组织</th><th>法律服务机构</th><th>其他</th></tr>"
            f"<tr><td colspan='2'>一、本年新收申请</td>{'<td>5</td>' * 7}</tr><tr><td colspan='9'>二、办理结果</td></tr>"
            f"<tr><td rowspan='2'>（三）不予公开</td><td>1.属于国家秘密</td>{'<td>2</td>' * 7}</tr>"
            "<tr><td>2.危及“三安全一稳定”</td><td colspan='6'>无</td><td></td></tr></tbody></table>")),
    "awkward": an_edition(
        title="<b>&amp; “引号” #set $x$ \\ @所有人", summary="", link="", category="", keywords=(),
        body=sanitise("散句在前<blockquote><p>引文 &lt;p&gt; &amp; 100% 的 <code>a*b_c</code></p></blockquote><ul><li><p>甲</p><p>甲二</p><ol start=\"3\"><li>丙</li></ol></li></ul>"
                      "<pre>  缩进\n第二行</pre><hr><p>H<sub>2</sub>O，x<sup>2</sup>，<del>删</del><ins>增</ins><br>换行</p><h4>四级</h4><p></p>")),
}


def written(said: Rendition) -> str:
    """A rendition as text, a block a line."""
    facts = [("title", said.title), ("type", said.media_type), *said.fields, *(("image", image.name) for image in said.images),
             *(("attachment", file.name) for file in said.attachments)]
    body = re.sub(r"(?=<(?:p|section|table|tr|td|ul|ol|li|hr)\b)", "\n", said.body) if said.media_type == "text/html" else said.body
    return "\n".join([*(f"{name}: {value}" for name, value in facts), "", body, ""])


@pytest.mark.parametrize("kind", [kind for kind in OUTLETS if kind != "board"])
@pytest.mark.parametrize("case", CASES)
def test_says_what_it_said(kind: str, case: str, a_rig, golden: Golden) -> None:
    try:
        said = written(a_rig(kind).channel.render(CASES[case]))
    except UnsuitableError as error:
        said = f"refused: {error}\n"
    golden.check(GOLDENS / kind.partition("@")[0] / f"{case}.txt", said.encode())
