"""出力 (output): results go to standard output, errors to standard error; on a pipe nothing is coloured or wrapped."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from cli.exit_status import ExitStatus
from guideline.deadlines import TOKYO

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from pydantic import BaseModel

_WIDE = 200
"""Columns on a pipe, where nobody sees a margin."""


def out() -> Console:
    """Give the console for results."""
    return Console(width=None if sys.stdout.isatty() else _WIDE, highlight=False)


def err() -> Console:
    """Give the console for errors and progress."""
    return Console(stderr=True, width=None if sys.stderr.isatty() else _WIDE, highlight=False)


def say(line: str) -> None:
    """Print one line as it is."""
    out().print(line, soft_wrap=True, markup=False)


def refuse(message: str) -> NoReturn:
    """Say why not and what to do, and end with the status of what was refused."""
    say(message)
    raise typer.Exit(ExitStatus.REFUSED)


def tokyo_time(instant: datetime) -> str:
    """Give an instant as it is read in Japan, to the minute."""
    return instant.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")


def write_text(text: str) -> None:
    """Write a text of several lines as it is."""
    sys.stdout.write(text)


def print_json(value: Any) -> None:
    """Print plain data as one JSON value."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_message(message: BaseModel) -> None:
    """Print a message as one JSON value."""
    print_json(message.model_dump(mode="json"))


def print_messages(messages: Iterable[BaseModel]) -> None:
    """Print messages as one JSON array."""
    print_json([message.model_dump(mode="json") for message in messages])


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; ids are folded rather than cut."""
    table = Table(*columns, show_edge=False, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    out().print(table, markup=False)
