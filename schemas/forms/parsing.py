"""入力の読取り (parsing): from the bytes of a JSON file to plain data, refusing what later steps could not bear."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas.base import is_text
from schemas.forms.errors import WHOLE, FormError, pointer, shortened

LARGEST = 1_000_000
"""評価書の上限: bytes, of the input and of the canonical form."""

_DEEPEST = 16  # a form goes six levels deep
_LONGEST_NUMBER = 15  # characters; no form asks for a number at all


@dataclass(frozen=True)
class Parsed:
    """読取りの結果 (result of parsing): the data, or else the errors."""

    document: object
    errors: tuple[FormError, ...]


def parse(text: bytes) -> Parsed:
    """Read JSON in UTF-8; refuses malformed, duplicate, endless, oversized and over-nested input, and never raises."""
    if len(text) > LARGEST:
        return _refused(_too_large(len(text)))
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        return _refused(
            _error("encoding", f"{failure.start + 1}バイト目がUTF-8の文字ではありません。UTF-8で保存し直してください。")
        )
    reader = _Reader()
    try:
        document = json.loads(
            decoded,
            object_pairs_hook=reader.pairs,
            parse_constant=reader.number,
            parse_float=reader.number,
            parse_int=reader.number,
        )
    except json.JSONDecodeError as failure:
        place = f"{failure.lineno}行目の{failure.colno}文字目"
        return _refused(
            _error(
                "malformed", f"{place}がJSONの書き方に合っていません。その前後の括弧、引用符、読点を直してください。"
            )
        )
    except RecursionError:
        return _refused(_too_deep())
    errors = (*reader.errors(), *unbearable(document))
    return _refused(*errors) if errors else Parsed(document, ())


def unbearable(document: object) -> tuple[FormError, ...]:
    """Find what no document may hold wherever it stands: too deep nesting, and what UTF-8 or a database can't write."""
    errors = []
    waiting: list[tuple[tuple[str | int, ...], object]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        if len(path) >= _DEEPEST and isinstance(value, Mapping | list):
            return (_too_deep(),)
        if isinstance(value, str) and _broken(value):
            errors.append(_surrogate(path))
        elif isinstance(value, Mapping):
            errors += [_surrogate(path) for key in value if _broken(key)]
            waiting += [((*path, key), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, number), inner) for number, inner in enumerate(value)]
    return tuple(sorted(errors, key=lambda error: error.path))


def too_large(canonical: bytes) -> tuple[FormError, ...]:
    """Refuse a document whose canonical form is over the limit."""
    return (_too_large(len(canonical)),) if len(canonical) > LARGEST else ()


class _Reader:
    """What the JSON reader meets on its way and would let pass in silence."""

    def __init__(self) -> None:
        self._twice: set[str] = set()
        self._numbers: set[str] = set()

    def pairs(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                self._twice.add(key)
            seen.add(key)
        return dict(pairs)

    def number(self, digits: str) -> float:
        value = float(digits) if len(digits) <= _LONGEST_NUMBER else math.nan
        if not math.isfinite(value):
            self._numbers.add(digits)
            return 0
        return int(value) if digits.lstrip("-").isdigit() else value

    def errors(self) -> Iterable[FormError]:
        for key in sorted(self._twice):
            yield _error(
                "duplicate_key",
                f"同じ括弧の中に「{_writable(key)}」が二つ以上あります。正しい一つだけを残してください。",
            )
        for digits in sorted(self._numbers):
            yield _error(
                "number", f"「{_writable(digits)}」は数として扱えません。取り除くか、正しい数に直してください。"
            )


def _broken(words: object) -> bool:
    return not is_text(str(words))


def _writable(words: str) -> str:
    return shortened("".join("〓" if _broken(letter) else letter for letter in words))


def _surrogate(path: Iterable[str | int]) -> FormError:
    message = (
        "文字として書き表せない符号（対になっていないサロゲートか NUL）が含まれています。その文字を取り除いてください。"
    )
    place = "".join("〓" if _broken(letter) else letter for letter in pointer(path))
    return FormError(path=place, item=WHOLE, message=message, rule="surrogate")


def _too_deep() -> FormError:
    return _error("too_deep", f"括弧の入れ子が{_DEEPEST}段を超えています。様式のとおりの形に直してください。")


def _too_large(size: int) -> FormError:
    return _error(
        "too_large",
        f"評価書の大きさが{size:,}バイトあり、上限の{LARGEST:,}バイトを超えています。記載を短くしてください。",
    )


def _error(rule: str, message: str) -> FormError:
    return FormError(path="", item=WHOLE, message=message, rule=rule)


def _refused(*errors: FormError) -> Parsed:
    return Parsed(None, errors)
