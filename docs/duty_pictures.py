"""義務の図 (pictures of duties): drawn by the code that draws those of the pages, from the samples of the demo."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from client.circular_views import coverage_of, svg_of
from client.log_summaries import summary_from
from client.privacy_audits import audits_of
from demo.account_registration import organisation
from demo.circular_scenes import MUNICIPALITIES, municipalities
from demo.telling import file_of
from docs.improvement_report import PUBLISHED
from guideline.audit_plan import audit_plan
from guideline.deadlines import TOKYO
from guideline.duties import take_duty
from guideline.organisation import department_names, engine_actor
from register.circulars import Part
from rendering.audit_pictures import MonthDrawn, plan_svg, volume_svg
from rendering.coverage import Bar, coverage_svg
from schemas.audit_papers import AnalysedSystems, AuditProgramme
from schemas.duties import DutyState
from schemas.duty_acts import DutyOpening

_BODY = "digital-agency"
_ACKNOWLEDGED = {"東京都": 100, "福島県": 66, "北海道": 5, "宮城県": 5}
"""受領を確認した割合（%）: samples, one of each shade."""


def draw_duties() -> dict[str, str]:
    """Give each picture by the name of its file."""
    return {
        "audit-plan.svg": _plan(),
        "circular-coverage.svg": _circular(),
        "log-volume.svg": _logs(),
        "training-coverage.svg": _training(),
    }


def _opened(duty_id: str, said: dict[str, Any], *, on: date) -> DutyState:
    """Give a duty as it stands when it is opened."""
    actor = engine_actor(body=_BODY, department=said["department"])
    whole = {"act_id": f"open/{duty_id}", "actor": actor.model_dump(mode="json"), "duty_id": duty_id, **said}
    opening = DutyOpening.read(whole)
    return take_duty(None, opening, at=datetime(on.year, on.month, on.day, tzinfo=TOKYO))


def _plan() -> str:
    programme = AuditProgramme.model_validate_json(file_of("duties/programme.json"))
    states = [_opened(one.duty_id, one.said, on=PUBLISHED) for one in audits_of(programme)]
    names = department_names(organisation())
    return plan_svg(audit_plan(states, on=PUBLISHED), on=PUBLISHED, department=names.__getitem__)


def _circular() -> str:
    bodies = Counter((code[:2], prefecture) for code, _, prefecture, _ in municipalities(MUNICIPALITIES))
    parts = [
        Part(prefix=prefix, total=total, delivered=total, failed=0, excused=0, acknowledged=acknowledged)
        for (prefix, prefecture), total in bodies.items()
        for acknowledged in [total * _ACKNOWLEDGED.get(prefecture, 0) // 100]
    ]
    return svg_of(coverage_of(parts, duty_id="circular:logout-2023-05", title="事務連絡（見本）"))


def _training() -> str:
    staff = Counter(row["部署"] for row in _rows("staff"))
    done = {row["職員番号"] for row in _rows("completions")}
    completed = Counter(row["部署"] for row in _rows("staff") if row["職員番号"] in done)
    bars = [Bar(name, done=completed[name], excused=0, total=total) for name, total in staff.items()]
    return coverage_svg(bars, title="部署ごとの受講の状況（見本）")


def _rows(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(file_of(f"duties/{name}.csv").decode().splitlines())


def _logs() -> str:
    (one,) = AnalysedSystems.model_validate_json(file_of("duties/systems.json")).systems
    paper = summary_from(file_of("duties/log-2023-11.csv")).paper
    months = (
        MonthDrawn(one.first_month, paper["volume"], len(paper["anomalies"]), late=False),
        MonthDrawn("2023-12", None, 0, late=True),
    )
    return volume_svg(one.system, months)
