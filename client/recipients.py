"""宛先の表 (recipients): the bodies to which a circular goes, read from a CSV: all of it, or every fault."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from typing import TYPE_CHECKING, NamedTuple

from client.errors import InvalidInputError
from guideline.prefectures import prefecture_of
from schemas.duties import Roll, RollMember

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from guideline.prefectures import Prefecture

MOST = 20_000
"""宛先の上限."""

_COLUMNS = {
    "code": ("団体コード", "code"),
    "name": ("団体名", "市区町村名", "name"),
    "prefecture": ("都道府県", "都道府県コード", "都道府県名", "prefecture"),
    "mail": ("電子メールアドレス", "メールアドレス", "メール", "mail"),
}
_TITLES = {"name": "団体名", "prefecture": "都道府県", "mail": "電子メールアドレス"}
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_CODE = re.compile(r"[0-9]{5,6}")
_LONGEST_MAIL, _LONGEST_NAME = 254, 200
_KEY_LENGTH = 12


class Recipients(NamedTuple):
    """宛先 (recipients): the roll, and in which encoding its file was."""

    roll: Roll
    encoding: str


def read_recipients(content: bytes) -> Recipients:
    """Read the CSV of recipients, in UTF-8 or Shift_JIS.

    Its first row names the columns: 団体名, 都道府県 (code or name), 電子メールアドレス, and 団体コード where there is
    one: without it the number of a body is made of its prefecture and its name. Raises InvalidInputError with every
    fault, row by row.
    """
    text, encoding = _decoded(content)
    rows = _rows(text)
    if not rows:
        raise _wrong("宛先の表に、一行も書かれていません。")
    places = _places(rows[0][1])
    faults: list[str] = []
    members = tuple(_members(rows[1:], places, faults))
    if faults:
        raise _wrong(
            f"宛先の表に{len(faults)}件の誤りがあります（{encoding} として読みました）。一件も取り込んでいません。",
            faults,
        )
    if not 0 < len(members) <= MOST:
        raise _wrong(f"宛先の表の宛先は、1件から{MOST:,}件までです（{len(members):,}件ありました）。")
    return Recipients(Roll(members=members), encoding)


def _decoded(content: bytes) -> tuple[str, str]:
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp932"), "Shift_JIS"
    except UnicodeDecodeError as error:
        raise _wrong(f"宛先の表を UTF-8 としても Shift_JIS としても読めません（{error.start + 1}バイト目）。") from None


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Give the rows that say something, each with the number of its line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                rows.append((reader.line_num, cells))
    except csv.Error:
        raise _wrong(f"宛先の表の{reader.line_num}行目が CSV の形になっていません。") from None
    return rows


def _places(header: Sequence[str]) -> dict[str, int]:
    found = {field: place for field, names in _COLUMNS.items() for place, title in enumerate(header) if title in names}
    missing = [title for field, title in _TITLES.items() if field not in found]
    if missing:
        raise _wrong(f"宛先の表の一行目に、列「{'」「'.join(missing)}」がありません。")
    return found


def _members(rows: Sequence[tuple[int, list[str]]], places: dict[str, int], faults: list[str]) -> Iterator[RollMember]:
    """Give the members of the rows that are right; say of each other row what is wrong with it."""
    seen: dict[tuple[str, str], int] = {}
    for line, cells in rows:
        said = {field: cells[place] if place < len(cells) else "" for field, place in places.items()}
        prefecture = prefecture_of(said["prefecture"])
        wrong = [*_wrong_in(said, prefecture)]
        member = _number(said, prefecture) if prefecture else ""
        keys = (
            ("団体名", f"{member[:2]} {said['name']}"),
            ("団体コード", said.get("code", "")),
            ("電子メールアドレス", said["mail"].lower()),
        )
        firsts = [(title, seen.setdefault((title, value), line)) for title, value in keys if value]
        wrong = wrong or [f"{title}が{first}行目と同じです。" for title, first in firsts if first != line]
        faults.extend(f"{line}行目: {one}" for one in wrong)
        if not wrong:
            yield RollMember(member=member, name=said["name"], mail=said["mail"])


def _wrong_in(said: dict[str, str], prefecture: Prefecture | None) -> Iterator[str]:
    if not 0 < len(said["name"]) <= _LONGEST_NAME or not said["name"].isprintable():
        yield f"団体名を、1字から{_LONGEST_NAME}字で書いてください。"
    if prefecture is None:
        yield f"都道府県「{said['prefecture']}」を知りません。コード（01から47）か名称で書いてください。"
    if len(said["mail"]) > _LONGEST_MAIL or not _MAIL.fullmatch(said["mail"]):
        yield f"電子メールアドレス「{said['mail']}」の形が正しくありません。"
    code = said.get("code", "")
    if code and not _CODE.fullmatch(code):
        yield f"団体コード「{code}」は、5桁か6桁の数字で書いてください。"
    elif code and prefecture is not None and code[:2] != prefecture.code:
        yield f"団体コード「{code}」は、{prefecture.name}のもの（{prefecture.code}で始まる）ではありません。"


def _number(said: dict[str, str], prefecture: Prefecture) -> str:
    """Give the number of a body: its code, or what is made of its prefecture and name, the same in each file."""
    if said.get("code"):
        return said["code"]
    return f"{prefecture.code}-{hashlib.sha256(said['name'].encode()).hexdigest()[:_KEY_LENGTH]}"


def _wrong(message: str, faults: Sequence[str] = ()) -> InvalidInputError:
    return InvalidInputError(
        message, where="宛先の表", remedy="示された箇所を直して、表の全体をもう一度送ってください。", faults=faults
    )
