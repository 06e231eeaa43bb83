"""What the platform's error codes mean for a delivery, and what staff should do. Data: docs/channels/wechat.md shows the same table."""

from __future__ import annotations

from datetime import timedelta

from channels.codes import Code, Codes, Meaning

NO_SUCH_MEDIA, NO_SUCH_ARTICLE, NO_RIGHT = 40007, 53600, 48001  #: the codes that some calls read themselves
USED_UP, TOO_FAST = 45009, 45011  #: of a call's quota: for the day, for the minute

CODES: dict[int, Code] = {
    -1: Code(Meaning.DOUBT, "微信系统繁忙", timedelta(minutes=1)),
    40001: Code(Meaning.STALE, "访问令牌已失效；如反复出现，请检查 AppSecret 是否已重置，或是否有别的程序在用同一账号取令牌"),
    40014: Code(Meaning.STALE, "访问令牌不合法"),
    42001: Code(Meaning.STALE, "访问令牌已过期"),
    40013: Code(Meaning.SHUT, "AppID 不正确；请核对 gongkai.toml 中的 app_id"),
    40125: Code(Meaning.SHUT, "AppSecret 不正确；请在微信开发者平台核对或重置，并更新环境变量"),
    40243: Code(Meaning.SHUT, "AppSecret 已被冻结；请在微信开发者平台解冻"),
    40164: Code(Meaning.SHUT, "本机 IP 不在白名单；请在微信开发者平台把提示中的 IP 加入白名单"),
    41004: Code(Meaning.SHUT, "缺少 AppSecret；请设置环境变量"),
    48001: Code(Meaning.SHUT, "该账号没有此接口的权限；请在公众平台核对认证状态和接口权限"),
    48004: Code(Meaning.SHUT, "接口已被微信封禁；请登录公众平台查看通知"),
    50002: Code(Meaning.SHUT, "账号受限（违规或被冻结）；请登录公众平台查看通知"),
    89501: Code(Meaning.SHUT, "本机 IP 正在等待公众号管理员确认；请联系管理员"),
    89503: Code(Meaning.SHUT, "此 IP 调用需要公众号管理员确认；请联系管理员"),
    89506: Code(Meaning.SHUT, "此 IP 已被公众号管理员拒绝，24 小时内不能再试；请联系管理员"),
    89507: Code(Meaning.SHUT, "此 IP 已被公众号管理员拒绝，1 小时内不能再试；请联系管理员"),
    45009: Code(Meaning.TOMORROW, "今日接口调用次数已用完，次日零时后自动再试；急件可在公众平台手工发布"),
    45011: Code(Meaning.WAIT, "调用太频繁，稍后会自动再试", timedelta(minutes=1)),
    61450: Code(Meaning.WAIT, "微信系统错误，稍后会自动再试"),
    40004: Code(Meaning.REFUSED, "图片类型不被接受；请换成 JPEG 或 PNG"),
    40005: Code(Meaning.REFUSED, "图片类型不被接受；请换成 JPEG 或 PNG"),
    40006: Code(Meaning.REFUSED, "图片太大；请压缩后重新签发"),
    40007: Code(Meaning.REFUSED, "素材或草稿不存在（media_id 无效）；请到公众平台草稿箱查看"),
    40009: Code(Meaning.REFUSED, "图片太大；请压缩后重新签发"),
    40033: Code(Meaning.REFUSED, "含有不被接受的字符；请删去特殊符号后重新签发"),
    44003: Code(Meaning.REFUSED, "图文内容为空；请检查正文"),
    45001: Code(Meaning.REFUSED, "文件太大；请压缩后重新签发"),
    45002: Code(Meaning.REFUSED, "正文太长；请精简，或取消微信渠道"),
    45003: Code(Meaning.REFUSED, "标题太长；请填写 32 字以内的短标题"),
    45004: Code(Meaning.REFUSED, "摘要太长；请精简内容概述"),
    45005: Code(Meaning.REFUSED, "原文链接太长；请缩短网页地址"),
    45110: Code(Meaning.REFUSED, "作者名太长；请在 gongkai.toml 中为该渠道设置 16 字以内的 author"),
    45166: Code(Meaning.REFUSED, "正文含有不被接受的内容；请检查链接和图片"),
    47001: Code(Meaning.REFUSED, "数据格式有误；请把本条提示交给系统维护人员"),
    53402: Code(Meaning.REFUSED, "封面裁剪失败；请更换封面图片"),
    53503: Code(Meaning.REFUSED, "草稿未通过发布前检查；请到公众平台草稿箱查看原因"),
    53504: Code(Meaning.REFUSED, "需要到公众平台网站上处理后发布"),
    53505: Code(Meaning.REFUSED, "请先到公众平台网站上手动保存这篇草稿，再发布"),
    53600: Code(Meaning.REFUSED, "文章不存在（article_id 无效）；请到公众平台核对"),
}

#: `publish_status` of freepublish/get that end a job without an article, in words for staff
FAILED_JOBS: dict[int, str] = {
    2: "原创校验未通过；请到公众平台查看，修改后重新签发",
    3: "发布失败；请到公众平台草稿箱查看原因（测试号总是如此）",
    4: "平台审核未通过；请到公众平台查看通知，修改后重新签发",
    5: "发布后文章已全部被人删除；请核实是谁删的、为何删除",
    6: "发布后文章已被系统封禁；请到公众平台查看通知",
}

TABLE = Codes("微信", CODES)


def number(value: object) -> int | None:
    """A number in an answer, whether or not it came as a text: the vendor's own tables say both. None if it is none."""
    try:
        return int(str(value))
    except ValueError:
        return None
