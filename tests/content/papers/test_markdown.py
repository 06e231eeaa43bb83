"""Markdown arrives as a body; HTML in it is shown as it was typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.html import dangers, image_names, sanitise, text
from content.media import FileError
from content.papers.markdown import read_markdown
from tests.content.papers.rig import drawing, photograph

NOTICE = """\ufeff# 关于道路施工的**通告**

云清办发[2024]3号

各社区：
自6月1日起施工，~~五月~~请绕行，见[区政府](https://www.example.gov.cn/?a=1&b=2)。

### 一、路段

1. 东段
2. 西段

   - 内层

| 路段 | 时间 |
|------|-----:|
| 东段 | 六月 |

> 引文

附件：1. 施工图.pdf

清水街道办事处
2024年5月28日
"""


def test_a_whole_notice_arrives_with_all_its_parts():
    paper = read_markdown(NOTICE)
    assert (paper.title, paper.document_number, paper.made_on) == ("关于道路施工的通告", "云清办发〔2024〕3号", date(2024, 5, 28))
    assert paper.attachments_named == ("施工图.pdf",)
    assert paper.notes == ()
    assert paper.body == (
        '<p>各社区：<br>自6月1日起施工，<del>五月</del>请绕行，见<a href="https://www.example.gov.cn/?a=1&amp;b=2" rel="noopener">区政府</a>。</p>'
        "<h2>一、路段</h2><ol><li>东段</li><li><p>西段</p><ul><li>内层</li></ul></li></ol>".replace("<ol><li>东段</li>", "<ol><li><p>东段</p></li>")
        + "<table><thead><tr><th>路段</th><th>时间</th></tr></thead><tbody><tr><td>东段</td><td>六月</td></tr></tbody></table>"
        "<blockquote><p>引文</p></blockquote><p>附件：1. 施工图.pdf</p><p>清水街道办事处<br>2024年5月28日</p>")


@pytest.mark.parametrize(("source", "body"), [
    ("# 标题\n\n<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ("# 标题\n\n文<img src=x onerror=alert(1)>", "<p>文&lt;img src=x onerror=alert(1)&gt;</p>"),
    ("# 标题\n\n[文](javascript:alert(1))", "<p>[文](javascript:alert(1))</p>"),
    ("# 标题\n\n[文](JaVaScRiPt&#58;alert(1))", None), ("# 标题\n\n<javascript:alert(1)>", None), ("# 标题\n\n[文](data:text/html;base64,x)", None),
    ("# 标题\n\n[文](名单.xlsx)", "<p>文</p>"), ("# 标题\n\n[文][1]\n\n[1]: vbscript:x '\" onload=\"x'", None),
    ("# 标题\n\n| <b>一</b> | \"><script>x</script> |\n|---|---|\n| <svg/onload=x> | `<i>` |", None),
    ("# 标题\n\n```html\n<script>x</script>\n```", "<pre><code>&lt;script&gt;x&lt;/script&gt;\n</code></pre>"),
    ("# 标题\n\n![\"><script>x</script>](图.png '\"><script>x</script>')", None),
])
def test_markup_in_any_place_is_shown_as_it_was_typed(source, body):
    paper = read_markdown(source)
    assert dangers(paper.body) == []
    assert sanitise(paper.body) == paper.body
    assert "<script" not in paper.body
    if body:
        assert paper.body == body


def test_pictures_that_came_along_are_shown_and_others_leave_their_words():
    source = "# 标题\n\n![示意*图*](图/%E7%BB%95%E8%A1%8C.png) ![](照片.jpg) ![再](图/绕行.png) ![外](https://例.cn/一.png)\n\n![坏](坏.png)"
    paper = read_markdown(source, pictures={"绕行.png": drawing(), "照片.jpg": photograph((3000, 1500)), "坏.png": b"<svg/>"})
    assert image_names(paper.body) == ["绕行.png", "照片.jpg", "绕行.png"]
    assert [(one.name, one.alt) for one in paper.images] == [("绕行.png", "示意图"), ("照片.jpg", "")]
    assert text(paper.body).split() == ["外", "坏"]
    assert paper.notes == ("图片“照片.jpg”已从 3000×1500 缩小为 2000×1000 像素。", "图片“一.png”没有一起上传，只保留了文字说明。",
                           "“坏.png”的内容不是图片，而是网页或脚本（HTML、SVG 等），不能上传。请导出为 PNG 或 JPG 图片。")


def test_two_pictures_of_one_name_stay_two():
    paper = read_markdown("# 标题\n\n![一](图.gif) ![二](图.bmp)", pictures={"图.gif": drawing(form="GIF"), "图.bmp": photograph(form="BMP")})
    assert len(set(image_names(paper.body))) == 2
    assert read_markdown("# 标题\n\n![一](图.gif) ![二](图.bmp)", pictures={
        "图.gif": drawing(form="GIF"), "图.bmp": drawing(form="BMP")}).images[1].name == "2-图.png"


@pytest.mark.parametrize(("source", "title"), [
    ("## 二级\n\n文", ""), ("# 一\n\n文\n\n# 二", ""), ("文\n\n文\n\n文\n\n# 晚", ""), ("标题\n====\n\n文", "标题"), ("# " + "长" * 201 + "\n\n文", ""),
])
def test_a_title_is_the_one_heading_of_the_first_level(source, title):
    paper = read_markdown(source)
    assert paper.title == title
    assert (paper.notes == ()) == bool(title)


def test_headings_begin_below_the_page_title():
    assert read_markdown("# 标题\n\n## 中\n\n#### 小\n\n###### 更小\n\n# 又一").body == (
        "<h2>标题</h2><h3>中</h3><h4>小</h4><h4>更小</h4><h2>又一</h2>")


@pytest.mark.parametrize(("source", "code"), [("", "empty"), ("# 只有标题", "empty"), ("\x00\x07", "empty"), ("长" * 200_001, "too-long")])
def test_refuses_what_is_no_text(source, code):
    with pytest.raises(FileError, match="Markdown 文档") as caught:
        read_markdown(source)
    assert caught.value.code == code


def test_deep_nesting_is_read_in_time():
    assert read_markdown("文\n\n" + "> " * 5000 + "深").body
    assert read_markdown("文\n\n" + "[" * 20_000).body


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="# *_~`[]()!|-\n>1.<&\"':;/标题文a\\\x00\u3000", max_size=120))
def test_whatever_the_text_its_body_rests_and_holds_no_danger(source):
    try:
        paper = read_markdown(source, pictures={"文": drawing((3, 3))})
    except FileError as error:
        if error.code != "empty":
            raise
        return
    assert sanitise(paper.body) == paper.body
    assert dangers(paper.body) == []
    assert "\n" not in paper.title
