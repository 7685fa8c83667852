"""歩く (walking): every page that is reached by the links of the pages, as several people see them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape

from tests.web.asking import fields_in
from tests.web.conftest import Browser

_LINK = re.compile(r'\bhref="(/[^"#]*)')
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_ACTION = re.compile(r'\baction="([^"]*)"')


async def walk(browser: Browser, starts: Sequence[str], *, at_most: int) -> dict[str, str]:
    """Open pages and what they lead to, the nearest first; give their HTML by their address."""
    pages: dict[str, str] = {}
    ahead = list(dict.fromkeys(starts))
    for address in ahead:
        if len(pages) >= at_most:
            break
        if address.startswith("/static/") or address.split("?")[0].endswith("/file"):
            continue
        answer = await browser.web.get(address)
        if answer.headers.get("content-type", "").startswith("text/html"):
            pages[address] = answer.text
            found = (unescape(one) for one in _LINK.findall(answer.text))
            ahead.extend(one for one in dict.fromkeys(found) if one not in ahead)
    return pages


def forms_in(pages: Mapping[str, str], *, method: str) -> dict[str, dict[str, str]]:
    """Give the fields of all forms of a method, by the address to which they are sent."""
    forms: dict[str, dict[str, str]] = {}
    for address, text in pages.items():
        for attributes, inside in _FORM.findall(text):
            is_post = 'method="post"' in attributes
            if is_post == (method == "POST"):
                action = _ACTION.search(attributes)
                to = (unescape(action[1]) if action else "") or address
                forms.setdefault(to.split("?")[0], {}).update(fields_in(inside))
    return forms
