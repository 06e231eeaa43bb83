"""What the statuses of a Mastodon server mean for a delivery. Data: docs/channels/mastodon.md shows the same table."""

from __future__ import annotations

from datetime import timedelta

from channels.codes import Code, Codes, Meaning

DONE = frozenset({200, 202, 204})
GONE = frozenset({404, 410})
NO_SUCH_CALL = frozenset({404, 405, 501})  #: some servers of the family have no way to delete, and say so with a page

_MOVED = "服务器要求转到别处；请把该渠道的 api 改成服务器现在的地址"

CODES = Codes("Mastodon", {
    301: Code(Meaning.SHUT, _MOVED),
    302: Code(Meaning.SHUT, _MOVED),
    307: Code(Meaning.SHUT, _MOVED),
    308: Code(Meaning.SHUT, _MOVED),
    400: Code(Meaning.REFUSED, "请求不被接受；请把本条提示交给系统维护人员"),
    401: Code(Meaning.SHUT, "访问令牌无效、已过期或已被撤销；请在 Mastodon“首选项→开发”里重新生成，并更新环境变量里的令牌"),
    403: Code(Meaning.SHUT, "令牌没有此项权限（需有 read 和 write），账号已被冻结、停用，或本机 IP 被服务器封锁；"
                            "请登录 Mastodon 查看通知，或联系服务器管理员"),
    404: Code(Meaning.SHUT, "该地址上没有 Mastodon 接口；请核对 gongkai.toml 中的 api"),
    405: Code(Meaning.SHUT, "该地址上没有 Mastodon 接口；请核对 gongkai.toml 中的 api"),
    408: Code(Meaning.DOUBT, "服务器等候超时", timedelta(minutes=1)),
    410: Code(Meaning.SHUT, "该地址上已没有 Mastodon 接口；请核对 gongkai.toml 中的 api"),
    413: Code(Meaning.REFUSED, "图片太大；请压缩后重新签发"),
    415: Code(Meaning.REFUSED, "图片类型不被接受；请换成 JPEG 或 PNG 后重新签发"),
    422: Code(Meaning.REFUSED, "内容不被接受（太长、为空，或图片类型不对）；请按服务器的说明修改后重新签发"),
    429: Code(Meaning.SPENT, "账号的调用次数已用完，到时会自动再发", timedelta(minutes=5)),
    500: Code(Meaning.DOUBT, "服务器内部出错", timedelta(minutes=1)),
    502: Code(Meaning.DOUBT, "服务器的网关没有得到应答", timedelta(minutes=1)),
    503: Code(Meaning.DOUBT, "服务器暂时不能服务", timedelta(minutes=5)),
    504: Code(Meaning.DOUBT, "服务器的网关等候超时", timedelta(minutes=1)),
})
