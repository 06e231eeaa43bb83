"""What lets us in: the secret of an account, as an operator wrote it into an environment variable. Looked at before anything is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from channels.base import Setting
from channels.errors import UnusableError

ONE_WORD = re.compile(r"[!-~]+")  #: what platforms give out: no blanks, no line breaks, nothing but ASCII
WORDS = re.compile(r"[!-~]+(?: +[!-~]+)*")  #: WordPress writes a password in groups of four
A_LINE = re.compile(r"[^\x00-\x1f\x7f]+")  #: what a person may have chosen


@dataclass(frozen=True, slots=True)
class Credential:
    """One secret of one channel. Asked for at each use: previews need none, and one that was mended is taken up."""

    setting: Setting
    variable: str  #: the environment variable that holds it
    wanted_for: str = field(kw_only=True)  #: 登录微博
    called: str = field(kw_only=True)  #: as the platform calls it, with blanks around where that is Latin
    form: re.Pattern[str] = field(default=ONE_WORD, kw_only=True)

    def value(self) -> str:
        """The secret.

        Raises:
            UnusableError: there is none, or what is there cannot be one. The message names the variable and never what it holds.
        """
        value = self.setting.secret(self.variable).strip()
        if not value:
            raise UnusableError(f"环境变量 {self.variable} 没有值，不能{self.wanted_for}；请设置{self.called}后再运行")
        if not self.form.fullmatch(value):
            raise UnusableError(f"环境变量 {self.variable} 的值不是{self.called}（夹有空格、换行、中文等字符），不能{self.wanted_for}；"
                                f"请从平台重新复制{self.called}，更新该变量后再运行")
        return value
