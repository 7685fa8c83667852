"""広げること (widening): a field that a message is given after its release, so that both releases read each other.

Every message refuses a field that it does not know. So a field that the release before has never heard of must not be
sent to it while it says nothing: then the two write the same bytes, and each verifies what the other has signed. Where
it does say something the release before refuses the message. Therefore a release that uses the field comes after one
that only knows it (docs/upgrades.md).
"""

from __future__ import annotations

from functools import partial
from operator import eq
from typing import Any

from pydantic import Field

ADDED = "Written only where it differs from its default."
"""後から加えた欄の印: by which a published schema tells such a field (`$comment`)."""


def added(default: Any = None, *, title: str) -> Any:
    """Give a field that is neither sent, nor stored, nor signed, nor hashed while it has its default."""
    return Field(default=default, title=title, exclude_if=partial(eq, default), json_schema_extra={"$comment": ADDED})
