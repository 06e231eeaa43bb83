"""A tree of flat files under a root, as a web server hands them out: compared first, replaced whole, swept by their owner.

A reader sees the old bytes or the new ones, never half of either, and a file whose bytes stay the same is not touched, so
that its ETag changes only when its content does. Nothing is ever cleaned and rebuilt.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Callable, Container
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

FILE_MODE, FOLDER_MODE = 0o644, 0o755  #: the web server is somebody else
TEMP = ".tmp"
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
#: a file without a name, where there is such a thing: what a crash leaves of it, nobody ever sees
_NAMELESS = os.O_WRONLY | os.O_CLOEXEC | os.O_TMPFILE if hasattr(os, "O_TMPFILE") and os.path.isdir("/proc/self/fd") else None


class ShelfError(ValueError):
    """A path that does not lie under the root, or that no address on the web can have."""


class Shelf:
    """Writes under a root. Paths are relative, with `/`, and no part of them begins with a dot.

    As a context manager it keeps every other shelf off the same root meanwhile: they wait, in this process or another.
    """

    def __init__(self, root: Path, *, fsync: bool = False) -> None:
        self.root = root
        self.written = self.unchanged = self.removed = 0
        self._prefix = f"{root}{os.sep}"
        self._fsync = fsync
        self._folders: set[str] = set()  # known to exist, and to lie under the root
        self._lock: int | None = None
        self._nameless: int | None = _NAMELESS

    def __enter__(self) -> Self:
        self._make("")
        self._lock = os.open(self.root, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @property
    def locks(self) -> tuple[int, ...]:
        """What a process that helps must inherit, so that the root stays locked while it lives; empty outside of `with`."""
        return () if self._lock is None else (self._lock,)

    def put(self, path: str, data: bytes) -> bool:
        """Have these bytes at this path; True if that took writing.

        Raises:
            ShelfError: the path escapes the root.
            OSError: the disk does not take it; what stood there still stands.
        """
        folder, _, name = path.rpartition("/")
        if folder not in self._folders:
            self._make(folder)
        _check_part(name if folder or name == path else "", path)
        target = self._prefix + path
        same = _same(target, data)
        if same:
            self.unchanged += 1
            return False
        if same is False or not self._add(folder, target, data):
            self._replace(folder, name, target, data)
        if self._fsync:
            _sync_folder(self._prefix + folder)
        self.written += 1
        return True

    def _add(self, folder: str, target: str, data: bytes) -> bool:
        """Let the file appear whole where none stands, in one step: a fifth quicker than a second name. False: it can't be done here."""
        if self._nameless is None:
            return False
        try:
            file = os.open(self._prefix + folder, self._nameless, FILE_MODE)
        except OSError:  # this file system has no such files; the other way tells whatever else is wrong
            self._nameless = None
            return False
        try:
            self._fill(file, data)
            os.link(f"/proc/self/fd/{file}", target, src_dir_fd=file)  # which is ignored, but makes it follow the first
        except OSError:  # the disk is full, or somebody was quicker: the other way tells, or copes
            return False
        finally:
            os.close(file)
        return True

    def _replace(self, folder: str, name: str, target: str, data: bytes) -> None:
        """Write beside it, then take its name."""
        # the name is always the same, so that what a crash left behind is written over by the next try
        temp = f"{self._prefix}{folder}/.{name}{TEMP}" if folder else f"{self._prefix}.{name}{TEMP}"
        try:
            file = os.open(temp, _WRITE, FILE_MODE)
            try:
                self._fill(file, data)
            finally:
                os.close(file)
            os.replace(temp, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(temp)
            raise

    def remove(self, path: str) -> bool:
        """Have no file at this path; True if there was one."""
        _check(path)
        try:
            os.unlink(self._prefix + path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        self.removed += 1
        return True

    def remove_folder(self, folder: str) -> None:
        """Have no such folder, whatever it holds. For a folder that has one owner."""
        for name in self.folders(folder):
            self.remove_folder(f"{folder}/{name}")
        self.sweep(folder, (), mine=lambda name: True)

    def sweep(self, folder: str, keep: Container[str], *, mine: Callable[[str], bool]) -> None:
        """Remove the files of one folder that are mine and not to be kept, and the folder once it is empty.

        Several surfaces share a root: `mine` answers for the names that the caller alone writes in that folder. What a crash
        left half-written belongs to whoever owns the file it was to become.
        """
        for name in self.names(folder):
            if name.endswith("/"):
                continue
            temp = name.startswith(".") and name.endswith(TEMP)
            owned = name[1 : -len(TEMP)] if temp else name
            if mine(owned) and (temp or name not in keep):
                os.unlink(self._path(folder, name))
                self.removed += 1
        if folder:
            self._drop_if_empty(folder)

    def names(self, folder: str) -> list[str]:
        """All that lies in a folder, sorted, half-written files too; folders end in `/`."""
        try:
            with os.scandir(self._path(folder)) as entries:
                return sorted(f"{e.name}/" if e.is_dir(follow_symlinks=False) else e.name for e in entries)
        except (FileNotFoundError, NotADirectoryError):
            return []

    def files(self, folder: str) -> list[str]:
        """The names of the files in a folder, sorted; none if there is no such folder. Half-written ones are no files."""
        return [name for name in self.names(folder) if not name.startswith(".") and not name.endswith("/")]

    def folders(self, folder: str) -> list[str]:
        """The names of the folders in a folder, sorted."""
        return [name[:-1] for name in self.names(folder) if name.endswith("/")]

    def _path(self, folder: str, name: str = "") -> str:
        if folder:
            _check(folder)
        return self._prefix + "/".join(part for part in (folder, name) if part)

    def _drop_if_empty(self, folder: str) -> None:
        try:
            os.rmdir(self._path(folder))
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST):
                raise
        else:
            self._folders.discard(folder)

    def _make(self, folder: str) -> None:
        """Make a folder and its parents, and remember that."""
        path = self._path(folder) if folder else str(self.root)
        if folder:
            parent = folder.rpartition("/")[0]
            if parent not in self._folders:
                self._make(parent)
        else:
            os.makedirs(self.root.parent, exist_ok=True)
        try:
            os.mkdir(path)
            os.chmod(path, FOLDER_MODE)  # mkdir heeds the umask, and the web server is somebody else
        except FileExistsError:
            # the root itself may be a link, as where each release of a site has its folder; what lies in it may not
            found = os.lstat(path) if folder else os.stat(path)
            if not stat.S_ISDIR(found.st_mode):
                raise ShelfError(f"{path} is no folder of this site; move it away") from None
        self._folders.add(folder)

    def _fill(self, file: int, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        if stat.S_IMODE(os.fstat(file).st_mode) != FILE_MODE:  # opening heeds the umask
            os.fchmod(file, FILE_MODE)
        if self._fsync:
            os.fsync(file)


def _same(path: str, data: bytes) -> bool | None:
    """Whether the file at this path has just these bytes; None where there is none."""
    try:
        file = os.open(path, _READ)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:  # a link where a file should be; replacing it harms nobody
            return False
        raise
    try:
        if os.fstat(file).st_size != len(data):
            return False
        at, step = 0, 1 << 20
        while at < len(data):
            piece = os.read(file, step)
            if not piece or piece != data[at : at + len(piece)]:
                return False
            at += len(piece)
        return True
    finally:
        os.close(file)


def _check(path: str) -> None:
    for part in path.split("/"):
        _check_part(part, path)


def _check_part(part: str, path: str) -> None:
    if not part or part[0] == "." or "\\" in part or "\0" in part or "/" in part:
        raise ShelfError(f"{path!r} is no path under the root: relative, with /, no part empty or beginning with a dot")


def _sync_folder(path: str) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
