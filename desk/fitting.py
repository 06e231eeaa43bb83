"""What a channel leaves out of an edition that fits it: told to the clerk and to the signer, who may want other words or pictures."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.base import Channel, Limits, Rendition
from channels.wording import gist
from content.items import Edition

#: what limits count; the unit of a channel that is not among them stands as the channel calls it
UNITS = {"字": gettext_lazy("字"), "字节": gettext_lazy("字节")}


def unit_word(limits: Limits) -> str:
    """What a channel counts of texts, in words."""
    return str(UNITS.get(limits.unit, limits.unit))


def left_out(channel: Channel, edition: Edition, made: Rendition) -> list[str]:
    """A sentence for each thing that the public will not find in a rendition."""
    out = []
    names = "、".join(image.name for image in edition.images if image not in made.images)
    if names and made.images:
        facts = {"n": channel.limits.max_images, "names": names}
        out.append(_("最多带 %(n)s 张图片，先上传的在前，%(names)s 不会出现；要换，请去掉前面的，保存后再上传。") % facts)
    elif names:
        out.append(_("不带图片，%(names)s 不会出现。") % {"names": names})
    if made.media_type == "text/plain" and gist(edition) not in made.body:
        out.append(_("放不下全部文字，标题和概述已截短；要说完整，请把短标题和概述写短一些。"))
    return out
