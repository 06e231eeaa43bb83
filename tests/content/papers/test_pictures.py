"""Pictures leave as pixels and nothing else."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from content.media import FileError, picture_type
from content.papers import pictures
from content.papers.pictures import DRAWING_LIMIT, WIDTH, clean_picture
from tests.content.papers.rig import drawing, photograph, written


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def exif(**also: str) -> Image.Exif:
    """Where and by whom it was taken, and that the camera was held sideways."""
    facts = Image.Exif()
    facts[0x010F], facts[0x013B], facts[0x9286] = "SECRETCAMERA", "SECRETPERSON", also.get("comment", "SECRETCOMMENT")
    facts[0x0112] = 6
    facts[0x8825] = {1: "N", 2: (28.0, 11.0, 0.0), 29: "2024:05:28"}
    return facts


def planted() -> dict[str, bytes]:
    """A picture of every kind, each with all the hidden text that its format has room for."""
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Comment", "SECRETTEXT")
    chunks.add_itxt("XML:com.adobe.xmp", "SECRETXMP")
    icc = b"SECRETICC".ljust(200, b"\x00")
    return {
        "照片.jpg": photograph(exif=exif(), comment=b"SECRETCOMMENT", icc_profile=icc), "图.png": drawing(pnginfo=chunks, exif=exif(), icc_profile=icc),
        "照片.webp": photograph(form="WEBP", exif=exif(), icc_profile=icc, xmp=b"SECRETXMP"), "动图.gif": drawing(form="GIF", comment=b"SECRETCOMMENT"),
        "扫描.tif": drawing(form="TIFF", description="SECRETTEXT", artist="SECRETPERSON"), "画.bmp": drawing(form="BMP") + b"SECRETTAIL",
    }


@pytest.mark.parametrize("name", planted())
def test_nothing_travels_along_that_nobody_sees(name):
    data = planted()[name]
    assert b"SECRET" in data or name.endswith("webp")
    clean = clean_picture(name, data)
    assert b"SECRET" not in clean.data
    again = opened(clean.data)
    assert not again.getexif()
    assert not {"icc_profile", "comment", "exif", "xmp", "Comment", "photoshop"} & set(again.info)
    assert (again.width, again.height) == (clean.width, clean.height)
    assert picture_type(clean.data) == clean.media_type


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=40), st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_no_words_of_a_camera_survive(words, form):
    clean = clean_picture("照片", photograph((40, 30), form=form, exif=exif(comment=words)))
    assert words.encode() not in clean.data
    assert not opened(clean.data).getexif()


def test_a_photograph_stands_upright_and_becomes_jpeg():
    held = photograph((160, 120), exif=exif())
    clean = clean_picture("DCIM/照片.HEIC.jpg", held)
    assert (clean.name, clean.media_type, clean.width, clean.height) == ("照片.HEIC.jpg", "image/jpeg", 120, 160)
    assert clean_picture("照片.png", photograph(form="PNG")).name == "照片.jpg"


def test_a_drawing_stays_png_to_the_last_pixel():
    """Lettering that JPEG would blur; three colours fit in a palette."""
    clean = clean_picture("图.png", drawing((400, 300)))
    assert clean.media_type == "image/png"
    assert opened(clean.data).mode == "P"
    assert opened(clean.data).convert("RGB").tobytes() == opened(drawing((400, 300))).tobytes()
    assert clean_picture("图.gif", drawing(form="GIF")).name == "图.png"


def test_what_is_see_through_stays_so_but_for_large_photographs():
    """A logo keeps its edge; a photograph of which that would cost megabytes gets white paper."""
    logo = Image.new("RGBA", (50, 50), (255, 0, 0, 0))
    clean = clean_picture("徽标.png", written(logo, "PNG"))
    assert opened(clean.data).getchannel("A").getextrema() == (0, 0)
    noise = Image.merge("RGBA", [Image.effect_noise((1200, 900), 90) for _ in range(3)] + [Image.linear_gradient("L").resize((1200, 900))])
    heavy = clean_picture("照片.png", written(noise, "PNG"))
    assert heavy.media_type == "image/jpeg"
    assert len(heavy.data) < DRAWING_LIMIT
    assert opened(heavy.data).getpixel((600, 0)) > (250, 250, 250)
    solid = clean_picture("实.png", written(Image.new("RGBA", (9, 9), (1, 2, 3, 255)), "PNG"))
    assert opened(solid.data).convert("RGBA").getpixel((0, 0)) == (1, 2, 3, 255)


def test_a_wide_picture_is_brought_to_the_width_of_a_page_and_says_so():
    clean = clean_picture("宽.png", drawing((5000, 1000)))
    assert (clean.width, clean.height) == (WIDTH, 400)
    assert clean.notes == ("图片“宽.png”已从 5000×1000 缩小为 2000×400 像素。",)
    assert clean_picture("长.png", drawing((10, 16000))).height == 8000
    assert clean_picture("线.png", drawing((9000, 1))).height == 1


def test_of_an_animation_the_first_frame_stays():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    clean = clean_picture("动图.gif", written(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert clean.notes == ("图片“动图.gif”有多帧（动图或多页），只保留第一帧。",)
    assert opened(clean.data).convert("RGB").getpixel((5, 5)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "YCbCr"])
def test_every_mode_of_colour_comes_out_as_a_browser_shows_it(mode):
    source = Image.new("I;16", (30, 20), 65535) if mode == "I;16" else Image.new("RGB", (30, 20), "white").convert(mode)
    form = "TIFF" if mode in ("CMYK", "YCbCr") else "PNG"
    clean = clean_picture("图", written(source, form))
    assert opened(clean.data).convert("RGB").getpixel((15, 10)) == (255, 255, 255)


def test_the_same_bytes_in_give_the_same_bytes_out_and_cleaning_a_clean_drawing_changes_nothing():
    for name, data in planted().items():
        assert clean_picture(name, data) == clean_picture(name, data)
    once = clean_picture("图.png", drawing())
    assert clean_picture("图.png", once.data).data == once.data


def png_header(width: int, height: int) -> bytes:
    """A PNG that declares so many pixels and has none."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + b"\x00\x00\x00\x00IDAT\x35\xaf\x06\x1e"


