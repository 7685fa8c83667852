"""指導とその改善策 (guidance of 2023 and its measures): what was made public of it, read from one file."""

from __future__ import annotations

import tomllib
from functools import cache

from demo.telling import file_of
from schemas.guidance import GuidanceDocument


@cache
def guidance_of_2023() -> GuidanceDocument:
    """Give the guidance with its measures as it stands in its file."""
    return GuidanceDocument.model_validate(tomllib.loads(file_of("guidance.toml").decode()), strict=False)
