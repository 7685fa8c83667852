"""見本の機関 (a body for the bench): as many assessments as reviews are measured, all by their digests."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from engine.ports import free_port
from settings import Settings

if TYPE_CHECKING:
    from client.minaoshi import Minaoshi

MANAGER = "manager"
TEAM = "team"

ORGANISATION = """
bodies = [{ id = "body", name = "見本市長", kind = "local_government" }]
departments = [
  { id = "owner", body = "body", name = "担当課" },
  { id = "privacy", body = "body", name = "対策チーム" },
]
people = [
  { id = "drafter", body = "body", department = "owner", name = "起案" },
  { id = "manager", body = "body", department = "owner", name = "保護管理者" },
  { id = "team", body = "body", department = "privacy", name = "対策" },
  { id = "chief", body = "body", department = "privacy", name = "総括" },
  { id = "director", body = "body", department = "owner", name = "部長" },
]
appointments = [
  { role = "chief_privacy_officer", body = "body", persons = ["chief"] },
  { role = "team_member", body = "body", persons = ["team"] },
  { role = "drafter", body = "body", department = "owner", persons = ["drafter"] },
  { role = "privacy_manager", body = "body", department = "owner", persons = ["manager"] },
  { role = "director_general", body = "body", department = "owner", persons = ["director"] },
]
"""


def large_line(recipients: int) -> bytes:
    """Give an organisation in which so many, all by mail, are told of a risk event of the department."""
    heads = ("manager", "chief", "director")
    team = [f"member-{number}" for number in range(recipients - len(heads))]
    people = "".join(
        f'  {{ id = "{one}", body = "body", department = "owner", name = "{one}", mail = "{one}@example.jp" }},\n'
        for one in ("drafter", *heads, *team)
    )
    return f"""
bodies = [{{ id = "body", name = "見本市長", kind = "local_government" }}]
departments = [{{ id = "owner", body = "body", name = "担当課" }}]
people = [
{people}]
appointments = [
  {{ role = "chief_privacy_officer", body = "body", persons = ["chief"] }},
  {{ role = "team_member", body = "body", persons = {json.dumps(team)} }},
  {{ role = "drafter", body = "body", department = "owner", persons = ["drafter"] }},
  {{ role = "privacy_manager", body = "body", department = "owner", persons = ["manager"] }},
  {{ role = "director_general", body = "body", department = "owner", persons = ["director"] }},
]
""".encode()


async def furnish(minaoshi: Minaoshi, *, assessments: int, prefix: str = "body") -> list[str]:
    """Enter an organisation and that many assessments; give their ids, which begin with the prefix."""
    await minaoshi.organisation.apply(ORGANISATION.encode())
    ids = [f"{prefix}-{number}" for number in range(assessments)]
    for assessment_id in ids:
        await minaoshi.assessments.add(_entry(assessment_id))
    return ids


def _entry(assessment_id: str) -> bytes:
    entry = {
        "assessment_id": assessment_id,
        "body": "body",
        "department": "owner",
        "number": assessment_id,
        "name": f"{assessment_id} 基礎項目評価書",
        "required_level": "basic_items",
        "effective_level": "basic_items",
        "published_on": "2026-04-01",
        "legacy": {
            "form": "basic_items",
            "form_version_as_printed": "平成31年1月 様式2",
            "sha256": hashlib.sha256(assessment_id.encode()).hexdigest(),
        },
    }
    return json.dumps(entry, ensure_ascii=False).encode()


def settings_in(home: Path) -> Settings:
    """Give the settings of an installation of its own in a folder."""
    return Settings(home=home, temporal_port=free_port(), temporal_ui_port=free_port())
