"""全ての役割の者のブラウザー (browsers by role): each signed in once, and what its forms carry along."""

from __future__ import annotations

import re
import uuid
from typing import Any

from schemas.organisation import Role
from tests.web.conftest import Browser

REFUSED = frozenset({403, 409})

Browsers = dict[tuple[Role, bool], Browser]


async def posted(browser: Browser, address: str, typed: dict[str, Any], files: Any = None) -> tuple[int, str]:
    """Send what a form at that address would send, whether or not it is shown; give the status and what is said."""
    token = await _token(browser)
    answer = await browser.web.post(
        address, data={"form_token": token, "act_id": f"act/{uuid.uuid4()}", **typed}, files=files
    )
    return answer.status_code, answer.text


async def shown(browser: Browser, address: str) -> str:
    """Give what a page says: to whom it is not shown, that it is not."""
    answer = await browser.web.get(address)
    assert answer.status_code in {200, 403}, answer.text
    return answer.text


async def _token(browser: Browser) -> str:
    token = _TOKENS.get(browser)
    if token is None:
        found = re.search(r'name="form_token" value="([^"]+)"', await browser.open("/settings"))
        assert found
        token = _TOKENS[browser] = found[1]
    return token


_TOKENS: dict[Browser, str] = {}