@pytest.mark.parametrize(("name", "data", "code", "said"), [
    ("图.png", b"", "empty", "是空文件"),
    ("图.png", b"<script>alert(1)</script>", "active", "不是图片，而是网页或脚本"),
    ("图.png", b"\xef\xbb\xbf \n<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "active", "导出为 PNG 或 JPG"),
    ("图.jpg", b"GIF89a/*<script>alert(1)</script>*/=1;", "damaged", "已损坏或尺寸异常"),
    ("图.png", b"#!/bin/sh\nrm -rf /", "not-a-picture", "内容不是可用的图片"),
    ("图.png", b"MZ" + bytes(200), "not-a-picture", "请换成 PNG、JPG"),
    ("图.jpg", photograph()[:400], "damaged", "已损坏"),
    ("图.png", drawing()[:60], "damaged", "已损坏"),
    ("图.png", png_header(8000, 8001), "too-many-pixels", "8000×8001 像素"),
    ("图.png", png_header(60000, 60000), "damaged", "尺寸异常"),
])
def test_refuses_in_words_that_say_what_it_is(name, data, code, said):
    with pytest.raises(FileError, match="“") as caught:
        clean_picture(name, data)
    assert caught.value.code == code
    assert said in str(caught.value)


def test_a_picture_too_large_is_refused_unopened(monkeypatch):
    monkeypatch.setattr(pictures, "PICTURE_LIMIT", 2**20)
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("opened"))
    with pytest.raises(FileError, match="超过 1 MB 的上限"):
        clean_picture("大.jpg", bytes(2**20 + 1))


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=120, deadline=None)
@given(st.sampled_from(sorted(planted())), st.integers(0, 3000), st.binary(min_size=1, max_size=6), st.booleans())
def test_broken_bytes_are_a_refusal_never_a_crash(name, at, junk, cut):
    data = planted()[name]
    at %= len(data)
    said = left = b""
    try:
        left = clean_picture(name, data[:at] + junk + (b"" if cut else data[at + len(junk) :])).data
    except FileError as error:
        said = str(error).encode()
    assert name.encode() in said or left
    assert b"SECRET" not in left


@pytest.mark.parametrize(("name", "kept"), [
    ("C:\\Users\\张三\\桌面\\图 1.bmp", "图 1.png"), ("../../etc/passwd", "passwd.png"), ("a\x00b<c>.svg", "a-b-c.png"), ("", "图片.png"),
    ("...", "图片.png"), ("一" * 300 + ".png", "一" * 80 + ".png"), ("#?%.png", "图片.png"),
])
def test_a_name_keeps_its_words_and_loses_its_folders(name, kept):
    assert clean_picture(name, drawing()).name == kept
