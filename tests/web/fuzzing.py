"""でたらめな入力 (fuzzed inputs): requests that nobody means well, each made of a seed and its number alone."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote_from_bytes

from tests.web.asking import Asked, Header

ODD_TEXTS = (
    "",
    " ",
    "　",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff一",
    "𠮷田",
    "葛\U000e0100城",
    "辻\ufe00",
    "\u202eمرحبا\u202c",
    "\u200b\ufeff",
    "e\u0301" * 20,
    "👩‍👩‍👧‍👦",
    "\r\nSet-Cookie: a=b",
    "\x1b[31m赤\x1b[0m",
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{7*7}}${7*7}<%=7*7%>",
    "%00%0a%0d%25",
    "../../../../etc/passwd",
    "..\\..\\windows",
    "//elsewhere.example",
    "'; DROP TABLE acts; --",
    "% _ \\ %%",
    "0",
    "-1",
    "1",
    "2147483648",
    "9223372036854775808",
    "-9223372036854775809",
    "1" * 5000,
    "1e400",
    "NaN",
    "Infinity",
    "0x10",
    "١٢٣",
    "１２３",
    "²",
    "1_000",
    "true",
    "null",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30",
    "2026-12-01T00:00:00+99:00",
    "令和8年13月40日",
    "あ" * 3000,
    "[" * 2000,
    '{"a":' * 500 + "1" + "}" * 500,
    '{"a": NaN}',
    '{"\\ud800": "\\udfff"}',
    "[]",
    '"text"',
)

_BYTES = (
    b"\xff\xfe\xfd",
    b"\x80",
    "評価書".encode("cp932"),
    "評価書".encode("euc_jp"),
    "評価書".encode("utf-16"),
    b"\xed\xa0\x80",
    b"\xf0\x28\x8c\xbc",
    b"\xc0\xaf",
    b"\xef\xbb\xbfa",
)

_FILE_NAMES = (
    "a.json",
    "../../a.json",
    "a\x00.zip",
    "一.csv",
    "\u202etxt.exe",
    "C:\\a\\b.zip",
    "a" * 3000,
    ".",
    "a.xlsx",
)

_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "")

_HEADERS: tuple[Header, ...] = (
    (b"accept", b"application/json"),
    (b"accept-language", b"\xff\xfe"),
    (b"content-length", b"-1"),
    (b"content-length", b"0"),
    (b"cookie", b"minaoshi_said=%ED%A0%80%00; =; ;; a"),
    (b"cookie", b"minaoshi=\xff\xfe\x00"),
    (b"expect", b"100-continue"),
    (b"forwarded", b'for="[::1]";proto=https'),
    (b"host", b"elsewhere.example"),
    (b"host", b"\xff\xff:99999999"),
    (b"if-modified-since", b"never"),
    (b"if-none-match", b'"' * 50),
    (b"origin", b"https://elsewhere.example"),
    (b"origin", b"null"),
    (b"range", b"bytes=9-1,0-,-0,5-99999999999999999999"),
    (b"referer", b"javascript:alert(1)"),
    (b"sec-fetch-site", b"cross-site"),
    (b"x-forwarded-for", b"127.0.0.1, ::1, \x00"),
    (b"x-http-method-override", b"DELETE"),
)

_CONTENT_TYPES = (
    b"application/x-www-form-urlencoded",
    b"application/x-www-form-urlencoded; charset=utf-16",
    b"application/x-www-form-urlencoded; charset=nothing",
    b"application/json",
    b"application/xml",
    b"text/plain; charset=\xff",
    b"multipart/form-data",
    b"multipart/form-data; boundary=",
    b"multipart/form-data; boundary=" + b"b" * 300,
    b"multipart/mixed; boundary=b",
    b"",
)


@dataclass(frozen=True)
class Ground:
    """土台 (ground): what well-meant requests would say, from which the others depart.

    `forms` gives the fields of the forms by the address at which they are shown.
    """

    operations: Sequence[tuple[str, str]]
    numbers: Mapping[str, Sequence[str]]
    asked: Mapping[str, Sequence[str]]
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Fuzz:
    """でたらめ: the request of a number is the same each time."""

    def __init__(self, seed: int, ground: Ground) -> None:
        self._seed = seed
        self._ground = ground

    def request(self, number: int) -> Asked:
        """Make a request. Who sends it, puts in its cookie and, where `TOKEN` stands, the token of its forms."""
        chance = Random(f"{self._seed}/{number}")  # noqa: S311 # nobody guards anything with it
        method, template = chance.choice(self._ground.operations)
        path = self._path(chance, template)
        query = self._query(chance, template)
        headers = [chance.choice(_HEADERS) for _ in range(chance.choice((0, 0, 0, 1, 3)))]
        body = b""
        if method == "POST":
            kind, body = self._body(chance, template, path)
            headers.append((b"content-type", kind))
        elif chance.random() < 0.03:
            body = chance.choice(_BYTES)
        if chance.random() < 0.04:
            method = chance.choice(_METHODS)
        return Asked(method, path, query, tuple(headers), body)

    def _path(self, chance: Random, template: str) -> bytes:
        if chance.random() < 0.5 and (shown := self._shown(template)):
            return chance.choice(shown).encode()
        path = template
        for name in re.findall(r"{(\w+)", template):
            known = self._ground.numbers.get(name, ())
            text = chance.choice(known) if known and chance.random() < 0.93 else _text(chance)
            raw = chance.choice(_BYTES) if chance.random() < 0.05 else text.encode("utf-8", "surrogatepass")
            quoted = quote_from_bytes(raw, safe=chance.choice(("", "/", "/:@!$&'()*+,;=")))
            path = path.replace(f"{{{name}}}", quoted, 1)
        if chance.random() < 0.02:
            path += chance.choice(("/", "//", "/..", "%2f", ";a=b", "/%00", "/static/../../settings.py"))
        return path.encode()

    def _shown(self, template: str) -> list[str]:
        pattern = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)))
        return [address for address in self._ground.forms if pattern.fullmatch(address)]

    def _query(self, chance: Random, template: str) -> bytes:
        names = list(self._ground.asked.get(template, ()))
        if chance.random() < (0.2 if names else 0.9):
            return b""
        chosen = [chance.choice([*names, _text(chance)[:40]]) for _ in range(chance.randint(1, 4))]
        return b"&".join(_pair(chance, name, _text(chance)) for name in chosen)

    def _body(self, chance: Random, template: str, path: bytes) -> tuple[bytes, bytes]:
        if chance.random() < 0.08:
            return chance.choice(_CONTENT_TYPES), chance.choice((b"", b"\x00" * 50, *_BYTES, b"%" * 20, b"&" * 3000))
        fields = dict(self._ground.forms.get(path.decode("latin-1"), {}))
        if not fields and (shown := self._shown(template)):
            fields = dict(self._ground.forms[chance.choice(shown)])
        pairs = [one for one in fields.items() if one[0] != "form_token" and chance.random() < 0.9]
        odd = chance.choice((0.0, 0.1, 0.5, 1.0))
        pairs = [
            self._changed(chance, name) if chance.random() < odd else (name, _kept(chance, value))
            for name, value in pairs
        ]
        if chance.random() < 0.3:
            pairs.append((_text(chance)[:60], _text(chance)))
        if chance.random() < 0.9:
            pairs.append(("form_token", "TOKEN"))
        if chance.random() < 0.3:
            return _parts(chance, pairs, files=[name for name in fields if "file" in name or name in FILE_FIELDS])
        return b"application/x-www-form-urlencoded", b"&".join(_pair(chance, *one) for one in pairs)

    def _changed(self, chance: Random, name: str) -> tuple[str, str]:
        known = self._ground.numbers.get("any", ())
        return name, chance.choice(known) if known and chance.random() < 0.2 else _text(chance)


FILE_FIELDS = ("table", "documents")


def _kept(chance: Random, value: str) -> str:
    return value or chance.choice(("", "窓口の受付簿と照らした。", "2026-12-01", "3", "yes"))


def _text(chance: Random) -> str:
    text = chance.choice(ODD_TEXTS)
    if chance.random() < 0.2:
        text = text[:200] + chance.choice(ODD_TEXTS)[:200]
    if chance.random() < 0.1:
        text = "".join(chr(chance.choice((chance.randrange(0x250), chance.randrange(0x11000)))) for _ in range(12))
    return text


def _pair(chance: Random, name: str, value: str) -> bytes:
    raw = value.encode("utf-8", "surrogatepass")
    if chance.random() < 0.05:
        raw = chance.choice(_BYTES)
    return quote_from_bytes(name.encode("utf-8", "surrogatepass")).encode() + b"=" + quote_from_bytes(raw).encode()


def _parts(chance: Random, pairs: Sequence[tuple[str, str]], *, files: Sequence[str]) -> tuple[bytes, bytes]:
    parts = [(f'form-data; name="{name}"'.encode("utf-8", "surrogatepass"), value) for name, value in pairs]
    whole = [(head, value.encode("utf-8", "surrogatepass")) for head, value in parts]
    for name in [*files, "file"][: chance.randint(1, 3)]:
        title = chance.choice(_FILE_NAMES)
        head = f'form-data; name="{name}"; filename="{title}"'.encode("utf-8", "surrogatepass")
        whole.append((head, chance.choice(_FILES)(chance)))
    lines = [b"--bound\r\nContent-Disposition: " + head + b"\r\n\r\n" + body + b"\r\n" for head, body in whole]
    if chance.random() < 0.1:
        chance.shuffle(lines)
    body = b"".join(lines) + b"--bound--\r\n"
    return b"multipart/form-data; boundary=bound", body[: -chance.randint(1, 20)] if chance.random() < 0.1 else body


def _zip(chance: Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(chance.choice(("a.json", "../a", "/etc/passwd", "manifest.json", "x" * 200)), b"[" * 50_000)
    return out.getvalue()


def _document(chance: Random) -> bytes:
    return json.dumps({"form": chance.choice(("basic_items", 1, None)), "a": [ODD_TEXTS[chance.randrange(9)]]}).encode()


_FILES: tuple[Callable[[Random], bytes], ...] = (
    _zip,
    _document,
    lambda chance: _zip(chance)[: chance.randint(1, 60)],
    lambda chance: chance.choice(ODD_TEXTS).encode("utf-8", "surrogatepass"),
    lambda chance: chance.randbytes(200),
    lambda chance: b"%PDF-1.7\n" + chance.randbytes(40),
    lambda _: "評価書番号,評価書名\n1,一\n".encode("cp932"),
    lambda _: b"[" * 100_000,
)
