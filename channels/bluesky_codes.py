"""What the errors of a Bluesky server mean for a delivery: by name, else by status. Data: docs/channels/bluesky.md shows the same table."""

from __future__ import annotations

from datetime import timedelta

from channels.codes import Code, Codes, Meaning

NO_RECORD, NO_REPO, BAD_REQUEST, SWAPPED = "RecordNotFound", "RepoNotFound", "InvalidRequest", "InvalidSwap"
STALE = frozenset({"ExpiredToken", "InvalidToken"})

_MOVED = "服务器要求转到别处；请把该渠道的 api 改成服务器现在的地址"
_NOTHING_HERE = "该地址上没有 Bluesky 接口；请核对 gongkai.toml 中的 api"

CODES = Codes("Bluesky", {
    "ExpiredToken": Code(Meaning.STALE, "登录已过期；如反复出现，请检查应用密码是否已撤销"),
    "InvalidToken": Code(Meaning.STALE, "登录凭证不被承认；如反复出现，请检查应用密码是否已撤销、api 地址是否正确"),
    "AuthenticationRequired": Code(
        Meaning.SHUT, "账号或应用密码不对，或应用密码已撤销；请在 Bluesky“设置→隐私与安全”里新建应用密码，并更新环境变量"),
    "AuthFactorTokenRequired": Code(Meaning.SHUT, "账号开启了邮件验证，不能用登录密码；请改用应用密码"),
    "AccountTakedown": Code(Meaning.SHUT, "账号已被平台下架；请登录 Bluesky 查看邮件通知并申诉"),
    "AccountSuspended": Code(Meaning.SHUT, "账号已被平台暂停；请登录 Bluesky 查看邮件通知并申诉"),
    "AccountDeactivated": Code(Meaning.SHUT, "账号已停用；请登录 Bluesky 重新启用"),
    "RepoNotFound": Code(Meaning.SHUT, "该服务器上没有这个账号；请核对 gongkai.toml 中的 api 和 account"),
    "RecordNotFound": Code(Meaning.REFUSED, "没有这一条；请到 Bluesky 核对"),
    "InvalidSwap": Code(Meaning.DOUBT, "该编号下已有内容"),
    "BlobNotFound": Code(Meaning.WAIT, "图片已被服务器清除，会重新上传", timedelta(minutes=1)),
    "InvalidRequest": Code(Meaning.REFUSED, "内容不被接受；请按服务器的说明修改后重新签发"),
    301: Code(Meaning.SHUT, _MOVED),
    302: Code(Meaning.SHUT, _MOVED),
    307: Code(Meaning.SHUT, _MOVED),
    308: Code(Meaning.SHUT, _MOVED),
    400: Code(Meaning.REFUSED, "请求不被接受；请把本条提示交给系统维护人员"),
    401: Code(Meaning.SHUT, "不能登录；请核对账号和应用密码"),
    403: Code(Meaning.SHUT, "账号没有此项权限；请登录 Bluesky 查看通知"),
    404: Code(Meaning.SHUT, _NOTHING_HERE),
    405: Code(Meaning.SHUT, _NOTHING_HERE),
    408: Code(Meaning.DOUBT, "服务器等候超时", timedelta(minutes=1)),
    413: Code(Meaning.REFUSED, "图片太大；请压缩后重新签发"),
    415: Code(Meaning.REFUSED, "图片类型不被接受；请换成 JPEG 或 PNG 后重新签发"),
    429: Code(Meaning.SPENT, "账号的调用次数已用完，到时会自动再发", timedelta(minutes=5)),
    500: Code(Meaning.DOUBT, "服务器内部出错", timedelta(minutes=1)),
    501: Code(Meaning.SHUT, _NOTHING_HERE),
    502: Code(Meaning.DOUBT, "服务器的网关没有得到应答", timedelta(minutes=1)),
    503: Code(Meaning.DOUBT, "服务器暂时不能服务", timedelta(minutes=5)),
    504: Code(Meaning.DOUBT, "服务器的网关等候超时", timedelta(minutes=1)),
})
