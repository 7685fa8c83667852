"""送られた様式 (posted forms): what a browser sent, read whole, bound to the session and to one act."""

import re
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Annotated

from fastapi import Depends, Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from client.errors import InvalidInputError
from client.input import new_act_id
from client.shared_desk import Beginner
from web.failures import Failure
from web.signed_in import Facade, Me

LARGEST_FIELD = 4_000_000
"""Bytes of one field, as it is sent: a browser may write nine for one Japanese letter."""

LARGEST_REQUEST = 25_000_000
"""Bytes of a whole form with its files."""

_MOST_FILES, _MOST_FIELDS = 100, 10_000

_MEGABYTE = 1_000_000

_GO_BACK = "ブラウザーの「戻る」で前のページに戻ってください。入力した内容は、そこに残っています。"

TOO_LARGE = Failure(
    413,
    f"送られた内容が大きすぎます（上限は、添えたファイルを合わせて {LARGEST_REQUEST // _MEGABYTE} MB）。",
    f"{_GO_BACK}ファイルを小さくするか、数を減らして、もう一度送ってください。",
)

_UNREADABLE = "\ufffd"

_NO_LETTERS = str.maketrans({"\0": _UNREADABLE})
"""NUL: no browser lets anybody type it, and no database keeps it in a text."""

_ACT_ID = re.compile(r"act/[0-9a-f-]{36}")


class TooLargeError(Exception):
    """大きすぎる送信 (too large): more came in than a whole form may have."""


class ExpiredPageError(Exception):
    """古いページ (expired page): the form belongs to another sign-in; what was typed is shown again."""

    def __init__(self, posted: "Posted") -> None:
        super().__init__("the form belongs to another session")
        self.posted = posted


class ForeignFormError(Exception):
    """他の人の様式 (another's form): it was begun by another person, or by nobody who is remembered."""

    def __init__(self, posted: "Posted", begun: Beginner | None) -> None:
        super().__init__("the form belongs to another person")
        self.posted = posted
        self.begun = begun


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

    def require_letters(self) -> None:
        """Raise InvalidInputError where a value holds what is no letter: it would be recorded as another one."""
        where = {name for name, texts in self.values.items() if any(_UNREADABLE in text for text in texts)}
        if where:
            raise InvalidInputError(
                "文字として読めない部分（�）があります。何も記録していません。",
                where="送信",
                remedy="その文字を打ち直してから、もう一度送ってください。",
                at=dict.fromkeys(sorted(where), "文字として読めない部分（�）があります。"),
            )


async def _posted(request: Request, minaoshi: Facade, me: Me) -> Posted:
    posted = await read_form(request)
    if compare_digest(posted.text("form_token").encode(), me.form_token.encode()):
        return posted
    begun = await minaoshi.shared_desk.beginner(posted.text("form_token"))
    if begun is None or begun.person != me.person:
        raise ForeignFormError(posted, begun)
    raise ExpiredPageError(posted)


async def read_form(request: Request) -> Posted:
    """Read a form; raises InvalidInputError where it can't be read."""
    values: dict[str, list[str]] = {}
    files: dict[str, list[tuple[str, bytes]]] = {}
    body = await request.body()
    is_parts, boundary = _parts(request.headers.get("content-type", ""))
    if is_parts and b"\r\n--" + boundary + b"--" not in body:
        raise _unread("cut off")  # the parser would give what there is of it
    try:
        async with request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=LARGEST_FIELD) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    if value.filename:
                        title = value.filename.translate(_NO_LETTERS)
                        files.setdefault(name, []).append((title, await value.read()))
                else:
                    values.setdefault(name, []).append(value)
    except (MultiPartException, HTTPException, UnicodeDecodeError) as error:
        raise _unread(str(error)) from None
    letters = _Letters(body if is_parts else None)
    values = {name: [letters.read(one) for one in texts] for name, texts in values.items()}
    given = (values.get("act_id") or [""])[0]
    posted = Posted(given if _ACT_ID.fullmatch(given) else new_act_id(), values, files)
    request.state.posted = posted
    return posted


def _parts(content_type: str) -> tuple[bool, bytes]:
    """Say whether a form comes in parts, and what stands between them."""
    kind, options = parse_options_header(content_type)
    return kind == b"multipart/form-data", options.get(b"boundary", b"")


class _Letters:
    """文字の読み方 (reading of letters): a part that is no UTF-8 comes as Latin-1, and is told by what was sent.

    Without a body there are no parts, and what is no letter has become � already.
    """

    def __init__(self, body: bytes | None) -> None:
        self._body = body
        self._lines: set[bytes] | None = None

    def read(self, text: str) -> str:
        """Give the text, with � for what is no letter, its lines ended by one sign."""
        return self._decoded(text).translate(_NO_LETTERS).replace("\r\n", "\n")

    def _decoded(self, text: str) -> str:
        if self._body is None or text.isascii() or max(text) > "\xff":
            return text
        if self._lines is None:
            self._lines = set(self._body.split(b"\r\n"))
        lines = text.split("\r\n")
        if all(line.encode() in self._lines for line in lines):
            return text
        return text.encode("latin-1").decode(errors="replace")


def _unread(reason: str) -> InvalidInputError:
    """Say why a form could not be read, after the words of the parser."""
    if "maximum size" in reason:
        message = f"一つの欄に書かれた内容が大きすぎます（上限 {LARGEST_FIELD // _MEGABYTE} MB）。"
        return InvalidInputError(message, where="送信", remedy=f"{_GO_BACK}内容を短くして、もう一度送ってください。")
    if "Too many" in reason:
        message = f"送られた欄かファイルが多すぎます（上限は、欄 {_MOST_FIELDS} 、ファイル {_MOST_FILES} ）。"
        return InvalidInputError(message, where="送信", remedy=f"{_GO_BACK}数を減らして、もう一度送ってください。")
    return InvalidInputError("送られた内容を読めません。", where="送信", remedy=f"{_GO_BACK}もう一度送ってください。")


async def begun_by_oneself(request: Request, minaoshi: Facade, me: Me) -> None:
    """See that an address that carries on with what was begun is opened by the person who began it."""
    mark = request.query_params.get("begun")
    if mark is None or compare_digest(mark.encode(), me.mark.encode()):
        return
    begun = await minaoshi.shared_desk.beginner_by(mark)
    if begun is None or begun.person != me.person:
        raise ForeignFormError(Posted(new_act_id()), begun)


Sent = Annotated[Posted, Depends(_posted)]
"""送られた様式 of the person who is signed in."""
