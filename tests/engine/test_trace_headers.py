"""追跡の見出し: a malformed one is dropped, and blocks nothing."""

from __future__ import annotations


