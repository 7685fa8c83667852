"""行 (rows): what is asked for any number of times: a few empty rows at first, and more when they are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from web.fields import Field
from web.posted import Posted

SPARE = 5
"""How many empty rows stand below those that are filled in."""

MORE = "more"
"""The button that asks for more rows: nothing is done, and what was typed stays."""


@dataclass(frozen=True)
class Rows:
    """行の組: the rows as the form shows them; `row` names one of them."""

    title: str
    row: str
    rows: tuple[tuple[Field, ...], ...]
    help: str = ""


def place(prefix: str, number: int, column: str) -> str:
    """Give the name of a place in a row, as the content has it; a row of one column has no further name."""
    return f"{prefix}.{number}.{column}" if column else f"{prefix}.{number}"


def compacted(posted: Posted, prefix: str, columns: Sequence[str]) -> Posted:
    """Give the same with the empty rows left out, so that a row has the number that it has in the content."""
    values = {name: value for name, value in posted.values.items() if not name.startswith(f"{prefix}.")}
    files = {name: value for name, value in posted.files.items() if not name.startswith(f"{prefix}.")}
    for new, old in enumerate(_filled(posted, prefix, columns)):
        for column in columns:
            there, here = place(prefix, old, column), place(prefix, new, column)
            if there in posted.values:
                values[here] = posted.values[there]
            if there in posted.files:
                files[here] = posted.files[there]
    return replace(posted, values=values, files=files)


def filled(posted: Posted | None, prefix: str, columns: Sequence[str]) -> int:
    """Give how many rows say something."""
    return 0 if posted is None else len(_filled(posted, prefix, columns))


def texts(posted: Posted, prefix: str, columns: Sequence[str]) -> list[dict[str, str]]:
    """Give what each row says, by its columns; what was left empty is left out."""
    rows = []
    for number in _filled(posted, prefix, columns):
        said = {column: posted.text(place(prefix, number, column)) for column in columns}
        rows.append({column: text for column, text in said.items() if text})
    return rows


def _filled(posted: Posted, prefix: str, columns: Sequence[str]) -> list[int]:
    names = [*posted.values, *posted.files]
    numbers = {_number(name, prefix) for name in names if name.startswith(f"{prefix}.")}
    return sorted(
        number
        for number in numbers
        if number is not None and any(_says(posted, place(prefix, number, column)) for column in columns)
    )


def _says(posted: Posted, name: str) -> bool:
    return bool(posted.text(name)) or name in posted.files


def _number(name: str, prefix: str) -> int | None:
    number = name.removeprefix(f"{prefix}.").partition(".")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < len("1000000") else None
