"""信頼 (trust): whose signatures the validators take, set by `worker.py` when a worker is built.

The sandbox hands this module through, so that the workflows of a worker see the keys of now; a validator never runs on
replay. By task queue, for one process may run several workers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.signatures import Trusted

_TRUSTED: dict[str, Trusted] = {}


def trust(trusted: Trusted, *, task_queue: str) -> None:
    """Take the signatures of these keys on that task queue from now on."""
    _TRUSTED[task_queue] = trusted


def trusted_on(task_queue: str) -> Trusted | None:
    """Give whose signatures are taken on the task queue; None where nobody's are."""
    return _TRUSTED.get(task_queue)
