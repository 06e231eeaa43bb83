"""What `gongkai doctor` finds of a website's own facts: what 国办发〔2017〕47号 wants on every page, and nobody but its owner can get."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.offices import Office
from flows.commands.finding import Finding

ID_CODE = re.compile(r"[0-9A-Za-z]{10}")


def site_findings(office: Office) -> Iterator[Finding]:
    """The code and the mark of a real office's site. A practice site has neither, and needs none."""
    code, site = office.code, office.site
    well = ID_CODE.fullmatch(site.id_code) is not None
    lacking = f"{site.id_code!r} has not 10 letters and digits" if site.id_code else "no page says SiteIDCode, and every page has to"
    yield Finding(
        what=f"{code}: site code", well=well, grave=False, detail=site.id_code if well else lacking,
        advice="write the 10 characters of the site's 政府网站标识码 into office.site.id_code; the unit in charge of government websites "
               "(政府网站主管单位, the 政府办公厅/室) gave it out when the site was registered, and knows it if you do not")
    yield Finding(
        what=f"{code}: site mark", well=bool(site.mark or site.mark_link), grave=False,
        detail=site.mark or site.mark_link or "no page shows the 党政机关网站标识",
        advice="apply to the 机构编制部门 for it, and name the picture it gives out under office.site.mark, its address under mark_link; "
               "use no other picture for it")
