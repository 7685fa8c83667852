"""送られた様式 (posted forms): what a browser sent, read whole, bound to the session and to one act."""

import re
import uuid
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from client.errors import InvalidInputError
from web.signed_in import Me

LARGEST_FIELD = 4_000_000
"""Bytes of one field, as it is sent: a browser may write nine for one Japanese letter."""

LARGEST_REQUEST = 25_000_000
"""Bytes of a whole form with its files."""

_ACT_ID = re.compile(r"act/[0-9a-f-]{36}")


class ExpiredPageError(Exception):
    """古いページ (expired page): the form belongs to another sign-in; what was typed is shown again."""

    def __init__(self, posted: "Posted") -> None:
        super().__init__("the form belongs to another session")
        self.posted = posted


@dataclass(frozen=True)
class Posted:
    """送られた様式: the values by name, the files by name, and the id of the act."""

    act_id: str
    values: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Give the first value, without what surrounds it; empty where nothing was sent."""
        return (self.values.get(name) or [""])[0].strip()

    def texts(self, name: str) -> list[str]:
        """Give all values that say something."""
        return [one.strip() for one in self.values.get(name, []) if one.strip()]


def new_act_id() -> str:
    """Make the id of an act before its form is shown, so that the form can be sent twice without harm."""
    return f"act/{uuid.uuid4()}"


async def _posted(request: Request, me: Me) -> Posted:
    posted = await read_form(request)
    if not compare_digest(posted.text("form_token").encode(), me.form_token.encode()):
        raise ExpiredPageError(posted)
    return posted


async def read_form(request: Request) -> Posted:
    """Read a form; raises InvalidInputError where it can't be read."""
    values: dict[str, list[str]] = {}
    files: dict[str, list[tuple[str, bytes]]] = {}
    try:
        async with request.form(max_files=100, max_fields=10_000, max_part_size=LARGEST_FIELD) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    if value.filename:
                        files.setdefault(name, []).append((value.filename, await value.read()))
                else:
                    values.setdefault(name, []).append(value.replace("\r\n", "\n"))
    except (MultiPartException, UnicodeDecodeError):
        raise InvalidInputError(
            "送られた内容を読めません。", where="送信", remedy="ページを開き直して、もう一度送ってください。"
        ) from None
    given = (values.get("act_id") or [""])[0]
    return Posted(given if _ACT_ID.fullmatch(given) else new_act_id(), values, files)


Sent = Annotated[Posted, Depends(_posted)]
"""送られた様式 of the person who is signed in."""
