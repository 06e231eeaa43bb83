"""Whether the folder of a surface, which a web server hands out, takes files now."""

from __future__ import annotations

import tempfile
from pathlib import Path

from channels.errors import TransientError
from content.accounts import Checkup


def checkup(root: Path) -> Checkup:
    """What a surface answers when asked whether it would work: its folder is there, or can be made, and can be written.

    Raises:
        TransientError: the folder takes nothing now.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            pass
    except OSError as error:
        raise TransientError(f"网站文件夹 {root} 现在不能写（{error.strerror or error}）；"
                             "请检查磁盘是否挂载、是否已满、权限是否正确") from error
    return Checkup(line=f"{root} 可写")
