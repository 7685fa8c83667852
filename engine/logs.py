"""日誌 (logs): each record is one line; what others wrote can't end it, nor colour it, nor turn it round."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TextIO

_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


_PLACES = 6


class OneLine(logging.Formatter):
    """一行 (one line): what is no letter is written as its escape; of an error its kind and place."""

    def __init__(self) -> None:
        super().__init__(_FORM)

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        bare = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None})
        return escaped(super().format(bare)) + (f" [{told_of(error)}]" if error else "")


def escaped(text: str) -> str:
    """Give a text in which every sign is seen."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def told_of(error: BaseException) -> str:
    """Say of which kind an error is, where it arose, and from which other; not its words, in which content may be."""
    places = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    where = " < ".join(f"{one.filename.rpartition('/')[2]}:{one.lineno} {one.name}" for one in reversed(places))
    told = f"{type(error).__name__} at {where}" if where else type(error).__name__
    return f"{told}, from {told_of(error.__cause__)}" if error.__cause__ else told


def write_logs(stream: TextIO | None = None) -> None:
    """Write what is logged, from warnings on, to a stream: standard error unless given."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(OneLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
