"""What a web server's reader may count on, whatever happens to the one who writes."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.shelf import Shelf, ShelfError


def everything(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_a_file_whose_bytes_stay_the_same_is_not_touched(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "site")
    assert shelf.put("a/b.html", b"words")
    before = (tmp_path / "site/a/b.html").stat()
    assert not shelf.put("a/b.html", b"words")
    after = (tmp_path / "site/a/b.html").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert (shelf.written, shelf.unchanged, shelf.removed) == (1, 1, 0)


@pytest.mark.parametrize(("old", "new"), [(b"words", b"wordy"), (b"words", b"words and more"), (b"words", b""), (b"", b"words"),
                                          (b"a" * (1 << 20) + b"b", b"a" * (1 << 20) + b"c")])
def test_other_bytes_replace_the_file(tmp_path: Path, old: bytes, new: bytes) -> None:
    """Of the same length or not, and also where only what lies past the first megabyte differs."""
    shelf = Shelf(tmp_path)
    shelf.put("b.html", old)
    assert shelf.put("b.html", new)
    assert (tmp_path / "b.html").read_bytes() == new


def test_a_reader_who_has_the_old_file_open_keeps_the_old_file(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put("b.html", b"old words")
    with (tmp_path / "b.html").open("rb") as reader:
        shelf.put("b.html", b"new")
        assert reader.read() == b"old words"


@pytest.mark.parametrize("call", ["write", "replace", "fstat"])
def test_a_disk_that_fails_leaves_what_stood_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    shelf = Shelf(tmp_path)
    shelf.put("b.html", b"old")
    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="No space"):
        shelf.put("b.html", b"new")
    monkeypatch.undo()
    assert everything(tmp_path) == ["b.html"]
    assert (tmp_path / "b.html").read_bytes() == b"old"


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_disk_that_fails_leaves_nothing_where_nothing_stood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="No space"):
        Shelf(tmp_path, fsync=True).put("b.html", b"new")
    monkeypatch.undo()
    assert everything(tmp_path) == []


@pytest.mark.parametrize("fails", ["open", "link"])
def test_where_there_are_no_files_without_a_name_it_writes_beside_and_renames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    """Another file system, another kernel, no /proc: the same files in the end, with the same modes."""
    true_open = os.open

    def no_nameless(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, "Operation not supported")
        return true_open(path, flags, mode)

    def no_link(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, fails, no_nameless if fails == "open" else no_link)
    before = os.umask(0o077)
    try:
        Shelf(tmp_path).put("a/b.html", b"whole")
    finally:
        os.umask(before)
    assert everything(tmp_path) == ["a/b.html"]
    assert (tmp_path / "a" / "b.html").stat().st_mode & 0o777 == 0o644


def test_what_a_kill_left_half_written_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_bytes(b"old")
    (tmp_path / ".b.html.tmp").write_bytes(b"half a much longer page")
    Shelf(tmp_path).put("b.html", b"whole")
    assert everything(tmp_path) == ["b.html"]
    assert (tmp_path / "b.html").read_bytes() == b"whole"


def test_what_a_kill_left_half_written_is_swept_by_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / ".b.html.tmp").write_bytes(b"half")
    (tmp_path / ".feed.xml.tmp").write_bytes(b"half")
    Shelf(tmp_path).sweep("", {"b.html"}, mine=lambda name: name.endswith(".html"))
    assert everything(tmp_path) == [".feed.xml.tmp"]


def test_sweeping_takes_my_strangers_and_nobody_elses_files(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for name in ("tongzhi/0.html", "tongzhi/1.html", "tongzhi/feed.xml", "tongzhi/deep/2.html"):
        shelf.put(name, b"")
    shelf.sweep("tongzhi", {"0.html"}, mine=lambda name: name.endswith(".html"))
    assert everything(tmp_path) == ["tongzhi/0.html", "tongzhi/deep/2.html", "tongzhi/feed.xml"]
    assert shelf.removed == 1


def test_a_folder_goes_when_its_last_file_goes_and_comes_back_when_needed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put("old/0.html", b"")
    shelf.sweep("old", (), mine=lambda name: True)
    assert not (tmp_path / "old").exists()
    shelf.put("old/0.html", b"again")
    assert (tmp_path / "old/0.html").read_bytes() == b"again"


def test_a_removed_folder_takes_all_it_holds(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put("item/a/b/c.png", b"")
    shelf.put("item/a/d.html", b"")
    shelf.remove_folder("item/a")
    assert not (tmp_path / "item/a").exists()
    shelf.remove_folder("item/never-was")


def test_removing_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put("b.html", b"")
    assert [shelf.remove(path) for path in ("b.html", "b.html", "c/d.html")] == [True, False, False]


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../b.html", "a/../../b.html", "a//b.html", "a/", ".hidden", "a/.b.tmp", "a\\..\\b", "a\0b",
                                  "./b.html"])
def test_a_path_that_is_none_under_the_root_is_refused(tmp_path: Path, path: str) -> None:
    shelf = Shelf(tmp_path / "site")
    with pytest.raises(ShelfError, match="no path under the root"):
        shelf.put(path, b"")
    assert everything(tmp_path) == []


@given(path=st.text(st.sampled_from("ab./\\\0é"), max_size=12))
@example(path="..")
def test_whatever_the_path_nothing_lands_outside(path: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    try:
        Shelf(outside / "in" / "site").put(path, b"x")
    except ShelfError:
        assert everything(outside) == []
    else:
        assert everything(outside) == [f"in/site/{path}"]


def test_a_link_that_leads_out_of_the_site_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.html").write_bytes(b"somebody's")
    site = tmp_path / "site"
    site.mkdir()
    (site / "folder").symlink_to(outside)
    (site / "b.html").symlink_to(outside / "b.html")
    shelf = Shelf(site)
    with pytest.raises(ShelfError, match="is no folder of this site"):
        shelf.put("folder/b.html", b"ours")
    shelf.put("b.html", b"ours")
    assert (outside / "b.html").read_bytes() == b"somebody's"
    assert (site / "b.html").read_bytes() == b"ours"


def test_the_web_server_can_read_what_a_careful_umask_would_hide(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        Shelf(tmp_path / "site").put("a/b.html", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "site/a/b.html").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "site/a").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "site").stat().st_mode) == 0o755


def test_two_writers_take_turns(tmp_path: Path) -> None:
    """Two ticks at the same moment: the second waits, then sees what the first wrote."""
    entered, order = threading.Event(), []

    def second() -> None:
        entered.wait(10)
        with Shelf(tmp_path) as shelf:
            order.append("second")
            assert not shelf.put("b.html", b"words")

    thread = threading.Thread(target=second)
    thread.start()
    with Shelf(tmp_path) as shelf:
        entered.set()
        thread.join(0.2)
        order.append("first")
        shelf.put("b.html", b"words")
    thread.join(10)
    assert order == ["first", "second"]


def test_with_fsync_the_same_bytes_arrive(tmp_path: Path) -> None:
    Shelf(tmp_path, fsync=True).put("a/b.html", b"words")
    assert (tmp_path / "a/b.html").read_bytes() == b"words"
