"""漏れ (leaks): every way in which a word may stand in a file, and where it is looked for."""

from __future__ import annotations

import base64
import re
import sqlite3
import threading
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from http.client import HTTPException
from pathlib import Path
from typing import Self
from urllib.parse import quote

_AROUND = 400
_GONE = (OSError, HTTPException)
"""A server may be killed in the middle of its answer."""
_SERVED_AT = re.compile(r"Temporal Metrics:\s+(http://\S+/metrics)")


def forms(word: str) -> dict[str, bytes]:
    """Give a word in every encoding in which it may stand somewhere, by the name of that."""
    utf_8 = word.encode()
    escaped = word.encode("ascii", "backslashreplace")
    found = {"UTF-8": utf_8, "JSON": escaped, "JSON, capitals": re.sub(rb"(?<=\\u)[0-9a-f]{4}", _upper, escaped)}
    found["in an address"] = quote(word).encode()
    for name in ("UTF-16LE", "UTF-16BE"):
        found[name] = word.encode(name)
    for before in range(3):
        for name, raw in (("UTF-8", utf_8), ("UTF-16LE", found["UTF-16LE"])):
            # As much of it as does not depend on what stands before and after.
            begin, end = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
            found[f"base64 of {name}, {before}"] = base64.b64encode(b"\0" * before + raw + b"\0" * 3)[begin:end]
            found[f"base64url of {name}, {before}"] = base64.urlsafe_b64encode(b"\0" * before + raw + b"\0" * 3)[
                begin:end
            ]
    return found


def _upper(found: re.Match[bytes]) -> bytes:
    return found[0].upper()


class Sought:
    """探す語 (what is sought): words, by the stems that they share; only around a stem is a whole word looked for."""

    def __init__(self, words: Iterable[str], *, stems: Sequence[str] = ()) -> None:
        self._of_stem: dict[str, list[str]] = {}
        for word in words:
            self._of_stem.setdefault(next((one for one in stems if one in word), word), []).append(word)

    def found_in(self, contents: Mapping[str, bytes]) -> list[tuple[str, str]]:
        """Give where something is found, and which word it is."""
        return [(name, word) for name, content in contents.items() for word in dict.fromkeys(self._within(content))]

    def _within(self, content: bytes) -> Iterator[str]:
        for stem, words in self._of_stem.items():
            for form in set(forms(stem).values()):
                at = content.find(form)
                while at >= 0:
                    around = content[max(0, at - _AROUND) : at + _AROUND]
                    yield from (word for word in words if any(one in around for one in forms(word).values()))
                    at = content.find(form, at + 1)


def files_of(home: Path) -> dict[str, bytes]:
    """Give what the engine keeps in a home and what was logged: raw, and each value of each table by itself.

    In the raw file what is long is cut into pages, and what was deleted still stands.
    """
    raw = {
        str(path): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and (path.name.startswith("temporal.db") or ".log" in path.suffixes)
    }
    databases = list(home.rglob("temporal.db"))
    return {**raw, **{f"{path}: values": b"\n".join(values_of(path)) for path in databases}}


def values_of(database: Path) -> Iterator[bytes]:
    """Give every value of every table."""
    with closing(sqlite3.connect(database)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 # its own names
                yield from (one if isinstance(one, bytes) else str(one).encode() for one in row)


def ids_in_clear(database: Path) -> Iterator[str]:
    """Give what Temporal shows of each workflow without any key: its ids and its search attributes."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT * FROM executions_visibility")
        for row in rows:
            yield from (str(one) for one in row if one is not None and not isinstance(one, int | float))


class Scraping:
    """計測値を写す (scraping): what is served as metrics while something runs, by the server and by a worker."""

    def __init__(self, home: Path, *addresses: str) -> None:
        self._home = home
        self._addresses = addresses
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.seen: dict[str, list[bytes]] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def contents(self) -> dict[str, bytes]:
        return {address: b"\n".join(texts) for address, texts in self.seen.items()}

    def _run(self) -> None:
        while not self._over.wait(0.2):
            for address in (*self._addresses, *self._of_servers()):
                with suppress(*_GONE), urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 # on this machine
                    self._keep(address, answer.read())

    def _of_servers(self) -> Sequence[str]:
        logs = [path.read_text(encoding="utf-8", errors="replace") for path in self._home.rglob("temporal.log")]
        return [served for log in logs for served in _SERVED_AT.findall(log)[-1:]]

    def _keep(self, address: str, text: bytes) -> None:
        # What one process serves only grows: a shorter one is of another process.
        texts = self.seen.setdefault(address, [])
        if texts and len(text) >= len(texts[-1]):
            texts[-1] = text
        else:
            texts.append(text)
