"""引継ぎの行 (rows of a take-over): a CSV of published assessments, each row read into an entry or its faults."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from client.csv_reading import cells_of
from client.document_kinds import kind_belied
from client.errors import CallerError, InvalidDocumentError, InvalidInputError
from client.input import message_from
from schemas.canonical import sha256_of
from schemas.forms.parsing import parse
from schemas.forms.wording import day_from_japanese
from schemas.levels import Level
from schemas.records import NewAssessment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WHERE = "引継ぎの表"

TITLES = MappingProxyType(
    {
        "assessment_id": "評価書の識別子",
        "body": "評価実施機関",
        "department": "担当部署",
        "number": "評価書番号",
        "name": "評価書名",
        "required_level": "しきい値判断の結果",
        "effective_level": "実施する評価の種類",
        "published_on": "公表日",
        "verified_on": "直近に実態と照らした日",
        "systems": "システムの名称",
        "files": "特定個人情報ファイル名",
        "document_file": "文書ファイル",
        "form": "様式",
        "form_version_as_printed": "様式の版（記載のとおり）",
        "sha256": "文書のSHA-256",
        "note": "備考",
    }
)
"""表の列: the titles of the columns; the names in code are taken too."""

_NEEDED = frozenset(
    {"assessment_id", "body", "department", "number", "name", "required_level", "effective_level", "published_on"}
)
_LISTS = frozenset({"systems", "files"})
_DAYS = frozenset({"published_on", "verified_on"})
_LEVELS = frozenset({"required_level", "effective_level"})
_OF_THE_DOCUMENT = frozenset({"document_file", "form", "form_version_as_printed", "sha256"})
_FORMS = MappingProxyType({"様式2": "basic_items", "様式3": "priority_items", "様式4": "all_items"})


@dataclass(frozen=True, slots=True)
class Row:
    """表の一行 (row): its number as a spreadsheet shows it, and what stands in it by column."""

    number: int
    cells: dict[str, str]

    def fault(self, column: str, message: str) -> str:
        """Say what is wrong with this row."""
        return f"{self.number}行目 {TITLES.get(column, column)}: {message}"


class FaultyRowError(Exception):
    """行の誤り (faults of one row), each a sentence."""

    def __init__(self, *faults: str) -> None:
        super().__init__(faults)
        self.faults = faults


def rows_of(content: bytes) -> tuple[Row, ...]:
    """Read the table; empty lines are passed over. Raises InvalidInputError where it can't be read at all."""
    lines, _ = cells_of(content, where=_WHERE)
    columns = _columns_of(lines[0])
    rows = tuple(_rows(columns, lines[1:]))
    if not rows:
        raise _unreadable("評価書が一件もありません。", "二行目から、一行に一件を書いてください。")
    return rows


def entry_of(row: Row, *, files: Callable[[str], bytes]) -> NewAssessment:
    """Read one row; `files` gives a document by its name and raises OSError. Raises FaultyRowError with every fault."""
    faults: list[str] = []
    content: dict[str, Any] = {}
    for column, cell in row.cells.items():
        if column in _OF_THE_DOCUMENT or not cell:
            continue
        try:
            content[column] = _value(column, cell)
        except ValueError as error:
            faults.append(row.fault(column, str(error)))
    faults += [
        row.fault(column, "書かれていません。") for column in TITLES if column in _NEEDED and not row.cells[column]
    ]
    try:
        content |= _document(row, files)
    except FaultyRowError as faulty:
        faults += faulty.faults
    if faults:
        raise FaultyRowError(*faults)
    try:
        return message_from(NewAssessment, json.dumps(content, ensure_ascii=False).encode(), where="引継ぎ")
    except InvalidInputError as invalid:
        raise FaultyRowError(*(f"{row.number}行目 {fault}" for fault in invalid.faults or (invalid.message,))) from None


def faults_of(row: Row, error: CallerError) -> tuple[str, ...]:
    """Say what is wrong with the document of a row."""
    if isinstance(error, InvalidDocumentError):
        return tuple(row.fault("document_file", f"{one.item}: {one.message}") for one in error.errors)
    return (row.fault("document_file", error.message),)


