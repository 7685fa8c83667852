"""見せられない理由 (errors of the demo)."""

from __future__ import annotations

from client.errors import CallerError


class NotADemoHomeError(CallerError):
    """見本でない台帳がある (the folder holds a register that is not the demo's)."""


class StoryError(Exception):
    """物語が進まない (the story did not go as told): the demo fails rather than prints what did not happen."""
