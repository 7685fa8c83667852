"""だれが何を見るか: every page, by persons who are related to what it shows in every way; one table.

A route that is added to the application without a row here fails.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest

from schemas.records import PlannedAssessment
from tests.house import AUDITOR, CHIEF, TEAM, House
from tests.web.conftest import Browser, browsers_on
from tests.web.office import office
from tests.web.readers import OTHER, OWN, OWNER, PEOPLE, REPORTER, Things, put_things_there
from tests.web.two_bodies import OUTSIDER
from web.application import build_application

__all__ = ["office"]

_NOBODY, SIGN_IN = "", 303


class Seen(NamedTuple):
    """見えるもの: the status for each who is not told otherwise, and for those who are."""

    otherwise: int
    of: Mapping[str, int]
    signed_in: bool = True

    def status(self, person: str) -> int:
        if not person:
            return SIGN_IN if self.signed_in else self.otherwise
        return self.of.get(person, self.otherwise)


ALL = Seen(200, {})
REPORTING = Seen(200, {AUDITOR: 409})
ANYBODY = Seen(200, {}, signed_in=False)
NO_PROVIDER = Seen(404, {}, signed_in=False)
WORK = Seen(404, {})  # of the sign-in that began it
_WATCHERS = dict.fromkeys((TEAM, CHIEF, "director-general", AUDITOR), 200)
WHOLE = Seen(403, {**_WATCHERS, OWN: 200, OUTSIDER: 404})
COURSE = Seen(403, {**WHOLE.of, REPORTER: 200})
FULL = Seen(403, {**WHOLE.of, OUTSIDER: 403})
EVENT = Seen(403, {**WHOLE.of, OWNER: 200})  # who carries a measure out sees what it answers
MEASURE = Seen(403, {**EVENT.of, REPORTER: 200})  # the department of whoever carries it out
TRAIL = Seen(403, {TEAM: 200, CHIEF: 200, AUDITOR: 200})
_DUTY = Seen(403, {**WHOLE.of, OWNER: 200})  # whose charge it is
_OF_THE_DESK = Seen(403, {**_WATCHERS, OUTSIDER: 404})
_ROLL = Seen(403, {**_OF_THE_DESK.of, OWN: 200, REPORTER: 200, OWNER: 200})  # and those whose colleagues are on it
_OPENED_BY_THE_TEAM = Seen(409, {TEAM: 200})


def only(seen: Seen, *may: str, else_: int = 409) -> Seen:
    """Give the same for a form of an act, which is shown to these; to others who see the thing it says who may."""
    told = {person: 200 if person in may else else_ for person in PEOPLE if seen.status(person) == 200}
    return Seen(seen.otherwise, {**seen.of, **told})


_EVENT, _REVIEW, _DRAFT = "/events/{event}", "/reviews/{review}", "/reviews/{review}/documents"
_OF_THE_TEAM = dict.fromkeys((TEAM,), 200)

TABLE: Mapping[str, tuple[str, Seen]] = {
    # 誰でも
    "/ready": ("/ready", ANYBODY),
    "/sign-in": ("/sign-in", ANYBODY),
    "/sign-in/begin": ("/sign-in/begin", NO_PROVIDER),
    "/sign-in/return": ("/sign-in/return", NO_PROVIDER),
    "/public/{assessment_id}": ("/public/{assessment}", ANYBODY),
    "/acknowledge/{token}": ("/acknowledge/{token}", ANYBODY),
    "/acknowledge/{token}/document": ("/acknowledge/{token}/document", ANYBODY),
    # サインインした者（自分のもの、又は見えるものだけが並ぶもの）
    "/": ("/", ALL),
    "/assessments": ("/assessments", ALL),
    "/countermeasures": ("/countermeasures", ALL),
    "/deadlines": ("/deadlines", ALL),
    "/events": ("/events", ALL),
    "/explain": ("/explain", ALL),
    "/explain/{slug}": ("/explain/threshold", ALL),
    "/notices": ("/notices", ALL),
    "/organisation": ("/organisation", ALL),
    "/organisation/flow.svg": ("/organisation/flow.svg", ALL),
    "/organisation/{department_id}": ("/organisation/account-registration", Seen(200, {OUTSIDER: 404})),
    "/plan": ("/plan", ALL),
    "/report": ("/report", REPORTING),
    "/report/{slug}": ("/report/risk", REPORTING),
    "/reviews": ("/reviews", ALL),
    "/settings": ("/settings", ALL),
    # 評価書（公表されていることは、誰にでも）
    "/assessments/{assessment_id}": ("/assessments/{assessment}", ALL),
    "/assessments/{assessment_id}/versions/{number}": ("/assessments/{assessment}/versions/1?rendition=full", FULL),
    "/assessments/{assessment_id}/versions/{number}/file": (
        "/assessments/{assessment}/versions/1/file?as=html&rendition=full",
        FULL,
    ),
    "/assessments/{assessment_id}/compare": ("/assessments/{assessment}/compare?from=1&to=1", ALL),
    "/assessments/{assessment_id}/compare/file": ("/assessments/{assessment}/compare/file?before=1&after=1", ALL),
    # 見直し
    "/reviews/{assessment}/{number}": (_REVIEW, COURSE),
    "/reviews/{assessment}/{number}/state": (f"{_REVIEW}/state", COURSE),
    "/reviews/{assessment}/{number}/acts/{act}": (f"{_REVIEW}/acts/acknowledge", only(COURSE, TEAM)),
    "/reviews/{assessment}/{number}/checklist": (f"{_REVIEW}/checklist", only(COURSE, TEAM)),
    "/reviews/{assessment}/{number}/documents": (_DRAFT, WHOLE),
    "/reviews/{assessment}/{number}/documents/submit": (f"{_DRAFT}/submit", only(WHOLE, else_=303)),
    "/reviews/{assessment}/{number}/documents/{form}": (f"{_DRAFT}/basic_items", WHOLE),
    "/reviews/{assessment}/{number}/documents/{form}/file": (f"{_DRAFT}/basic_items/file", WHOLE),
    "/reviews/{assessment}/{number}/documents/{form}/import": (f"{_DRAFT}/basic_items/import", WHOLE),
    "/reviews/{assessment}/{number}/documents/{form}/restart": (f"{_DRAFT}/basic_items/restart", WHOLE),
    "/reviews/{assessment}/{number}/documents/{form}/{section}": (f"{_DRAFT}/basic_items/cover", WHOLE),
    "/reviews/{assessment}/{number}/documents/{form}/{section}/{entry}": (
        f"{_DRAFT}/basic_items/cover/0",
        Seen(403, {person: 404 if status == 200 else status for person, status in WHOLE.of.items()}),
    ),
    # リスク事案と報告
    "/events/{event_id}": (_EVENT, EVENT),
    "/events/{event_id}/state": (f"{_EVENT}/state", EVENT),
    "/events/{event_id}/acts/{act}": (f"{_EVENT}/acts/acknowledge", only(EVENT, TEAM)),
    "/events/{event_id}/acts/update": (f"{_EVENT}/acts/update", only(EVENT, TEAM, OWN, "director-general")),
    "/events/{event_id}/acts/report": (f"{_EVENT}/acts/report", only(EVENT, TEAM, OWN, "director-general")),
    "/events/{event_id}/reports/{kind}/{number}/file": (f"{_EVENT}/reports/final/1/file?as=html", EVENT),
    "/report/{report_id}": ("/report/{event}", EVENT),
    "/report/{report_id}/acts/{act}": ("/report/{event}/acts/add", only(EVENT, TEAM)),
    # 対応策
    "/countermeasures/{countermeasure_id}": ("/countermeasures/{measure}", MEASURE),
    "/countermeasures/{countermeasure_id}/acts/{act}": (
        "/countermeasures/{measure}/acts/progress",
        only(MEASURE, OWNER),
    ),
    # 義務
    "/duties": ("/duties", ALL),
    "/duties/audit-plan": ("/duties/audit-plan", ALL),
    "/duties/audit-plan.svg": ("/duties/audit-plan.svg", ALL),
    "/duties/new/{kind}": ("/duties/new/measure", _OPENED_BY_THE_TEAM),
    "/duties/{duty_id}": ("/duties/{duty}", _DUTY),
    "/duties/{duty_id}/acts/{act}": ("/duties/{duty}/acts/progress", only(_DUTY, OWNER, TEAM)),
    "/guidance": ("/guidance", ALL),
    "/guidance/enter": ("/guidance/enter", _OPENED_BY_THE_TEAM),
    "/guidance/{guidance_id}": ("/guidance/{guidance}", _OF_THE_DESK),
    "/guidance/{guidance_id}/acts/{act}": ("/guidance/{guidance}/acts/measure", only(_OF_THE_DESK, TEAM, else_=403)),
    "/guidance/{guidance_id}/file": ("/guidance/{guidance}/file?as=json", _OF_THE_DESK),
    "/rules": ("/rules", ALL),
    "/rules/new": ("/rules/new", _OPENED_BY_THE_TEAM),
    "/duties/{duty_id}/read": ("/duties/{publicity}/read", _ROLL),
    "/duties/{duty_id}/coverage.csv": ("/duties/{circular}/coverage.csv", _OF_THE_DESK),
    "/duties/{duty_id}/prefectures.svg": ("/duties/{circular}/prefectures.svg", _OF_THE_DESK),
    "/duties/{duty_id}/document": ("/duties/{circular}/document", _OF_THE_DESK),
    "/duties/{duty_id}/questions/new": ("/duties/{circular}/questions/new", only(_OF_THE_DESK, TEAM)),
    "/duties/{duty_id}/recipients": ("/duties/{circular}/recipients", only(_OF_THE_DESK, TEAM)),
    "/duties/{duty_id}/remind": ("/duties/{circular}/remind", only(_OF_THE_DESK, TEAM)),
    "/duties/{duty_id}/send": ("/duties/{circular}/send", only(_OF_THE_DESK, TEAM)),
    "/duties/{duty_id}/completions/import": ("/duties/{training}/completions/import", only(_ROLL, TEAM, OWNER)),
    "/duties/{duty_id}/coverage.svg": ("/duties/{training}/coverage.svg", _ROLL),
    "/duties/{duty_id}/mine": ("/duties/{training}/mine", only(_ROLL, OWN, REPORTER, else_=404)),
    "/duties/{duty_id}/roll/file": ("/duties/{training}/roll/file?as=csv", Seen(403, {**_OF_THE_DESK.of, OWNER: 200})),
    "/duties/{duty_id}/roll/import": ("/duties/{training}/roll/import", only(_ROLL, TEAM)),
    "/duties/{duty_id}/plan": ("/duties/{audit}/plan", only(WHOLE, AUDITOR, CHIEF)),
    "/duties/{duty_id}/report": ("/duties/{audited}/report?form=json", WHOLE),
    "/duties/{duty_id}/anomalies/{number}": (
        "/duties/{log}/anomalies/1",
        only(WHOLE, TEAM, CHIEF, "director-general", OWN),
    ),
    "/duties/{duty_id}/months": ("/duties/{log}/months", WHOLE),
    "/duties/{duty_id}/volume.svg": ("/duties/{log}/volume.svg", WHOLE),
    # 役割による
    "/audit": ("/audit", Seen(403, {**TRAIL.of, OUTSIDER: 403})),
    "/takeover": ("/takeover", Seen(403, _OF_THE_TEAM)),
    "/takeover/{work_id}": ("/takeover/none", Seen(403, {TEAM: 404})),
    "/notices/{number}/settle": ("/notices/none/settle", WORK),
    "/notices/{number}/send-again": ("/notices/none/send-again", WORK),
    # 始めたサインインだけ
    "/audit/verified/{work_id}": ("/audit/verified/none", WORK),
    "/exports/{work_id}": ("/exports/none", WORK),
    "/exports/{work_id}/file": ("/exports/none/file", WORK),
    "/waiting/{work_id}": ("/waiting/none", WORK),
    "/waiting/{work_id}/state": ("/waiting/none/state", WORK),
}
"""見える頁の表: the route, an address of it, and who may open that."""


@pytest.fixture(scope="module")
async def things(office: House) -> Things:
    return await put_things_there(office)


@pytest.fixture(scope="module")
async def browsers(office: House, things: Things) -> AsyncIterator[dict[str, Browser]]:
    assert things
    async with browsers_on(office.minaoshi) as make:
        yield {_NOBODY: make(), **{person: await make().sign_in(person) for person in PEOPLE}}


async def test_every_page_of_the_application_has_its_row(office: House) -> None:
    paths: dict[str, Any] = build_application(office.minaoshi).openapi()["paths"]
    assert {path for path, methods in paths.items() if "get" in methods} == set(TABLE)


@pytest.mark.parametrize("route", TABLE)
async def test_a_page_is_open_to_those_who_may_see_what_it_shows(
    things: Things, browsers: dict[str, Browser], route: str
) -> None:
    address, seen = TABLE[route]
    answers = {person: await one.web.get(address.format(**things)) for person, one in browsers.items()}
    given = {person: answer.status_code for person, answer in answers.items()}
    assert given == {person: seen.status(person) for person in browsers}
    shown = [answer for answer in answers.values() if answer.status_code != SIGN_IN]
    assert {answer.headers.get("cache-control") for answer in shown} == {"no-store"}


SINGLE = (
    *("/reviews/{review}", "/events/{event}", "/report/{event}", "/countermeasures/{measure}"),
    *("/duties/{duty}", "/guidance/{guidance}"),
)
UNKNOWN = {
    "review": "elsewhere/1",
    "event": "risk/elsewhere",
    "measure": "elsewhere/1/1",
    "duty": "measure:elsewhere",
    "guidance": "elsewhere",
}


@pytest.mark.parametrize("address", SINGLE)
async def test_what_is_of_another_body_is_told_of_as_if_it_were_not_there(
    things: Things, browsers: dict[str, Browser], address: str
) -> None:
    def without_names(page: str, names: Mapping[str, str]) -> str:
        page = re.sub(r"（[^）]*）[0-9:]+現在", "", page)
        for name in sorted(names.values(), key=len, reverse=True):
            page = page.replace(name, "…")
        return page

    someone = browsers[OUTSIDER]
    there = await someone.open(address.format(**things), status=404)
    not_there = await someone.open(address.format(**UNKNOWN), status=404)
    assert without_names(there, things) == without_names(not_there, UNKNOWN)
    assert "台帳にありません" in there


@pytest.mark.parametrize("address", SINGLE)
async def test_what_is_of_another_department_is_told_whose_it_is(
    browsers: dict[str, Browser], things: Things, address: str
) -> None:
    page = await browsers[OTHER].open(address.format(**things), status=403)
    assert re.search("(口座登録担当|住民記録担当（見本）|個人情報保護担当（対策チーム）)のものです", page)
    assert "又は対策チームに尋ねてください" in page


_OF_A_THING = re.compile(r'href="(/(?:reviews|events|countermeasures|assessments|duties|guidance)/[^"]+)"')


async def test_what_somebody_was_told_or_is_to_do_opens_for_them(office: House, things: Things) -> None:
    assert things
    people = [one.id for one in await office.minaoshi.organisation.people()]
    opened = 0
    async with browsers_on(office.minaoshi) as make:
        for person in people:
            someone = await make().sign_in(person)
            for place in ("/", "/notices"):
                for address in sorted(set(_OF_A_THING.findall(await someone.open(place)))):
                    await someone.open(address)
                    opened += 1
    assert opened > 10


async def test_lists_hold_what_may_be_seen_and_count_no_more(things: Things, browsers: dict[str, Browser]) -> None:
    lists = {"/reviews?scope=all": "review", "/events?scope=all": "event", "/countermeasures?scope=all": "measure"}
    rows = {"review": "/reviews/{review}", "event": "/events/{event}", "measure": "/countermeasures/{measure}"}
    lists |= {"/duties?scope=all": "duty", "/guidance?scope=all": "guidance"}
    rows |= {"duty": "/duties/{duty}", "guidance": "/guidance/{guidance}"}
    routes = dict(TABLE.values())
    for address, thing in lists.items():
        for person in PEOPLE:
            page = await browsers[person].open(address)
            is_seen = routes[rows[thing]].status(person) == 200
            assert (f'href="{quote(rows[thing].format(**things))}"' in page) is is_seen, (address, person)


async def test_an_assessment_that_is_not_published_is_for_its_department_and_those_who_watch(
    office: House, things: Things, browsers: dict[str, Browser]
) -> None:
    assert things
    planned = {"assessment_id": "not-yet", "body": "digital-agency", "department": "account-registration"}
    said = {"number": "9", "name": "まだ公表していない事務", "required_level": "basic_items"}
    row = PlannedAssessment.model_validate({**planned, **said, "effective_level": "basic_items"}, strict=False)
    await office.register.plan_assessment(row, by=TEAM, at=datetime.now(UTC))
    for person in PEOPLE:
        status = FULL.status(person) if person != OUTSIDER else 404
        await browsers[person].open("/assessments/not-yet", status=status)
        pickers = () if person == AUDITOR else ("/report/change",)
        for place in ("/assessments", "/plan", *pickers):
            page = await browsers[person].open(place)
            assert ("まだ公表していない事務" in page) is (status == 200), (place, person)


async def test_of_a_roll_each_sees_their_own_row_and_a_manager_those_of_the_department(
    things: Things, browsers: dict[str, Browser]
) -> None:
    """Nobody who only stands on a roll is told who else does, what became of them, and why they were excused."""
    theirs = {OWN: {OWN}, REPORTER: {REPORTER}, OWNER: {REPORTER}}
    every = {OWN, REPORTER, "colleague"}
    for person in (*theirs, TEAM, CHIEF, "director-general", AUDITOR):
        page = await browsers[person].open(f"/duties/{things['training']}")
        seen = theirs.get(person, every)
        assert {one for one in every if f"見本 {one}" in page} == seen, person
        assert ("休職中" in page) is (seen == every), person
        assert ("/roll/file" in page) is (person not in {OWN, REPORTER}), person
    rows = await browsers[OWNER].open(f"/duties/{things['training']}/roll/file?as=csv")
    assert [row.split(",")[0] for row in rows.splitlines()[1:]] == [REPORTER]
    page = await browsers[OWN].open(f"/duties/{things['training']}/roll/file", status=403)
    assert "名簿を書き出せるのは" in page