def _columns_of(header: list[str]) -> list[str]:
    names = {title: name for name, title in TITLES.items()} | {name: name for name in TITLES}
    columns = [names.get(cell.strip(), "") for cell in header]
    unknown = [cell for cell, column in zip(header, columns, strict=True) if not column]
    twice = sorted({TITLES[one] for one in columns if one and columns.count(one) > 1})
    missing = [title for name, title in TITLES.items() if name in _NEEDED and name not in columns]
    if not {"document_file", "sha256"} & set(columns):
        missing.append(f"{TITLES['document_file']}（又は {TITLES['sha256']}）")
    faults = (
        *(f"知らない列「{one}」があります。" for one in unknown),
        *(f"列「{one}」が二度現れます。" for one in twice),
        *(f"列「{one}」がありません。" for one in missing),
    )
    if faults:
        raise InvalidInputError(
            "列の題名に誤りがあります。", where="一行目", remedy="列の題名を直してください。", faults=faults
        )
    return columns


def _rows(columns: list[str], lines: list[list[str]]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) > len(columns):
            raise _unreadable(
                f"{number}行目の列の数が、題名より多くあります。", "読点や引用符の書き方を確かめてください。"
            )
        cells = dict.fromkeys(TITLES, "")
        cells.update({column: cell.strip() for column, cell in zip(columns, line, strict=False)})
        yield Row(number, cells)


def _value(column: str, cell: str) -> Any:
    if column in _DAYS:
        try:
            return day_from_japanese(cell).isoformat()
        except ValueError:
            raise ValueError(f"「{cell}」は日付ではありません（例 2015-03-10、平成27年3月10日）。") from None
    if column in _LEVELS:
        found = next((one for one in Level if cell in (one.value, one.label)), None)
        if found is None:
            labels = "、".join(one.label for one in Level)
            raise ValueError(f"「{cell}」は評価の種類ではありません（{labels}）。")
        return found.value
    if column in _LISTS:
        return [one.strip() for one in cell.replace("、", "\n").split("\n") if one.strip()]
    return cell


def _document(row: Row, files: Callable[[str], bytes]) -> dict[str, Any]:
    """Give the document of a row on a known form, or what a legacy document is known by."""
    name = row.cells["document_file"]
    if not name:
        if not row.cells["sha256"]:
            raise FaultyRowError(row.fault("document_file", "文書ファイルか、文書のSHA-256が要ります。"))
        return {"legacy": _legacy(row, row.cells["sha256"].lower())}
    try:
        content = files(name)
    except OSError as error:
        raise FaultyRowError(
            row.fault("document_file", f"「{name}」を読めません（{error.strerror or error}）。")
        ) from None
    if kind := kind_belied(name, content):
        raise FaultyRowError(
            row.fault("document_file", f"「{name}」は、名前は {kind} ですが、中身は {kind} ではありません。")
        )
    if not name.lower().endswith(".json"):
        sha256 = sha256_of(content)
        if row.cells["sha256"] and row.cells["sha256"].lower() != sha256:
            raise FaultyRowError(row.fault("sha256", f"「{name}」のSHA-256（{sha256}）と異なります。"))
        return {"legacy": _legacy(row, sha256)}
    parsed = parse(content)
    if parsed.errors:
        raise FaultyRowError(*(row.fault("document_file", one.message) for one in parsed.errors))
    return {"document": parsed.document}


def _legacy(row: Row, sha256: str) -> dict[str, str]:
    lacking = [one for one in ("form", "form_version_as_printed") if not row.cells[one]]
    if lacking:
        raise FaultyRowError(*(row.fault(one, "旧様式の文書では、様式とその版が要ります。") for one in lacking))
    form = row.cells["form"]
    return {
        "form": _FORMS.get(form, form),
        "form_version_as_printed": row.cells["form_version_as_printed"],
        "sha256": sha256,
    }


def _unreadable(message: str, remedy: str) -> InvalidInputError:
    return InvalidInputError(message, where=_WHERE, remedy=remedy)
