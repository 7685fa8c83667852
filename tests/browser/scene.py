"""場面 (scene): a house in which something stands on every page, and the list of all pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple
from urllib.parse import quote

from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, TODAY, House, as_json
from tests.workflows.duty_samples import members, training


class Shown(NamedTuple):
    """ページ: its name in file names and test ids, its address, and who opens it."""

    name: str
    address: str
    person: str


class Scene(NamedTuple):
    """場面: what is open, by its number."""

    assessment: str
    examined: str
    drafting: str
    drafted: str
    procedure: str
    event: str

    def pages(self) -> tuple[Shown, ...]:
        """Give every page of the application that shows something here, as the person whom it concerns."""
        of = self.assessment
        event = f"/events/{quote(self.event)}"
        review, drafted, procedure = (f"/reviews/{one}" for one in (self.examined, self.drafted, self.procedure))
        return (
            Shown("inbox", "/", TEAM),
            Shown("inbox-drafter", "/", DRAFTER),
            Shown("notices", "/notices", TEAM),
            Shown("settings", "/settings", TEAM),
            Shown("deadlines", "/deadlines", TEAM),
            Shown("report", "/report", "desk"),
            Shown("report-change", "/report/change", "desk"),
            Shown("report-risk", "/report/risk", "desk"),
            Shown("report-new-business", "/report/new-business", "desk"),
            Shown("report-end-of-business", "/report/end-of-business", "desk"),
            Shown("report-shown", f"/report/{quote(self.event)}", TEAM),
            Shown("reviews", "/reviews", TEAM),
            Shown("review-examined", review, TEAM),
            Shown("review-find", f"{review}/acts/find", MANAGER),
            Shown("review-checklist", f"{review}/checklist", MANAGER),
            Shown("review-withdraw", f"{review}/acts/withdraw", MANAGER),
            Shown("review-drafted", drafted, MANAGER),
            Shown("review-approve", f"{drafted}/acts/approve", MANAGER),
            Shown("review-return", f"{drafted}/acts/return", TEAM),
            Shown("review-procedure", procedure, TEAM),
            Shown("review-step", f"{procedure}/acts/record_step", TEAM),
            Shown("review-hand-over", f"{procedure}/acts/hand_over", CHIEF),
            Shown("review-submit", f"/reviews/{self.drafting}/acts/submit", DRAFTER),
            Shown("documents", f"/reviews/{self.drafting}/documents", DRAFTER),
            Shown("editor", f"/reviews/{self.drafting}/documents/basic_items", DRAFTER),
            Shown("editor-part", f"/reviews/{self.drafting}/documents/basic_items/risk_measures", DRAFTER),
            Shown("editor-read", f"/reviews/{self.drafting}/documents/basic_items/related_information", TEAM),
            Shown("editor-withheld", f"/reviews/{self.drafting}/documents/basic_items/withheld", DRAFTER),
            Shown("editor-import", f"/reviews/{self.drafting}/documents/basic_items/import", DRAFTER),
            Shown("editor-submit", f"/reviews/{self.drafting}/documents/submit", DRAFTER),
            Shown("assessments", "/assessments", TEAM),
            Shown("assessment", f"/assessments/{of}", TEAM),
            Shown("version", f"/assessments/{of}/versions/1", TEAM),
            Shown("compare", f"/assessments/{of}/compare", TEAM),
            Shown("public", f"/public/{of}", TEAM),
            Shown("takeover", "/takeover", TEAM),
            Shown("plan", "/plan", TEAM),
            Shown("events", "/events", TEAM),
            Shown("event", event, TEAM),
            Shown("countermeasures", "/countermeasures", TEAM),
            Shown("duties", "/duties?scope=all", TEAM),
            Shown("duty", f"/duties/{DUTY}", TEAM),
            Shown("duty-complete", f"/duties/{DUTY}/acts/complete", "desk"),
            Shown("duty-hand-in", f"/duties/{LOG_ANALYSIS}/acts/hand-in", DRAFTER),
            Shown("duty-new", "/duties/new/correction", AUDITOR),
            Shown("explain", "/explain", "desk"),
            Shown("explain-threshold", "/explain/threshold?data_subjects=12000&handlers=9&serious_incident=no", "desk"),
            Shown("organisation", "/organisation", "desk"),
            Shown("department", "/organisation/account-registration", "desk"),
            Shown("audit", "/audit", AUDITOR),
            Shown("not-found", "/nowhere", CHIEF),
        )


DUTY, LOG_ANALYSIS = "training:scene", "log_analysis:scene"
_NAMES = ("給付の支給に関する事務", "住民の記録に関する事務", "手当の支給に関する事務", "口座の登録に関する事務")


async def set_scene(house: House, *, name: str = "scene") -> Scene:
    """Open reviews in each stage, and a risk event: what the pages then show. On one server each has its own name."""
    reviews = []
    event = f"risk/{name}"
    reaches: tuple[Callable[[House], Awaitable[str]], ...] = (
        partial(_examined, event=event),
        _drafting,
        House.to_approval,
        House.to_procedure,
    )
    for number, reach in enumerate(reaches, start=1):
        house.assessment_id = f"{name}-{number}"
        await house.add_assessment(house.assessment_id, name=_NAMES[number - 1])
        reviews.append(await reach(house))
    await _duties(house)
    examined, drafting, drafted, procedure = reviews
    return Scene(examined.rpartition("/")[0], examined, drafting, drafted, procedure, event)


async def _examined(house: House, *, event: str) -> str:
    review_id = await house.report_event(act_id=event, persons_affected=3, title="別人の口座の登録")
    await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM)
    await house.find(review_id, as_=TEAM)
    return review_id


async def _duties(house: House) -> None:
    duties = house.minaoshi.duties
    await duties.open(DUTY, training(), as_=TEAM)
    added = [*members("desk", DRAFTER), *members("allowance-drafter", department="child-allowance")]
    await duties.enrol(DUTY, as_json(added=added), as_=TEAM)
    await duties.complete(DUTY, as_json(members=[DRAFTER], completed_on=TODAY.isoformat()), as_=MANAGER)
    await duties.excuse(DUTY, as_json(members=["allowance-drafter"], reason="休職中"), as_=TEAM)
    log = as_json(
        department="account-registration",
        title="口座登録システムのログ分析",
        due_on=TODAY.isoformat(),
        content={"system": "口座登録システム"},
    )
    await duties.open(LOG_ANALYSIS, log, as_=AUDITOR)


async def _drafting(house: House) -> str:
    review_id = await house.report_change()
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    return review_id
