"""メッセージの土台 (message): what every message of the engine has in common, and the kinds of word they share."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from schemas.canonical import canonical_bytes

_ID = r"^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$"

Identifier = Annotated[str, StringConstraints(pattern=_ID)]
"""識別子: lower-case letters, digits, dots and hyphens, 64 at most. Seen in workflow ids: never a person's name."""

ActId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/:-]{0,249}$")]
"""行為番号: made by the caller, once for each act. The Update ID and a unique key of the register."""

ReviewId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}/[1-9][0-9]{0,5}$")]
"""見直し番号: `<assessment id>/<n>`, numbered by the register."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in lower-case hexadecimal."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]
"""一行の文: 1 to 200 characters, not only white space."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"\S")]
"""文章: 1 to 4,000 characters, not only white space."""

Instant = AwareDatetime
"""瞬間: an instant with its time zone; written in UTC."""


_NO_LETTERS = re.compile("[\0\ud800-\udfff]")


def is_text(words: str) -> bool:
    """Say whether the words can be kept: UTF-8 has no halves of a letter, and PostgreSQL takes no NUL.

    Within JSON it takes one, and then reads no field of that row any more.
    """
    return _NO_LETTERS.search(words) is None


class Message(BaseModel):
    """メッセージ (message): frozen, strict, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    @classmethod
    def read(cls, content: object) -> Self:
        """Give the message that plain JSON data say: a content, a paper, a document. Raises ValidationError."""
        return cls.model_validate_json(canonical_bytes(content))
