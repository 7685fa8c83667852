"""問い (what is asked for): the filters of a list, from the address; what can't be read is told, and left out."""

from typing import TypeVar
from urllib.parse import quote, urlencode

from fastapi import Request
from pydantic import ValidationError

from schemas.base import Message
from web.failures import Failure

_M = TypeVar("_M", bound=Message)


def asked(request: Request, model: type[_M], **more: str) -> tuple[_M, Failure | None]:
    """Give what is asked for; where a value can't be read, what the rest asks for, with what is wrong."""
    given = {name: text for name in model.model_fields if (text := _line(request.query_params.get(name, "")))} | more
    try:
        return model.model_validate_strings(given, strict=False), None
    except ValidationError as invalid:
        wrong = {str(fault["loc"][0]) for fault in invalid.errors()}
    titles = [model.model_fields[name].title or name for name in wrong]
    rest = {name: text for name, text in given.items() if name not in wrong}
    failure = Failure(
        422,
        f"{'、'.join(sorted(titles))}の値が正しくありません。",
        "その条件を除いて示しています。選び直してください。",
    )
    return model.model_validate_strings(rest, strict=False), failure


def is_number(text: str, *, longest: int = 9) -> bool:
    """Say whether there may be so many; Python itself refuses to read a number of thousands of digits."""
    return text.isdecimal() and len(text) <= longest


def address_with(request: Request, **changed: object) -> str:
    """Give the present address with some of its values changed; None takes a value away."""
    values = {name: text for name, text in request.query_params.items() if text}
    for name, value in changed.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = str(value)
    path = quote(request.scope["path"])
    return f"{path}?{urlencode(values)}" if values else path


def _line(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable()).strip()
