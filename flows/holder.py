"""Who holds a lease: this very process, told apart from any later one with the same number."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path


@cache
def boot() -> str:
    """The running system, told apart from the one before a restart; empty where the system does not say."""
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text(encoding="ascii").strip()[:8] if path.exists() else ""


def started(pid: int) -> str:
    """When a process began, in the kernel's ticks since boot: field 22 of /proc/<pid>/stat. Empty where it can't be told."""
    try:
        # the command's name stands in parentheses and may hold anything; what follows the last one does not
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def me() -> str:
    """This process, as it signs leases: host:boot:pid:start."""
    return f"{socket.gethostname()}:{boot()}:{os.getpid()}:{started(os.getpid())}"


def is_dead(holder: str) -> bool:
    """True only where it is certain that a holder is gone: a process of this host that no longer runs."""
    host, _, rest = holder.partition(":")
    parts = rest.split(":")
    if host != socket.gethostname() or len(parts) != 3:
        return False
    boot_then, pid, start = parts
    if boot_then != boot():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, ValueError):
        return False
    return bool(start) and started(int(pid)) != start
