"""メールの読取り (reading): title, text and sender of a mail as far as they can be read, and why not further."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import CharsetError, MessageError, UndecodableBytesDefect
from email.headerregistry import AddressHeader, BaseHeader
from email.message import EmailMessage
from html.parser import HTMLParser
from types import MappingProxyType

from schemas.canonical import sha256_of
from schemas.hotline import IncomingMail

# What `email` raises on mails that break its rules, apart from its own errors.
_BROKEN = (MessageError, LookupError, ValueError, TypeError, AttributeError)
_NOT_READ = "\N{REPLACEMENT CHARACTER}"
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_JAPANESE_ESCAPE = b"\x1b$"

# As mail programs mean them: with the signs that the names alone do not have.
_CODECS = MappingProxyType(
    {
        "iso-2022-jp": "iso2022_jp_ext",
        "shift_jis": "cp932",
        "shift-jis": "cp932",
        "x-sjis": "cp932",
        "windows-31j": "cp932",
        "us-ascii": "utf-8",
    }
)


def read_mail(
    content: bytes, *, received_at: datetime, envelope_sender: str | None = None, own_domain: str | None = None
) -> IncomingMail:
    """Read a mail; whatever it is, something comes out of it. `own_domain` is that of our own notices."""
    sha256 = sha256_of(content)
    try:
        message = message_from_bytes(content, policy=policy.default)
    except _BROKEN as error:
        obstacle = f"メールとして読めません（{type(error).__name__}）"
        return IncomingMail(
            sha256=sha256,
            identity=sha256,
            received_at=received_at,
            sender=_clean(envelope_sender or "") or None,
            title="",
            text="",
            obstacles=(obstacle,),
        )
    title, text = _header(message, "Subject"), _text(message)
    obstacles = tuple(_obstacles(message, title=title, text=text))
    return IncomingMail(
        sha256=sha256,
        identity=_identity(message, content),
        received_at=received_at,
        sender=_sender(message) or _clean(envelope_sender or "") or None,
        title=" ".join(_clean(title).split()),
        text=_clean(text.read).strip(),
        obstacles=obstacles,
        answers_us=_answers_us(message, content, envelope_sender=envelope_sender, own_domain=own_domain),
    )


class _Text:
    """本文 (text): what could be read, and why that is not all."""

    def __init__(self, read: str = "", obstacle: str | None = None) -> None:
        self.read = read
        self.obstacle = obstacle


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "")
    except _BROKEN:
        return _NOT_READ


def _has_defects(message: EmailMessage, name: str) -> bool:
    """Say whether a header has bytes or a charset that can't be decoded; other faults of form don't matter."""
    try:
        header = message[name]
        return isinstance(header, BaseHeader) and any(
            isinstance(defect, CharsetError | UndecodableBytesDefect) for defect in header.defects
        )
    except _BROKEN:
        return True


def _sender(message: EmailMessage) -> str | None:
    try:
        header = message["From"]
        addresses = header.addresses if isinstance(header, AddressHeader) else ()
        return next((_clean(str(one.addr_spec)) for one in addresses if one.domain), None)
    except _BROKEN:
        return None


def _text(message: EmailMessage) -> _Text:
    try:
        part = message.get_body(("plain", "html"))
        if not isinstance(part, EmailMessage):
            return _Text(obstacle="本文の文字列がありません")
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            return _Text(obstacle="本文の文字列がありません")
        text = _decoded(payload, part.get_content_charset("us-ascii"))
        if part.get_content_type() == "text/html":
            text.read = _text_of_html(text.read)
    except _BROKEN as error:
        return _Text(obstacle=f"本文を読めません（{type(error).__name__}）")
    if not text.read.strip() and text.obstacle is None:
        text.obstacle = "本文の文字列がありません"
    return text


def _decoded(payload: bytes, charset: str) -> _Text:
    codec = _CODECS.get(charset, charset)
    if charset == "us-ascii" and _JAPANESE_ESCAPE in payload:
        codec = _CODECS["iso-2022-jp"]
    try:
        return _Text(payload.decode(codec))
    except LookupError:
        return _Text(payload.decode("utf-8", "replace"), f"文字コード「{_clean(charset)[:40]}」を知りません")
    except ValueError:
        return _Text(
            payload.decode(codec, "replace"), f"文字コード「{_clean(charset)[:40]}」として読めない文字があります"
        )


def _obstacles(message: EmailMessage, *, title: str, text: _Text) -> list[str]:
    found = [] if text.obstacle is None else [text.obstacle]
    if _NOT_READ in _clean(title) or _has_defects(message, "Subject"):
        found.append("件名に読めない文字があります")
    try:
        defects = [type(defect).__name__ for part in message.walk() for defect in part.defects]
    except _BROKEN as error:
        defects = [type(error).__name__]
    if defects:
        found.append(f"MIME が壊れています（{'、'.join(dict.fromkeys(defects))}）")
    return found


def _identity(message: EmailMessage, content: bytes) -> str:
    """Tell the same mail, delivered twice by different ways; another text under the same Message-ID is another mail."""
    message_id = _header(message, "Message-ID").strip()
    if not message_id:
        return sha256_of(content)
    after = _BLANK_LINE.search(content)
    body = content[after.end() :] if after else b""
    return sha256_of(message_id.encode("utf-8", "replace") + b"\0" + body)


def _answers_us(message: EmailMessage, content: bytes, *, envelope_sender: str | None, own_domain: str | None) -> bool:
    """Tell our own notice that came back, and what a machine answered to one: as events they would never end."""
    if own_domain is None:
        return False
    automatic = (
        _header(message, "Auto-Submitted").strip().lower() not in {"", "no"}
        or message.get_content_type() == "multipart/report"
        or envelope_sender == ""
    )
    ours = rb"<[0-9a-f]{32}@" + re.escape(own_domain.encode()) + rb">"
    return automatic and re.search(ours, content, re.IGNORECASE) is not None


def _clean(text: str) -> str:
    """Take out what can't be kept as text: control signs go, halves of a sign are marked."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_NOT_READ if _is_half(one) else one for one in lines if one in "\n\t" or not _is_control(one))


def _is_half(sign: str) -> bool:
    return unicodedata.category(sign) == "Cs"


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) == "Cc"


class _PlainText(HTMLParser):
    """The text of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 # the name and the arguments are HTMLParser's
        if tag in {"script", "style", "head"}:
            self._hidden += 1
        elif tag in {"br", "p", "div", "tr", "li", "h1", "h2", "h3"}:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "head"} and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def _text_of_html(page: str) -> str:
    reader = _PlainText()
    reader.feed(page)
    reader.close()
    return "".join(reader.parts)
