"""職員の表の行 (rows of tables of staff): who is on a roll, who has done it and when; or what is wrong, row by row."""

from __future__ import annotations

import json
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING

from client.csv_reading import Columns
from client.errors import InvalidInputError
from client.input import message_from
from schemas.duties import MemberCompletion, RollMember
from schemas.forms.wording import day_from_japanese

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from client.csv_reading import Line
    from schemas.organisation import Department

_MEMBER_TITLE = "職員番号"
_ALSO_MEMBER = MappingProxyType(dict.fromkeys(("識別子", "職員の識別子", "ID", "id"), "member"))

STAFF = Columns(
    titles=MappingProxyType({"member": _MEMBER_TITLE, "name": "氏名", "department": "部署", "mail": "メールアドレス"}),
    needed=frozenset({"member", "name", "department"}),
    also=MappingProxyType(
        {**_ALSO_MEMBER, "所属": "department", "所属部署": "department", "電子メールアドレス": "mail", "メール": "mail"}
    ),
)
"""職員の表の列."""

COMPLETIONS = Columns(
    titles=MappingProxyType({"member": _MEMBER_TITLE, "completed_on": "受講日", "name": "氏名"}),
    needed=frozenset({"member", "completed_on"}),
    also=MappingProxyType({**_ALSO_MEMBER, "済ませた日": "completed_on", "修了日": "completed_on"}),
)
"""受講の表の列; the name is for the reader alone."""


def staff_of(lines: Iterable[Line], *, departments: Sequence[Department]) -> tuple[tuple[RollMember, ...], list[str]]:
    """Give the people of a table, and what is wrong with it, row by row."""
    known = {one.id: one.id for one in departments} | {_plain(one.name): one.id for one in departments}
    found: list[RollMember] = []
    faults: list[str] = []
    first: dict[str, int] = {}
    for line in lines:
        said = dict(line.cells)
        said["member"] = _number_of(said["member"])
        wrong = [*_empty(line, STAFF), *_again(line, said["member"], first)]
        department = said["department"]
        if department and _plain(department) not in known:
            wrong.append(_fault(line, STAFF, "department", f"「{department}」という部署は、組織表にありません。"))
        elif department:
            said["department"] = known[_plain(department)]
        content = {name: cell for name, cell in said.items() if cell}
        if not wrong:
            try:
                found.append(message_from(RollMember, json.dumps(content).encode(), where="職員の表"))
            except InvalidInputError as invalid:
                wrong += [_fault(line, STAFF, place, what) for place, what in invalid.at.items()]
        faults += wrong
    return tuple(found), faults


def completions_of(lines: Iterable[Line]) -> tuple[tuple[tuple[Line, MemberCompletion], ...], list[str]]:
    """Give the completions of a table with their lines, and what is wrong with it, row by row."""
    found: list[tuple[Line, MemberCompletion]] = []
    faults: list[str] = []
    first: dict[str, int] = {}
    for line in lines:
        member, written = _number_of(line.cells["member"]), line.cells["completed_on"]
        wrong = [*_empty(line, COMPLETIONS), *_again(line, member, first)]
        if not wrong:
            try:
                day = day_from_japanese(written)
                said = {"member": member, "completed_on": day.isoformat()}
                found.append((line, message_from(MemberCompletion, json.dumps(said).encode(), where="受講の表")))
            except ValueError:
                message = f"「{written}」は日付ではありません（例 2023-09-01、令和5年9月1日）。"
                wrong.append(_fault(line, COMPLETIONS, "completed_on", message))
            except InvalidInputError as invalid:
                wrong += [_fault(line, COMPLETIONS, place, what) for place, what in invalid.at.items()]
        faults += wrong
    return tuple(found), faults


def fault_of_member(line: Line, why: str) -> str:
    """Say what is wrong with the completion of a line."""
    return f"{line.number}行目 「{line.cells['member']}」: {why}"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _number_of(cell: str) -> str:
    """Give the number of a member as the engine writes it: in small letters, of half width."""
    return _plain(cell).lower()


def _empty(line: Line, columns: Columns) -> Iterator[str]:
    for name in columns.titles:
        if name in columns.needed and not line.cells.get(name):
            yield _fault(line, columns, name, "書かれていません。")


def _again(line: Line, member: str, first: dict[str, int]) -> Iterator[str]:
    if member and first.setdefault(member, line.number) != line.number:
        said = f"「{member}」は、{first[member]}行目にもあります。一行にしてください。"
        yield f"{line.number}行目 {_MEMBER_TITLE}: {said}"


def _fault(line: Line, columns: Columns, name: str, what: str) -> str:
    return f"{line.number}行目 {columns.titles.get(name, name)}: {what}"
