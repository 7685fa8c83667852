"""入力の読取り (input): bytes become a message, or an error that names every fault in the reader's words."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from client.errors import InvalidInputError
from schemas.base import Message, is_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

LARGEST_INPUT = 1_000_000
"""The largest message that is read, in bytes."""

_Model = TypeVar("_Model", bound=Message)


def new_act_id() -> str:
    """Make the id of an act that was given none.

    A page makes it before its form is shown, so that the form can be sent twice without harm.
    """
    return f"act/{uuid.uuid4()}"


def message_from(
    model: type[_Model],
    content: bytes,
    *,
    where: str,
    filled: Mapping[str, Any] | None = None,
    defaults: Mapping[str, Any] | None = None,
) -> _Model:
    """Read a message from JSON.

    `filled` are fields that the engine fills in itself, which the content must not carry; `defaults` are taken where
    the content says nothing. Raises InvalidInputError with every fault.
    """
    data = object_from(content, where=where)
    own = sorted(set(data) & set(filled or {}))
    if own:
        raise InvalidInputError(
            f"項目「{'、'.join(own)}」は書けません。",
            where=where,
            remedy="この項目はシステムが定めます。除いてください。",
        )
    whole = {**(defaults or {}), **data, **(filled or {})}
    try:
        return model.model_validate_json(json.dumps(whole))
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
        raise InvalidInputError(
            f"{len(errors)}件の誤りがあります。",
            where=where,
            remedy="示された箇所を直してください。",
            faults=tuple(_sentence(model, error) for error in errors),
            at={_place(error): _what(error) for error in reversed(errors)},
        ) from None


def object_from(content: bytes, *, where: str) -> dict[str, Any]:
    """Read a JSON object; raises InvalidInputError for what is none, or can't be read."""
    if len(content) > LARGEST_INPUT:
        raise InvalidInputError(
            f"大きすぎます（{len(content):,}バイト、上限{LARGEST_INPUT:,}バイト）。",
            where=where,
            remedy="資料は別に保管し、そのSHA-256を書いてください。",
        )
    try:
        text = content.decode("utf-8")
        data = json.loads(text, object_pairs_hook=_without_repetition, parse_constant=_no_constant)
        _see_writable(data)
    except UnicodeDecodeError:
        raise InvalidInputError(
            "UTF-8 の文字列ではありません。", where=where, remedy="UTF-8 で保存してください。"
        ) from None
    except UnicodeError:
        raise InvalidInputError(
            "文字として書けない符号があります。", where=where, remedy="その文字を除いてください。"
        ) from None
    except json.JSONDecodeError as error:
        raise InvalidInputError(
            f"JSON として読めません（{error.lineno}行{error.colno}文字目）。",
            where=where,
            remedy="括弧、引用符、読点の書き方を確かめてください。",
        ) from None
    except RecursionError:
        raise InvalidInputError("入れ子が深すぎます。", where=where, remedy="入れ子を浅くしてください。") from None
    except ValueError as error:
        raise InvalidInputError(str(error), where=where, remedy="示された値を直してください。") from None
    if not isinstance(data, dict):
        raise InvalidInputError(
            "JSON のオブジェクト（{ } で囲んだもの）ではありません。",
            where=where,
            remedy="項目名と値の組で書いてください。",
        )
    return data


def _see_writable(data: Any) -> None:
    """See that every text can be kept; raises UnicodeError where one can't."""
    waiting = [data]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and not is_text(one):
            raise UnicodeError
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise ValueError(f"項目「{key}」が二度現れます。")
        seen[key] = value
    return seen


def _no_constant(name: str) -> Any:
    raise ValueError(f"数値 {name} は使えません。")


def _sentence(model: type[Message], error: ErrorDetails) -> str:
    place = _place(error) or "全体"
    title = _title_of(model, error["loc"])
    label = f"{place}（{title}）" if title else place
    return f"{label}: {_what(error)}"


def _place(error: ErrorDetails) -> str:
    return ".".join(str(part) for part in error["loc"])


def _title_of(model: type[Message], loc: tuple[int | str, ...]) -> str | None:
    field = model.model_fields.get(str(loc[0])) if loc else None
    return field.title if field is not None else None


def _what(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    sentence = _SHAPES.get(context.get("pattern", "")) or _SENTENCES.get(error["type"])
    if sentence is None:
        return "値が正しくありません。書き方を確かめてください。"
    said = {key: str(value) for key, value in context.items()}
    # The library joins the last two of a choice in English.
    said |= {key: said[key].replace(" or ", "、").replace(", ", "、") for key in _CHOICES & said.keys()}
    return sentence.format_map(said)


_CHOICES = frozenset({"expected", "expected_tags"})

_SHAPES = {
    r"^[0-9a-f]{64}$": "SHA-256（64桁の英小文字と数字。0から9とaからf）で書いてください。",
    r"\S": "空白だけです。内容を書いてください。",
    r"^[^@\s]{1,64}@[^@\s]{1,255}$": "メールアドレス（例 name@example.jp）で書いてください。",
    r"^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$": "使えない文字か形です（64字までの英小文字と数字、. _ -）。",
}
"""求める形: a shape that is asked for, in words."""

_SENTENCES = {
    "missing": "書かれていません。この項目を加えてください。",
    "extra_forbidden": "知らない項目です。項目名を確かめるか、除いてください。",
    "string_type": "文字列で書いてください。",
    "int_type": "整数で書いてください（引用符で囲みません）。",
    "int_from_float": "整数で書いてください。",
    "bool_type": "true か false で書いてください。",
    "tuple_type": "配列（[ ] で囲んだもの）で書いてください。",
    "model_type": "オブジェクト（{{ }} で囲んだもの）で書いてください。",
    "model_attributes_type": "オブジェクト（{{ }} で囲んだもの）で書いてください。",
    "dict_type": "オブジェクト（{{ }} で囲んだもの）で書いてください。",
    "date_type": "日付（例 2023-05-23）で書いてください。",
    "date_parsing": "日付（例 2023-05-23）で書いてください。",
    "date_from_datetime_parsing": "日付（例 2023-05-23）で書いてください。",
    "date_from_datetime_inexact": "時刻のない日付（例 2023-05-23）で書いてください。",
    "enum": "次のいずれかで書いてください: {expected}",
    "literal_error": "次のいずれかで書いてください: {expected}",
    "union_tag_invalid": "次のいずれかで書いてください: {expected_tags}",
    "greater_than_equal": "{ge}以上の数で書いてください。",
    "less_than_equal": "{le}以下の数で書いてください。",
    "too_short": "少なくとも{min_length}件要ります。",
    "too_long": "{max_length}件までです。",
    "string_too_short": "{min_length}字以上で書いてください。",
    "string_too_long": "{max_length}字までです。",
    "string_pattern_mismatch": "使えない文字か形です（求める形: {pattern}）。",
}
