"""Where the lines of a title end: as few as may be, of like length, and none within a word (GB/T 9704-2012, 7.3.1: 词意完整)."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise

from channels.board.tables import ems

LARGEST, SMALLEST = 30.0, 22.0  #: points; 2号 is the title of 公文
#: words of which titles of this kind are made, longer ones first; a line does not end within one
VOCABULARY = """
    人民政府 服务中心 第一季度 第二季度 第三季度 第四季度 雨污分流 领导班子 公开指南 办事处 委员会 居委会 老年人
    残疾人 进一步 资源化 候选人 上半年 下半年 除四害 办公室 依申请 年度 月份 季度 街道 社区 政府 机关 领导 小组
    政务 信息 公开 报告 通知 通告 公告 公示 公布 发布 印发 转发 批准 批复 决定 意见 方案 规划 计划 办法 规定
    细则 目录 名单 结果 情况 事项 工作 活动 会议 专项 行动 整治 治理 管理 服务 建设 改造 工程 项目 施工 道路
    小区 老旧 停水 停电 停气 招聘 录用 人员 职责 职能 机构 设置 预算 决算 财政 资金 补贴 补助 救助 低保 安全
    生产 消防 应急 防汛 环境 卫生 垃圾 分类 物业 拆迁 征收 补偿 安置 房屋 住房 保障 居民 群众 志愿 文明 创建
    宣传 教育 培训 检查 验收 评议 考核 申请 申报 办理 审批 许可 处罚 行政 执法 监督 投诉 举报 调整 变更 延长
    暂停 恢复 开展 举办 召开 实施 加强 推进 关于 有关 以及 惠民 利民 便民 资源 利用 回收 生活 城市 社会 综合
    党建 党员 干部 选举 换届 统计 普查 征兵 征求 补选 评选 表彰 先进 典型 试行 暂行 补充 污水 管网 电梯 加装
    停车 绿化 河长 防疫 疫苗 健康 医疗 养老 就业 创业 营商 优化 提升 违法 违规 违章 建筑 拆除 消毒 路灯 桥梁
    渣土 扬尘 噪音 油烟 食品 药品 市场 经营 商户 夜市 占道 巡查 值班 假期 放假 春节 国庆 清明 端午 中秋 元旦
    分工 成员 联系 方式 电话 地址 时间 地点 变动 指南 年报
"""
WORDS = re.compile("|".join(VOCABULARY.split()))
CLOSING, OPENING = "》）」』”’】〕、，。；：！？…—）％%·", "《（「『“‘【〔"
AFTER, BEFORE = "的和与及、，》）等暨 ", "《（关在对向以"  #: a line ends well after the first, and begins well with the second


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title in lines."""

    size: float  #: points
    lines: tuple[str, ...]


def set_title(title: str, *, width: float, body: float) -> Title:
    """A title over a body of `body` points, on lines of `width` points."""
    size = min(LARGEST, SMALLEST * body / 16)
    shrunk = min(size, width / (ems(title) + 0.1))
    if shrunk >= max(SMALLEST, 0.82 * size):
        return Title(size=round(shrunk, 2), lines=(title,))
    return Title(size=round(size, 2), lines=break_lines(title, width / size - 0.1))


def break_lines(title: str, room: float) -> tuple[str, ...]:
    """A title in lines of at most `room` em; longer only where a word leaves no choice."""
    costs = _costs(title)
    fewest = max(math.ceil(ems(title) / room), 1)
    for lines in range(fewest, fewest + 2):
        if found := _best(title, costs, lines, room):
            return found
    return (title,)


def _costs(title: str) -> list[float]:
    """What a line's end before each character costs; infinite where none may be."""
    costs = [4.0] * (len(title) + 1)
    for word in WORDS.finditer(title):
        for at in range(word.start() + 1, word.end()):
            costs[at] = 60.0
    for book in re.finditer("《[^》]*》|（[^）]*）", title):
        for at in range(book.start() + 1, book.end()):
            costs[at] += 12.0
    for at in range(1, len(title)):
        before, after = title[at - 1], title[at]
        if before in OPENING or after in CLOSING or (_latin(before) and _latin(after)):
            costs[at] = math.inf
        elif before.isdigit() or after.isdigit():
            costs[at] += 8.0  # 2024|年, 第|12
        elif (before in AFTER or after in BEFORE) and costs[at] < 60:
            costs[at] -= 4.0
    return costs


def _latin(character: str) -> bool:
    return character.isascii() and not character.isspace()


def _best(title: str, costs: list[float], lines: int, room: float) -> tuple[str, ...]:
    """The cheapest way to end all but the last of `lines` lines; empty if there is none."""
    places = [0.0, *accumulate(ems(character) for character in title)]
    ideal, end = places[-1] / lines, len(title)
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, (0,))}
    for line in range(lines):
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, ends) in best.items():
            longest = bisect_right(places, places[start] + room) - 1
            for stop in range(start + 1, longest + 1) if line < lines - 1 else (end,) if end <= longest else ():
                total = cost + (places[stop] - places[start] - ideal) ** 2 + (costs[stop] if stop < end else 0.0)
                if math.isfinite(total) and total < reached.get(stop, (math.inf, ()))[0]:
                    reached[stop] = (total, (*ends, stop))
        best = reached
    return tuple(title[a:b].strip() for a, b in pairwise(best[end][1])) if end in best else ()
