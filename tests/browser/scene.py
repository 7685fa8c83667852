"""場面 (scene): a house in which something stands on every page, and the list of all pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple
from urllib.parse import quote

from tests.browser.duty_scene import NOBODY, Duties, Shown, set_duties
from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, House

__all__ = ["NOBODY", "PLACEHOLDER", "Scene", "Shown", "set_scene"]


class Scene(NamedTuple):
    """場面: what is open, by its number."""

    assessment: str
    examined: str
    drafting: str
    drafted: str
    procedure: str
    event: str
    duties: Duties

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
            Shown("explain", "/explain", "desk"),
            Shown("explain-threshold", "/explain/threshold?data_subjects=12000&handlers=9&serious_incident=no", "desk"),
            Shown("organisation", "/organisation", "desk"),
            Shown("department", "/organisation/account-registration", "desk"),
            Shown("audit", "/audit", AUDITOR),
            Shown("not-found", "/nowhere", CHIEF),
            *self.duties.pages(),
        )


PLACEHOLDER = Scene("a", "a/1", "b/1", "c/1", "d/1", "e", Duties(*Duties._fields))
"""The numbers differ from run to run; the names of the pages do not."""

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
    examined, drafting, drafted, procedure = reviews
    duties = await set_duties(house, name=name)
    return Scene(examined.rpartition("/")[0], examined, drafting, drafted, procedure, event, duties)


async def _examined(house: House, *, event: str) -> str:
    review_id = await house.report_event(act_id=event, persons_affected=3, title="別人の口座の登録")
    await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM)
    await house.find(review_id, as_=TEAM)
    return review_id


async def _drafting(house: House) -> str:
    review_id = await house.report_change()
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    return review_id
