"""What the error codes of WordPress mean for a delivery. Data: docs/channels/portal.md shows the same table."""

from __future__ import annotations

from datetime import timedelta

from channels.codes import Code, Codes, Meaning

GONE = frozenset({"rest_post_invalid_id", "rest_already_trashed"})
NO_TRASH = "rest_trash_not_supported"
#: the portal takes no such file; the first two come with HTTP 500 and are none of a fault that passes
FILE_REFUSED = frozenset({"rest_upload_sideload_error", "rest_upload_unknown_error", "rest_upload_file_too_big",
                          "rest_upload_no_data", 413})

_LOGIN = "用户名或应用程序密码不对，或已被撤销；请在门户后台“个人资料→应用程序密码”里重新生成，并更新环境变量里的密码"
_RIGHT = "账号没有此项权限；请门户网站管理员给该账号“作者”或“编辑”角色"
_MOVED = "网站要求转到别处；请把该渠道的 api 改成网站现在的地址"
_NO_API = "该地址上没有 WordPress 接口；请核对 gongkai.toml 中的 api，并请门户网站管理员确认 REST 接口已开放"
_FILE = "门户网站不收这个文件（类型不对或太大）；图片请换成 JPEG 或 PNG，附件请换成 PDF"

CODES = Codes("门户网站", {
    "rest_cannot_create": Code(Meaning.SHUT, f"不能新建：{_LOGIN}"),
    "rest_not_logged_in": Code(Meaning.SHUT, _LOGIN),
    "invalid_username": Code(Meaning.SHUT, _LOGIN),
    "incorrect_password": Code(Meaning.SHUT, _LOGIN),
    "application_passwords_disabled": Code(Meaning.SHUT, "门户网站没有开放应用程序密码；请门户网站管理员开放（需要 HTTPS）"),
    "rest_cannot_publish": Code(Meaning.SHUT, f"不能发布：{_RIGHT}；或把该渠道改为 status = \"pending\"，由门户编辑发布"),
    "rest_cannot_edit": Code(Meaning.SHUT, f"不能修改：{_LOGIN}；密码无误时，{_RIGHT}"),
    "rest_cannot_delete": Code(Meaning.SHUT, f"不能撤回：{_LOGIN}；密码无误时，{_RIGHT}"),
    "rest_cannot_assign_term": Code(Meaning.SHUT, f"不能放入该分类：{_RIGHT}"),
    "rest_forbidden": Code(Meaning.SHUT, _LOGIN),
    "rest_forbidden_context": Code(Meaning.SHUT, _LOGIN),
    "rest_forbidden_status": Code(Meaning.SHUT, _LOGIN),
    "rest_no_route": Code(Meaning.SHUT, _NO_API),
    "rest_disabled": Code(Meaning.SHUT, _NO_API),
    "rest_post_invalid_id": Code(Meaning.REFUSED, "那一篇已不在门户网站上；请核实是谁删的"),
    "rest_already_trashed": Code(Meaning.REFUSED, "那一篇已在门户网站的回收站里；请核实是谁删的"),
    "rest_invalid_param": Code(Meaning.REFUSED, "请求不被接受；请把本条提示交给系统维护人员"),
    "rest_invalid_json": Code(Meaning.REFUSED, "请求不被接受；请把本条提示交给系统维护人员"),
    "empty_content": Code(Meaning.REFUSED, "标题和正文都是空的；请补全后重新签发"),
    "rest_upload_sideload_error": Code(Meaning.REFUSED, _FILE),
    "rest_upload_unknown_error": Code(Meaning.REFUSED, _FILE),
    "rest_upload_file_too_big": Code(Meaning.REFUSED, _FILE),
    "rest_upload_limited_space": Code(Meaning.WAIT, "门户网站的空间已满；请门户网站管理员清理", timedelta(hours=1)),
    "rest_upload_no_data": Code(Meaning.REFUSED, _FILE),
    "db_insert_error": Code(Meaning.WAIT, "门户网站的数据库没有写入；反复出现时请告知门户网站管理员", timedelta(minutes=5)),
    "db_update_error": Code(Meaning.WAIT, "门户网站的数据库没有写入；反复出现时请告知门户网站管理员", timedelta(minutes=5)),
    301: Code(Meaning.SHUT, _MOVED),
    302: Code(Meaning.SHUT, _MOVED),
    307: Code(Meaning.SHUT, _MOVED),
    308: Code(Meaning.SHUT, _MOVED),
    400: Code(Meaning.REFUSED, "请求不被接受；请把本条提示交给系统维护人员"),
    401: Code(Meaning.SHUT, _LOGIN),
    403: Code(Meaning.SHUT, f"拒绝访问：可能是门户网站的防火墙；请门户网站管理员放行本机地址和 REST 接口；否则{_RIGHT}"),
    404: Code(Meaning.SHUT, _NO_API),
    405: Code(Meaning.SHUT, _NO_API),
    408: Code(Meaning.DOUBT, "网站等候超时", timedelta(minutes=1)),
    410: Code(Meaning.SHUT, _NO_API),
    413: Code(Meaning.REFUSED, "内容或文件太大；请精简后重新签发"),
    429: Code(Meaning.SPENT, "网站限制了调用次数，到时会自动再发", timedelta(minutes=5)),
    500: Code(Meaning.DOUBT, "网站内部出错", timedelta(minutes=1)),
    502: Code(Meaning.DOUBT, "网站的网关没有得到应答", timedelta(minutes=1)),
    503: Code(Meaning.DOUBT, "网站暂时不能服务", timedelta(minutes=5)),
    504: Code(Meaning.DOUBT, "网站的网关等候超时", timedelta(minutes=1)),
})
