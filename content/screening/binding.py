"""What a reason holds for: the very words it was given for, where they say whose they are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cached_property

from content.screening.findings import Severity
from content.screening.passages import PERSON, UNSEEN, Match, Passage, fold
from content.screening.rules import Rule
from content.screening.telling import covered

REACH = 300  #: characters on either side: more says no more about whose something is
CLAUSES = 8  #: read backwards at most, looking for a name
_NUMBERED = re.compile(r"[\s(]*(?:\d{1,3}|[一二三四五六七八九十]{1,3})[、.)\t]+")
_LABELLED = re.compile(r"\s*(?:[^:,\t]{1,10}:|手机|电话|联系|身份|证件|住址|家庭|家住|地址|户籍|银行|开户|卡号|[账帐][户号]|出生|生日"
                       "|邮箱|微信|QQ|车牌|现[住居]|其|本人|他|她|号码|性别|民族|年龄)")
_NAMED = re.compile(rf"{PERSON.pattern}|[\u4e00-\u9fff]某|[\u4e00-\u9fff]\*|先生|女士|同志|联系人|负责人")


class Binder:
    """Says of each match in a passage what identifies it."""

    def __init__(self, passage: Passage, pairs: Sequence[tuple[Rule, Match]]) -> None:
        self.passage, self.pairs = passage, pairs

    def bound(self, rule: Rule, match: Match) -> tuple[str, ...]:
        """The words of a match and the clause in which they stand, blanks apart. What stands elsewhere may change and move.

        In a table the clause is the row, with what the column is called; a number in front is none of its words. Where a clause begins
        with a label (手机：…) and names nobody, those before it are read along, as far as the one that does. Other findings in the clause
        count by their masked form, so that masking one leaves the reasons for its neighbours. A mark of secrecy speaks of all that it
        stands in.
        """
        text = self.passage.text
        words = _bare(text[match.start : match.end])
        if rule.severity is Severity.SECRET:
            return words, self._whole
        low, high = self._clause(match.start, match.end)
        low = self._with_whose(low, match.start)
        if number := _NUMBERED.match(text, low, match.start):
            low = number.end()
        return self._said(low, match.start), words, self._said(match.end, high), self.passage.heading(match.start)

    def _said(self, low: int, high: int) -> str:
        return _bare(fold(covered(self.passage.text, self.pairs, low, high)))

    @cached_property
    def _whole(self) -> str:
        return hashlib.sha256(self._said(0, len(self.passage.text)).encode("utf-8", "replace")).hexdigest()

    def _clause(self, start: int, end: int) -> tuple[int, int]:
        """A sentence, or the row of a table."""
        if row := self.passage.row(start):
            low, high = row[0].start, row[-1].end
        else:
            low, high = self.passage.sentence(start, end, REACH)
        return max(low, start - REACH), min(high, end + REACH)

    def _with_whose(self, low: int, at: int) -> int:
        text, edge = self.passage.text, max(0, at - REACH)
        for _ in range(CLAUSES):
            words = text[low:at]
            if _NAMED.search(words) or not _LABELLED.match(words):
                break
            before = text[edge:low].rstrip(f" \t\n。;!?{UNSEEN}")
            if not before:
                break
            last = edge + len(before) - 1
            low = max(self._clause(last, last + 1)[0], edge)
        return low


def _bare(words: str) -> str:
    return re.sub(rf"[\s{UNSEEN}]+", "", words)
