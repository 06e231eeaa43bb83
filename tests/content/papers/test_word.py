"""What a clerk writes in Word arrives as a body; what cannot arrive is said."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.html import dangers, image_names, sanitise, text
from content.media import FileError, picture_type
from content.papers import package, word
from content.papers.word import read_word
from tests.content.papers.rig import (
    HEAD,
    NAMESPACES,
    Docx,
    bomb,
    cell,
    docx,
    drawing,
    lying,
    ole,
    p,
    packed,
    photograph,
    run,
    table,
)

XSS = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def body_of(*blocks: str) -> str:
    """The body of a document with a title of its own."""
    return read_word(docx(p("标题", style="Title"), *blocks)).body


def test_a_whole_notice_arrives_with_all_its_parts():
    made = Docx()
    paper = read_word(made.add(
        p("清 水 街 道 办 事 处 文 件", align="center"), p("云清办发[2024]3号", align="center"), p(),
        p("关于2024年清水路", style="MidToo"), p("道路施工的通告", align="center"), p("各社区："), p("\u3000\u3000自6月1日起施工。"),
        p("一、封闭路段"), p("（一）东段"), p("清水路1号至99号。"), p(inner=made.picture(drawing(), alt="绕行示意图")),
        table([cell(p("路段")), cell(p("时间"))], [cell(p("东段")), cell(p("六月"))], head=1), p("详见", inner=made.link("区政府网站", "https://www.example.gov.cn/?a=1&b=2")),
        p("附件：1．施工图.pdf"), p("2．公交改线表.xlsx"), p("清水街道办事处", align="right"), p("二〇二四年五月二十八日", align="right"),
        p("附件1"), p("2023年1月1日")).bytes())
    assert paper.title == "关于2024年清水路道路施工的通告"
    assert paper.document_number == "云清办发〔2024〕3号"
    assert paper.made_on == date(2024, 5, 28)
    assert paper.attachments_named == ("施工图.pdf", "公交改线表.xlsx")
    assert paper.body == (
        "<p>各社区：</p><p>自6月1日起施工。</p><h2>一、封闭路段</h2><h3>（一）东段</h3><p>清水路1号至99号。</p>"
        '<p><img alt="绕行示意图" src="图1.png"></p>'
        "<table><thead><tr><th>路段</th><th>时间</th></tr></thead><tbody><tr><td>东段</td><td>六月</td></tr></tbody></table>"
        '<p>详见<a href="https://www.example.gov.cn/?a=1&amp;b=2" rel="noopener">区政府网站</a></p>'
        "<p>附件：1．施工图.pdf</p><p>2．公交改线表.xlsx</p><p>清水街道办事处</p><p>二〇二四年五月二十八日</p><p>附件1</p><p>2023年1月1日</p>")
    assert paper.notes == ("版头“清 水 街 道 办 事 处 文 件”未带入正文。",)
    assert [(one.name, one.alt, one.media_type) for one in paper.images] == [("图1.png", "绕行示意图", "image/png")]


# headings, lists, numbers


def test_headings_by_style_begin_below_the_page_title():
    assert body_of(p("大", style="1"), p("中", style="2"), p("小", style="3"), p("再小", style="4"), p("文")) == (
        "<h2>大</h2><h3>中</h3><h4>小</h4><h4>再小</h4><p>文</p>")
    assert body_of(p("中", style="2"), p("小", style="3")) == "<h2>中</h2><h3>小</h3>"
    assert body_of(p("级", props='<w:outlineLvl w:val="0"/>'), p(inner=run("粗", "<w:b/>"), style="2")) == "<h2>级</h2><h3>粗</h3>"


def test_headings_by_form_are_short_lines_that_stand_alone():
    long = "一、" + "各社区要高度重视" * 8
    assert body_of(p("一、总则"), p("（二）范围"), p("二、加强领导。各单位要重视。"), p("三、如下："), p(long)) == (
        f"<h2>一、总则</h2><h3>（二）范围</h3><p>二、加强领导。各单位要重视。</p><p>三、如下：</p><p>{long}</p>")


def test_numbers_that_word_counts_become_text_where_a_list_would_lose_them():
    assert body_of(p("总则", number=(2, 0)), p("范围", number=(2, 1)), p("甲方。", number=(2, 2)), p("期限", number=(2, 1)), p("附则", number=(2, 0)),
                   p("解释", number=(2, 1))) == (
        "<h2>一、总则</h2><h3>（一）范围</h3><p>1. 甲方。</p><h3>（二）期限</h3><h2>二、附则</h2><h3>（一）解释</h3>")


def test_numbers_of_a_style_count_too():
    assert body_of(p("总则", style="Numbered"), p("文"), p("附则", style="Numbered")) == "<h2>一、总则</h2><p>文</p><h2>二、附则</h2>"


def test_plain_lists_stay_lists():
    assert body_of(p("甲", number=(1, 0)), p("乙", number=(1, 0)), p("一", number=(3, 0)), p("二", number=(3, 0))) == (
        "<ul><li>甲</li><li>乙</li></ul><ol><li>一</li><li>二</li></ol>")


def test_a_list_that_is_interrupted_or_does_not_begin_at_one_keeps_its_numbers_as_text():
    assert body_of(p("一", number=(3, 0)), p("隔"), p("二", number=(3, 0))) == "<p>1. 一</p><p>隔</p><p>2. 二</p>"
    assert body_of(p("四", number=(13, 0)), p("五", number=(13, 0))) == "<p>4. 四</p><p>5. 五</p>"
    assert body_of(p("一", number=(3, 0)), p("一一", number=(3, 1)), p("二", number=(3, 0))) == "<p>1. 一</p><p>1.1 一一</p><p>2. 二</p>"


def test_every_form_of_number_is_written_as_word_shows_it():
    assert body_of(p("圈", number=(6, 0)), p("字", number=(6, 1)), p("罗", number=(6, 2)), p("宽", number=(6, 3)), p("无", number=(6, 4)),
                   p("条", number=(5, 0)), p("没有的表", number=(99, 0))) == (
        "<p>① 圈</p><p>A) 字</p><p>i) 罗</p><p>１．宽</p><p>无</p><p>第1条 条</p><p>没有的表</p>")


def test_serial_numbers_that_word_counts_in_a_table_are_not_lost():
    assert body_of(table([cell(p("序号")), cell(p("名称"))], [cell(p(number=(3, 0))), cell(p("甲"))], [cell(p(number=(3, 0))), cell(p("乙"))])) == (
        "<table><tbody><tr><td>序号</td><td>名称</td></tr><tr><td>1.</td><td>甲</td></tr><tr><td>2.</td><td>乙</td></tr></tbody></table>")


def test_a_list_within_a_list_stays_one():
    assert body_of(p("甲", number=(1, 0)), p("内", number=(1, 1)), p("乙", number=(1, 0))) == "<ul><li>甲<ul><li>内</li></ul></li><li>乙</li></ul>"


def test_headings_keep_the_plain_numbers_that_word_counts():
    assert body_of(p("总则", style="2", number=(3, 0)), p("附则", style="2", number=(3, 0))) == "<h2>1. 总则</h2><h2>2. 附则</h2>"


def test_text_that_word_broke_into_pieces_is_whole_again():
    """Word begins a new run wherever somebody edited; a search must still find the words."""
    pieces = (("自6", "<w:b/>"), ("月1", '<w:rFonts w:ascii="仿宋"/><w:b/>'), ("日起", "<w:b/>"), (" 施", '<w:lang w:val="en-US"/>'), ("工。", ""))
    inner = '<w:proofErr w:type="gramStart"/>'.join(run(*piece) for piece in pieces)
    assert body_of(p(inner=inner)) == "<p><strong>自6月1日起</strong> 施工。</p>"


# tables


def test_merged_cells_stay_merged():
    made = table([cell(p("街道"), down="restart"), cell(p("合计"), across=2)], [cell(p(), down="continue"), cell(p("男")), cell(p("女"))],
                 [cell(p("清水")), cell(p("1") + p("2")), cell(table([cell(p("内"))]) + p())])
    assert body_of(made) == (
        '<table><tbody><tr><td rowspan="2">街道</td><td colspan="2">合计</td></tr><tr><td>男</td><td>女</td></tr>'
        "<tr><td>清水</td><td><p>1</p><p>2</p></td><td><table><tbody><tr><td>内</td></tr></tbody></table></td></tr></tbody></table>")


# emphasis, links, notes


def test_emphasis_stays_and_colours_go():
    pieces = (("粗", "<w:b/>"), ("斜", "<w:i/>"), ("线", '<w:u w:val="single"/>'), ("删", "<w:strike/>"), ("2", '<w:vertAlign w:val="superscript"/>'),
              ("红", '<w:color w:val="FF0000"/><w:sz w:val="72"/>'))
    assert body_of(p(inner="".join(run(*piece) for piece in pieces))) == (
        "<p><strong>粗</strong><em>斜</em><u>线</u><del>删</del><sup>2</sup>红</p>")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///C:/张三/名单.xlsx", "data:text/html,x", "名单.xlsx", "vbscript:x", "ftp://例.cn/一"])
def test_a_link_that_leads_nowhere_on_the_web_leaves_its_words(address):
    made = Docx()
    paper = read_word(made.add(p("标题", style="Title"), p("见", inner=made.link("名单", address))).bytes())
    assert paper.body == "<p>见名单</p>"
    assert paper.notes == ("1 个链接不是网址（如本机文件），只保留了文字。",)


def test_mail_and_places_within_the_document():
    made = Docx()
    inner = made.link("信箱", "mailto:a@example.gov.cn") + f'<w:hyperlink w:anchor="二">{run("见下")}</w:hyperlink><w:bookmarkStart w:id="1" w:name="二"/>'
    paper = read_word(made.add(p("标题", style="Title"), p(inner=inner)).bytes())
    assert paper.body == '<p><a href="mailto:a@example.gov.cn" rel="noopener">信箱</a>见下</p>'
    assert paper.notes == ()


def test_footnotes_go_to_the_end():
    made = Docx().add(p("标题", style="Title"), p("正文", inner='<w:r><w:footnoteReference w:id="2"/></w:r>'))
    made.parts["word/footnotes.xml"] = f'<w:footnotes {NAMESPACES}><w:footnote w:id="2">{p("注解")}</w:footnote></w:footnotes>'.encode()
    assert read_word(made.bytes()).body == "<p>正文<sup>[1]</sup></p><ol><li><p>注解 </p></li></ol>"


def test_ticked_boxes_stay_ticked():
    box = ('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox>{}</w:checkBox></w:ffData></w:fldChar></w:r>'
           '<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>')
    assert body_of(p(inner=box.format("<w:checked/>") + run("是") + box.format('<w:default w:val="0"/>') + run("否"))) == "<p>☑是☐否</p>"


# what must not come along


def test_hidden_text_comments_and_deletions_stay_behind_and_are_counted():
    paper = read_word(docx(
        p("标题", style="Title"), p("公开", inner=run("秘密一", "<w:vanish/>") + '<w:r><w:commentReference w:id="0"/></w:r>'), p("秘密二", style="Ghost"),
        p(inner=f'<w:del w:id="1">{run("旧字").replace("w:t", "w:delText")}</w:del><w:ins w:id="2">{run("新字")}</w:ins>'), p("目录一\t3", style="TOC1")))
    assert paper.body == "<p>公开</p><p>新字</p>"
    assert paper.notes == (
        "文档里有 1 条批注，未带入。", "文档里有未处理的修订（插入 1 处，删除 1 处），已按“接受全部修订”带入，请核对。", "文档里有 2 处隐藏文字，未带入。",
        "文档的目录未带入，网页上不需要页码。")


def test_headers_boxes_formulas_and_charts_are_spoken_of():
    box = f'<wps:txbx xmlns:wps="x"><w:txbxContent>{p("框里的字")}</w:txbxContent></wps:txbx>'
    made = Docx().add(
        p("标题", style="Title"), p("前", inner=f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{box}</mc:Choice></mc:AlternateContent></w:r>"),
        p("式", inner="<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>"), p(inner="<m:oMathPara><m:oMath><m:r><m:t>c=d</m:t></m:r></m:oMath></m:oMathPara>"),
        p("图表", inner="<w:r><w:drawing><wp:inline><c:chart/></wp:inline></w:drawing></w:r>"), p(inner='<w:r><w:sym w:font="怪" w:char="F0AA"/></w:r>'))
    made.parts["word/header1.xml"] = f'<w:hdr {NAMESPACES}>{p("清水街道内部材料")}</w:hdr>'.encode()
    made.parts["word/footer1.xml"] = f'<w:ftr {NAMESPACES}>{p("第 1 页 共 3 页")}</w:ftr>'.encode()
    paper = read_word(made.bytes())
    assert paper.body == "<p>前</p><p>框里的字</p><p>式a+b</p><p>c=d</p><p>图表</p>"
    for said in ("1 个文本框", "2 个公式", "1 个图表", "页眉、页脚", "特殊字体的符号"):
        assert any(said in note for note in paper.notes), said
    del made.parts["word/header1.xml"]
    assert not any("页眉" in note for note in read_word(made.bytes()).notes)


@pytest.mark.parametrize("place", ["title", "body", "heading", "cell", "alt", "style", "note", "number"])
def test_markup_in_any_place_is_shown_as_it_was_typed(place):
    made = Docx()
    made.add(p(XSS if place == "title" else "标题", style="Title"), p(XSS if place == "body" else "文"), p(XSS if place == "heading" else "章", style="1"),
             table([cell(p(XSS if place == "cell" else "格"))]), p(inner=made.picture(drawing(), alt=XSS if place == "alt" else "图")),
             p("式样", style="&quot;&gt;&lt;script&gt;" if place == "style" else ""), p("注", inner='<w:r><w:footnoteReference w:id="2"/></w:r>'))
    made.parts["word/footnotes.xml"] = (
        f'<w:footnotes {NAMESPACES}><w:footnote w:id="2">{p(XSS if place == "note" else "注解")}</w:footnote></w:footnotes>').encode()
    paper = read_word(made.bytes())
    assert dangers(paper.body) == []
    assert sanitise(paper.body) == paper.body
    assert "<script" not in paper.body
    if place in ("body", "heading", "cell", "note"):
        assert XSS in text(paper.body)
    if place == "title":
        assert paper.title == XSS
    if place == "alt":
        assert paper.images[0].alt == XSS


# pictures


def test_pictures_are_encoded_anew_and_asked_for_words():
    made = Docx()
    twice = photograph()
    paper = read_word(made.add(
        p("标题", style="Title"), p(inner=made.picture(drawing(), alt="图片 1")), p(inner=made.picture(twice, alt="C:\\张三\\照片.jpg", suffix="jpg")),
        p(inner=made.picture(twice, alt="现场", suffix="jpg")), p(inner=made.picture(b"\x01\x00\x00\x00".ljust(40) + b" EMF", suffix="emf")),
        p(inner=made.picture(b"<svg onload='x()'/>")), p(inner=made.linked_picture("https://例.cn/一.png"))).bytes())
    assert image_names(paper.body) == ["图1.png", "图2.jpg", "图2.jpg"]
    assert [(one.name, one.alt, picture_type(one.data)) for one in paper.images] == [("图1.png", "", "image/png"), ("图2.jpg", "", "image/jpeg")]
    assert paper.notes == (
        "有链接到外部文件的图片，未带入；请把图片插入文档后再上传。",
        "第 4 张图片不能使用，未带入：是 EMF 或 WMF 格式，网页不能显示；请在 Word 中右键“另存为图片”，选 PNG 后重新插入。",
        "第 5 张图片不能使用，未带入：“图5.png”的内容不是图片，而是网页或脚本（HTML、SVG 等），不能上传。请导出为 PNG 或 JPG 图片。",
        "图片 图1.png、图2.jpg 没有文字说明（替代文字），请补写。")


def test_a_picture_that_the_document_has_lost_is_spoken_of():
    made = Docx()
    made.add(p("标题", style="Title"), p("文", inner=made.picture(drawing())))
    made.parts.clear()
    assert read_word(made.bytes()).notes == ("第 1 张图片在文档里缺失，未带入。",)


def test_a_document_of_pictures_alone_is_one():
    made = Docx()
    assert read_word(made.add(p(inner=made.picture(drawing(), alt="扫描件第一页"))).bytes()).body == '<p><img alt="扫描件第一页" src="图1.png"></p>'


# titles


@pytest.mark.parametrize(("blocks", "title"), [
    ([p("通告", style="Title"), p("文")], "通告"), ([p("文件名", style="1"), p("文"), p("二", style="2")], "文件名"),
    ([p("通告", align="center"), p("（2024年5月28日通过）", align="center"), p("文")], "通告"), ([p("关于施工的通告"), p("自6月1日起施工。")], "关于施工的通告"),
    ([p("自6月1日起施工。"), p("文。")], ""), ([p("一", style="1"), p("文"), p("二", style="1")], "一"), ([p("只有一段")], ""),
    ([p("长" * 201, style="Title"), p("文")], ""),
])
def test_the_title_is_what_stands_as_one(blocks, title):
    paper = read_word(docx(*blocks))
    assert paper.title == title
    assert ("没有认出标题，请补写。" in paper.notes) == (not title)


# what is refused


@pytest.mark.parametrize(("data", "code", "said"), [
    (b"", "empty", "空文件"), (b"%PDF-1.7", "mismatch", "不是Word 文档（.docx），而是PDF 文件"), (ole("WordDocument"), "mismatch", "另存为 .docx"),
    (ole("EncryptedPackage"), "encrypted", "取消密码"), (packed({"a.txt": b"x"}), "mismatch", "ZIP 压缩包"), (docx(p("文"))[:300], "damaged", "已损坏"),
    (packed(Docx().add(p("文")).members() | {"word/vbaProject.bin": b"x"}), "macro", "含有宏"), (docx(), "empty", "没有正文"), (docx(p(" ")), "empty", "没有正文"),
    (packed({"[Content_Types].xml": b"<Types/>", "word/x.xml": b"<x/>"}), "damaged", "已损坏"),
    (packed(Docx().members() | {"word/document.xml": b"<w:document"}), "damaged", "已损坏"),
    (packed(Docx().members() | {"word/document.xml": f"<w:document {NAMESPACES}/>".encode()}), "damaged", "已损坏"),
    (packed(Docx().add(p("文", props="<w:numPr><w:numId/></w:numPr>"), '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="x"/></w:tcPr></w:tc></w:tr></w:tbl>').members()),
     "damaged", "已损坏"),
    (docx("<w:p>" + "<w:smartTag>" * 240 + run("深") + "</w:smartTag>" * 240 + "</w:p>"), "damaged", "已损坏"),
    (docx("<w:p>" + "<w:smartTag>" * 500 + run("深") + "</w:smartTag>" * 500 + "</w:p>"), "damaged", "已损坏"),
    (docx(*[p("长" * 1000)] * 201), "too-long", "超过 200,000 的上限。请把长表格或附录作为附件上传"),
])
def test_refuses_in_words_that_say_what_to_do(data, code, said):
    with pytest.raises(FileError, match="“通告") as caught:
        read_word(data, name="通告.docx")
    assert caught.value.code == code
    assert said in str(caught.value)


def test_a_bomb_is_refused_by_what_it_declares():
    """Two hundred megabytes in two hundred kilobytes; nothing of it is inflated."""
    data = bomb(200 * 2**20)
    assert len(data) < 2**20
    with pytest.raises(FileError, match=r"展开后有 200 MB.*可能是压缩炸弹，没有打开") as caught:
        read_word(data, name="通告.docx")
    assert caught.value.code == "zip-bomb"


def test_a_bomb_that_lies_about_its_size_is_no_larger_than_it_says():
    declared = 8 * 2**20
    data = lying(bomb(declared), declared, 4000)
    with pytest.raises(FileError, match="已损坏"):
        read_word(data)


@pytest.mark.parametrize("prolog", [
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>', '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">'])
@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels", "_rels/.rels"])
def test_entities_are_never_resolved(part, prolog):
    members = Docx().add(p("文")).members()
    inner = members[part].decode().removeprefix(HEAD)
    members[part] = (HEAD + prolog + inner.replace("文", "文&b;" if "&a;" in prolog else "文")).encode()
    with pytest.raises(FileError, match="声明了 XML 实体") as caught:
        read_word(packed(members))
    assert caught.value.code == "entities"


def test_too_many_parts_names_twice_and_too_many_pictures(monkeypatch):
    with pytest.raises(FileError, match="3,007 个部件"):
        read_word(packed(Docx().add(p("文")).members() | {f"word/x{n}.xml": b"<x/>" for n in range(3001)}))
    out = io.BytesIO(docx(p("文")))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(FileError, match="已损坏"):
        read_word(out.getvalue())
    monkeypatch.setattr(word, "PICTURES", 1)
    made = Docx()
    with pytest.raises(FileError, match="图片超过 1 张"):
        read_word(made.add(p(inner=made.picture(drawing()) + made.picture(photograph()))).bytes())
    monkeypatch.setattr(word, "XML_LIMIT", 100)
    with pytest.raises(FileError, match="太长了"):
        read_word(docx(p("文")))
    monkeypatch.setattr(package, "PACKAGE_LIMIT", 100)
    with pytest.raises(FileError, match="MB 的上限"):
        read_word(docx(p("文")))


def test_a_document_that_lies_elsewhere_in_its_package_or_is_strict_is_read():
    assert read_word(Docx(main="doc/main.xml").add(p("标题", style="Title"), p("章", style="1"), p("甲", number=(1, 0))).bytes()).body == (
        "<h2>章</h2><ul><li>甲</li></ul>")
    members = Docx().add(p("标题", style="Title"), p("文")).members()
    for name, data in members.items():
        members[name] = data.replace(b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert read_word(packed(members)).body == "<p>文</p>"


# laws

WORDS = st.text(alphabet="清水路 \u3000施工一二、（）。<>&\"'年2024月\t", max_size=12)


@st.composite
def blocks(draw: st.DrawFn) -> list[str]:
    """Paragraphs, lists and tables in any order."""
    made = []
    for _ in range(draw(st.integers(1, 8))):
        words = draw(WORDS)
        match draw(st.integers(0, 3)):
            case 0:
                made.append(p(words, style=draw(st.sampled_from(["", "1", "2", "Title", "Mid", "Numbered", "TOC1", "缺"])), align=draw(st.sampled_from(["", "center"]))))
            case 1:
                made.append(p(words, number=(draw(st.sampled_from([1, 2, 3, 4, 5, 6, 13, 99])), draw(st.integers(0, 8)))))
            case 2:
                made.append(p(inner=run(words, draw(st.sampled_from(["<w:b/>", "<w:i/>", "<w:vanish/>", '<w:u w:val="single"/>'])))))
            case _:
                made.append(table(*[[cell(p(draw(WORDS)), across=draw(st.integers(1, 2)), down=draw(st.sampled_from(["", "restart", "continue"])))
                                     for _ in range(draw(st.integers(1, 3)))] for _ in range(draw(st.integers(1, 3)))]))
    return made


@settings(max_examples=60, deadline=None)
@given(blocks())
def test_whatever_the_document_its_body_rests_and_holds_no_danger(made):
    try:
        paper = read_word(docx(*made))
    except FileError as error:
        if error.code != "empty":
            raise
        return
    assert sanitise(paper.body) == paper.body
    assert dangers(paper.body) == []
    assert "\n" not in paper.title
    assert paper == read_word(docx(*made))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_a_broken_document_is_a_refusal_never_a_crash(at, junk):
    data = docx(p("标题", style="Title"), p("甲", number=(2, 0)), table([cell(p("格"))]))
    at %= len(data)
    with contextlib.suppress(FileError):
        read_word(data[:at] + junk + data[at + len(junk) :])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.text(alphabet='<>/"=wp:0123456789abc&;', min_size=1, max_size=6))
def test_a_document_of_broken_xml_is_a_refusal_never_a_crash(at, junk):
    members = Docx().add(p("标题", style="Title"), p("甲", number=(2, 0)), table([cell(p("格"), across=2)]), p("x", style="1")).members()
    name = sorted(members)[at % len(members)]
    at %= max(len(members[name]), 1)
    members[name] = members[name][:at] + junk.encode() + members[name][at + len(junk) :]
    with contextlib.suppress(FileError):
        read_word(packed(members))
