"""日誌: what others wrote neither ends a line nor colours it, and an error is told without its words."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from engine.logs import escaped, told_of, write_logs


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    write_logs(stream)
    yield stream
    root.handlers[:], root.level = before, level


@pytest.mark.parametrize(
    ("typed", "logged"),
    [
        ("一行\n2026-11-23 ERROR forged", "一行\\n2026-11-23 ERROR forged"),
        ("\r\x1b[2K消えた", "\\r\\x1b[2K消えた"),
        ("\x9b31m赤", "\\x9b31m赤"),
        ("\u202e逆\u2028次", "\\u202e逆\\u2028次"),
        ("\x00\ufffe", "\\x00\\ufffe"),
        ("𠮷田　", "𠮷田\\u3000"),
    ],
    ids=["改行", "復帰と色", "C1", "向きと行", "空字と字でないもの", "全角の空白"],
)
def test_a_record_is_one_line_in_which_every_sign_is_seen(written: io.StringIO, typed: str, logged: str) -> None:
    logging.getLogger("minaoshi.test").warning("path %s", typed)
    [line] = written.getvalue().splitlines()
    assert line.endswith(f"WARNING minaoshi.test: path {logged}")
    assert line.isprintable()


def fail() -> None:
    try:
        int("山田太郎")
    except ValueError as cause:
        raise RuntimeError("東京都\nチヨダ") from cause


def test_an_error_is_told_by_kind_and_place_without_what_was_typed(written: io.StringIO) -> None:
    try:
        fail()
    except RuntimeError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    [line] = written.getvalue().splitlines()
    assert "RuntimeError at test_logs.py:" in line
    assert ", from ValueError at test_logs.py:" in line
    for words in ("山田", "東京都", "チヨダ"):
        assert words not in line


def test_an_error_that_was_never_raised_is_told_by_its_kind() -> None:
    assert told_of(KeyError("山田太郎")) == "KeyError"


def test_half_a_letter_is_seen_and_what_is_plain_stays() -> None:
    assert escaped("\ud800") == "\\ud800"
    assert escaped("評価書 第1版 (minaoshi) 𠮷") == "評価書 第1版 (minaoshi) 𠮷"
