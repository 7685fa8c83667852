"""見本の組織 (organisation of the demo), as it is written, to be changed, and as it is read."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from schemas.organisation import Organisation


def data() -> dict[str, Any]:
    return tomllib.loads(resources.files("demo").joinpath("organisation.toml").read_text(encoding="utf-8"))


def read(content: dict[str, Any]) -> Organisation:
    return Organisation.read(content)


ORGANISATION = read(data())
