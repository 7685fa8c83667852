"""組織 (staff): the bodies with their departments and people, and who has left."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from tests.years.population import DEPARTMENTS

KINDS = ("local_government", "administrative_body")


def organisation(bodies: Collection[str], *, left: Collection[str] = (), dissolved: Collection[str] = ()) -> bytes:
    """Give `organisation.toml`: each department has a 起案者, a 保護管理者 and their substitute.

    Who has left is nowhere named, so the substitute stands in. `dissolved` are departments that are no more.
    """
    return "\n".join(line for body in bodies for line in _body(body, left, dissolved)).encode()


def departments(body: str) -> tuple[str, ...]:
    return tuple(f"{body}-d{number}" for number in range(DEPARTMENTS))


def _body(body: str, left: Collection[str], dissolved: Collection[str]) -> Iterator[str]:
    kind = KINDS[int(body.rpartition("-")[2]) % len(KINDS)]
    yield from _table("bodies", id=body, name=f"{body}の長", kind=kind)
    own = [one for one in departments(body) if one not in dissolved]
    for one in (*own, f"{body}-privacy"):
        yield from _table("departments", id=one, body=body, name=f"{one}課")
    for role, department, persons, substitutes in _roles(body, own):
        home = department or f"{body}-privacy"
        present, standing_in = ([one for one in names if one not in left] for names in (persons, substitutes))
        for one in (*present, *(one for one in standing_in if role != "drafter")):
            yield from _table("people", id=one, body=body, department=home, name=f"見本 {one}")
        where = {"department": department} if department else {}
        yield from _table("appointments", role=role, body=body, **where, persons=present, substitutes=standing_in)


def _roles(body: str, own: Collection[str]) -> Iterator[tuple[str, str | None, list[str], list[str]]]:
    """Give each role with its department, those who hold it, and who stands in: of a department it is one person."""
    yield "team_member", None, [f"{body}-team-1", f"{body}-team-2"], []
    yield "chief_privacy_officer", None, [f"{body}-chief"], [f"{body}-deputy"]
    for one in own:
        yield "drafter", one, [f"{one}-drafter"], [f"{one}-substitute"]
        yield "privacy_manager", one, [f"{one}-manager"], [f"{one}-substitute"]
        yield "director_general", one, [f"{one}-director"], []


def _table(called: str, /, **values: Any) -> Iterator[str]:
    yield f"[[{called}]]"
    for key, value in values.items():
        yield f"{key} = {json.dumps(value, ensure_ascii=False)}"
