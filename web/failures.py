"""誤りの伝え方 (failures): each error in the reader's words, with the HTTP status that goes with it: one table."""

from dataclasses import dataclass, field

from client.errors import (
    ActRefusedError,
    CallerError,
    InvalidDocumentError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    OutcomeNotKnownError,
)
from engine.errors import EngineError

STATUS: dict[type[Exception], int] = {
    NotPermittedError: 403,
    NotFoundError: 404,
    ActRefusedError: 409,
    InvalidInputError: 422,
    InvalidDocumentError: 422,
    OutcomeNotKnownError: 503,
    EngineError: 503,
}
"""誤りと HTTP の状態. Whatever is not here is a bug, and answered with 500."""


@dataclass(frozen=True)
class Failure:
    """誤りの伝え: what is wrong, what to do, every fault, and what is wrong at which field."""

    status: int
    message: str
    remedy: str
    faults: tuple[str, ...] = ()
    at: dict[str, str] = field(default_factory=dict)
    provision: str = ""
    instead: tuple[str, ...] = ()


UNREACHABLE = "見直しを進める仕組みに、今つながりません。入力した内容は下に残っています。"


def failure_of(error: CallerError | EngineError) -> Failure:
    """Give what is told of an error."""
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    if isinstance(error, EngineError):
        return Failure(
            status, UNREACHABLE, "しばらくしてから、もう一度送ってください。二重に記録されることはありません。"
        )
    data = error.as_data()
    return Failure(
        status,
        error.message,
        error.remedy,
        faults=_strings(data.get("faults")),
        at=_places(error),
        provision=str(data.get("provision") or ""),
        instead=_strings(data.get("instead")),
    )


def _places(error: CallerError) -> dict[str, str]:
    """Say what is wrong at which field; that of an item of a form is called as its path in the document."""
    if isinstance(error, InvalidDocumentError):
        return {one.path.removeprefix("/").replace("/", "."): one.message for one in reversed(error.errors)}
    return dict(error.at) if isinstance(error, InvalidInputError) else {}


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
