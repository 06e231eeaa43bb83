"""What the platform's error codes mean for a delivery. Data: docs/channels/weibo.md shows the same table."""

from __future__ import annotations

from datetime import timedelta

from channels.codes import Code, Codes, Meaning

LAGS = 20032  #: an error that is none: posted, to be seen in a minute or two
NO_RIGHT = 10014
NOT_THERE = frozenset({20101, 20102, 20132})
SAME = frozenset({20017, 20019, 20111})  #: the same or a similar text was just posted

_HOUR = timedelta(hours=1)
_MINUTES = timedelta(minutes=10)
_AGAIN = "微博授权已失效；请重新授权，并更新环境变量里的 access_token"

CODES = Codes("微博", {
    10001: Code(Meaning.DOUBT, "微博系统错误", timedelta(minutes=5)),
    10002: Code(Meaning.DOUBT, "微博服务暂停", timedelta(minutes=5)),
    10003: Code(Meaning.DOUBT, "微博远程服务错误", timedelta(minutes=5)),
    10009: Code(Meaning.WAIT, "微博任务太多、系统繁忙，稍后会自动再试", timedelta(minutes=5)),
    10010: Code(Meaning.DOUBT, "微博处理超时", timedelta(minutes=5)),
    10011: Code(Meaning.DOUBT, "微博 RPC 错误", timedelta(minutes=5)),
    10004: Code(Meaning.SHUT, "本机 IP 不在应用的白名单；请在微博开放平台登记"),
    10005: Code(Meaning.SHUT, "该接口受限；请在微博开放平台查看应用的权限"),
    10006: Code(Meaning.SHUT, "缺少应用标识；请核对 access_token"),
    10013: Code(Meaning.SHUT, "应用未通过审核或账号不合法；请在微博开放平台查看"),
    10014: Code(Meaning.SHUT, "应用没有此接口的权限；请在微博开放平台申请"),
    10017: Code(Meaning.REFUSED, "正文里没有安全域名的链接，或安全域名未绑定；请在微博开放平台核对安全域名"),
    10022: Code(Meaning.SPENT, "本机 IP 的接口次数已用完，一小时后会自动再试", _HOUR),
    10023: Code(Meaning.SPENT, "账号的接口次数已用完，一小时后会自动再试", _HOUR),
    10024: Code(Meaning.SPENT, "账号发布的次数已用完，一小时后会自动再试", _HOUR),
    20003: Code(Meaning.SHUT, "账号不存在或已被封禁；请登录微博查看通知"),
    20005: Code(Meaning.REFUSED, "图片类型不被接受；请换成 JPEG"),
    20006: Code(Meaning.REFUSED, "图片太大；请压缩后重新签发"),
    20007: Code(Meaning.REFUSED, "图片没有随内容送达；请把本条提示交给系统维护人员"),
    20008: Code(Meaning.REFUSED, "内容为空；请填写标题或摘要"),
    20012: Code(Meaning.REFUSED, "内容超过140字；请精简标题和摘要后重新签发"),
    20013: Code(Meaning.REFUSED, "内容超过300字；请精简标题和摘要后重新签发"),
    20016: Code(Meaning.SPENT, "发布太频繁，稍后会自动再发", _MINUTES),
    20018: Code(Meaning.REFUSED, "含有非法网址；请核对网页地址"),
    20020: Code(Meaning.REFUSED, "被判为广告；请修改后重新签发"),
    20021: Code(Meaning.REFUSED, "含有不被允许的内容；请修改后重新签发"),
    20031: Code(Meaning.SHUT, "微博要求输入验证码；请登录微博完成验证"),
    21301: Code(Meaning.SHUT, _AGAIN),
    21314: Code(Meaning.SHUT, _AGAIN),
    21315: Code(Meaning.SHUT, _AGAIN),
    21316: Code(Meaning.SHUT, _AGAIN),
    21317: Code(Meaning.SHUT, _AGAIN),
    21319: Code(Meaning.SHUT, "授权已被账号主人撤销；请重新授权，并更新环境变量里的 access_token"),
    21321: Code(Meaning.SHUT, "应用未过审，授权人数已满；请在微博开放平台处理"),
    21327: Code(Meaning.SHUT, _AGAIN),
    21332: Code(Meaning.SHUT, _AGAIN),
})
