"""変えるもの全て: every form that is sent, every verb that writes, and what an auditor is answered."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from client.errors import ActRefusedError, CallerError, InvalidInputError
from client.merging import Typed
from schemas.organisation import Role
from tests.house import DRAFTER, House, as_json, today
from tests.permissions import verbs_of_duties
from tests.permissions.countermeasures import CountermeasureScene
from tests.permissions.events import EventScene
from tests.permissions.pages import Browsers, posted
from tests.permissions.people import changes_of, person_id
from tests.permissions.reviews import Scene
from tests.web.duties_there import put_duties_there
from web.application import build_application

AUDITOR = person_id(Role.AUDITOR, own=True)
"""監査する者: of the very department that is concerned."""

OF_THEIR_OWN = "自らのサインインと設定"
READS = "読むだけ"

ON_REVIEW = "/reviews/{assessment}/{number}"
ON_DRAFT = f"{ON_REVIEW}/documents"
POSTS: dict[str, dict[str, Any] | str] = {
    "/sign-in": OF_THEIR_OWN,
    "/sign-out": OF_THEIR_OWN,
    "/settings": OF_THEIR_OWN,
    "/settings/sign-out-everywhere": OF_THEIR_OWN,
    "/kept": OF_THEIR_OWN,
    "/session": OF_THEIR_OWN,
    "/session/keep": OF_THEIR_OWN,
    "/audit/verify": READS,
    "/countermeasures/{countermeasure_id}/acts/{act}": {"act": "progress", "text": "進めた。"},
    "/events/{event_id}/acts/report": {"do": "approve", "written_by": "drafter"},
    "/events/{event_id}/acts/update": {"facts.persons_at_most": "3", "reason": "数えた。"},
    "/events/{event_id}/acts/{act}": {
        "act": "knew",
        "department": "audit",
        "known_on": today().isoformat(),
        "reason": "-",
    },
    "/notices/{number}/send-again": {},
    "/notices/{number}/settle": {},
    "/report/{report_id}/acts/{act}": {"act": "untouched", "reason": "関わらない。"},
    "/report/{slug}": {"slug": "risk", "title": "誤交付", "facts": "渡した。"},
    f"{ON_REVIEW}/acts/{{act}}": {"act": "acknowledge", "grounds_read": "2"},
    f"{ON_REVIEW}/checklist": {"course": "amend", "reason": "見た。"},
    f"{ON_DRAFT}/submit": {},
    f"{ON_DRAFT}/{{form}}/import": {"form": "basic_items", "content": "{}"},
    f"{ON_DRAFT}/{{form}}/restart": {"form": "basic_items", "start": "published", "revision": "0"},
    f"{ON_DRAFT}/{{form}}/{{section}}": {"form": "basic_items", "section": "cover"},
    f"{ON_DRAFT}/{{form}}/{{section}}/{{entry}}": {"form": "basic_items", "section": "cover", "entry": "1"},
    "/takeover": {},
    **verbs_of_duties.POSTS,
}
"""送れるもの: each address, with what is typed, or why it changes nothing of what is audited.

Whoever adds one says here what an auditor is answered.
"""


PLACES = ("act", "slug", "form", "section", "entry", "kind", "number", "duty_id")
"""アドレスに立つもの; the duty is called by its name among those that are there."""

ANSWERED = {
    **{f"/notices/{{number}}/{act}": 404 for act in ("send-again", "settle")},
    "/takeover": 403,
    **verbs_of_duties.ANSWERED,
}
"""答え: where it is not 409."""


def test_every_address_to_which_something_is_sent_is_listed(office: House) -> None:
    paths = build_application(office.minaoshi).openapi()["paths"]
    assert {path for path, methods in paths.items() if set(methods) - {"get"}} == set(POSTS)
    assert all(set(methods) <= {"get", "post"} for methods in paths.values())


@pytest.mark.parametrize("path", [path for path, typed in POSTS.items() if isinstance(typed, dict)])
async def test_an_auditor_changes_nothing_on_the_page(
    office: House, browsers: Browsers, begun: dict[str, str], path: str
) -> None:
    said: dict[str, Any] = POSTS[path]  # type: ignore[assignment] # chosen above
    places = begun | {name: said[name] for name in PLACES if name in said}
    places["duty_id"] = begun.get(places.get("duty_id", ""), "")
    typed = {name: value for name, value in said.items() if f"{{{name}}}" not in path}
    file = verbs_of_duties.FILES.get(path)
    files = {"table": ("表.csv", file, "text/csv")} if file else None
    before = await changes_of(office)
    code, page = await posted(browsers[Role.AUDITOR, True], path.format(**places), typed, files=files)
    assert code == ANSWERED.get(path, 409), page
    assert "ください" in page
    assert await changes_of(office) == before
    assert await office.register.working_copies.of(begun["review_id"]) == {}


@pytest.fixture(scope="module")
async def begun(office: House) -> dict[str, str]:
    """Begin a review that is drafted, an event, a countermeasure and duties: what an address names."""
    review = await Scene(office).begin()
    event = await EventScene(office).begin()
    countermeasure = await CountermeasureScene(office).begin()
    assessment, number = review.review_id.split("/")
    return {
        "assessment": assessment,
        "number": number,
        "review_id": review.review_id,
        "event_id": event.event_id,
        "report_id": event.event_id,
        "countermeasure_id": countermeasure.number,
        "guidance_id": office.assessment_id,
        **await put_duties_there(office, owner=DRAFTER, on_the_roll={"allowance-drafter": "child-allowance"}),
    }


async def test_an_auditors_report_is_refused_and_points_to_the_hotline(browsers: Browsers) -> None:
    auditor = browsers[Role.AUDITOR, True]
    for address in ("/report", "/report/risk", "/report/change"):
        page = await auditor.open(address, status=409)
        assert "ホットライン" in page
        assert 'class="act"' not in page
    code, page = await posted(auditor, "/report/risk", {"title": "誤交付", "facts": "渡した。"})
    assert (code, "ホットライン" in page, "渡した。" in page) == (409, True, True)


REASON = as_json(reason="確かめた。")
Call = Callable[[House, dict[str, str]], Awaitable[object]]
ON_REVIEWS = (
    *("approve", "consent", "dispute", "find", "hand_over", "pass_gate", "recall", "record_step", "resolve"),
    *("revise", "send_back", "settle", "withdraw"),
)
CONTENT: dict[str, dict[str, Any]] = {
    "approve": {"digest": "a" * 64, "revision": 1, "facts_revision": 1},
    "consent": {"agrees": True, "reason": "-"},
    "find": {"course": "amend", "reason": "-"},
    "hand_over": {"department": "resident-records", "reason": "-"},
    "pass_gate": {"gate": "hold_start", "passed_on": today().isoformat()},
    "record_step": {"step": "submission", "done_on": today().isoformat()},
    "resolve": {"course": "amend", "reason": "-"},
    "send_back": {"digest": "a" * 64, "revision": 1, "comments": [{"item": "Ⅳ8", "text": "-"}]},
    "settle": {"ruling": "redraft", "reason": "-"},
    "withdraw": {"ground_id": "ground/1", "reason": "-"},
    "close": {},
    "confirm": {},
    "done": {"text": "-", "evidence": [{"title": "-", "sha256": "e" * 64}]},
    "file": {
        "kind": "preliminary",
        "filed_on": today().isoformat(),
        "receipt_number": "1",
        "digest": "a" * 64,
        "evidence": [{"title": "-", "sha256": "e" * 64}],
    },
    "knew": {"department": "audit", "known_on": today().isoformat(), "reason": "-"},
    "measure": {"text": "-", "owner": "drafter", "due_on": (today() + timedelta(days=9)).isoformat()},
    "notify": {"kind": "not_due", "reason": "-"},
    "postpone": {"due_on": (today() + timedelta(days=99)).isoformat(), "reason": "-"},
    "report_progress": {"text": "-"},
    "update": {"facts": {"persons_at_most": 3}, "reason": "-"},
}
"""行為の内容: what each verb is given; the others are given a reason."""


def of_verb(room: str, verb: str, place: str) -> Call:
    content = as_json(**CONTENT.get(verb, {"reason": "-"}))
    return lambda h, at: getattr(getattr(h.minaoshi, room), verb)(at[place], content, as_=AUDITOR)


EVENT_VERBS = ("close", "confirm_no_report", "file", "knew", "measure", "notify", "propose_no_report", "update")
WRITES: dict[str, Call] = {
    **{f"reviews.{verb}": of_verb("reviews", verb, "review_id") for verb in ON_REVIEWS},
    **{f"events.{verb}": of_verb("events", verb, "event_id") for verb in EVENT_VERBS},
    **{
        f"countermeasures.{verb}": of_verb("countermeasures", verb, "countermeasure_id")
        for verb in ("confirm", "done", "postpone", "reject", "report_progress")
    },
    "reviews.acknowledge": lambda h, at: h.minaoshi.reviews.acknowledge(at["review_id"], as_=AUDITOR),
    "reviews.submit": lambda h, at: h.minaoshi.reviews.submit(at["review_id"], b"{}", as_=AUDITOR),
    "events.acknowledge": lambda h, at: h.minaoshi.events.acknowledge(at["event_id"], as_=AUDITOR),
    "events.approve": lambda h, at: h.minaoshi.events.approve(at["event_id"], b"{}", written_by="drafter", as_=AUDITOR),
    "events.join": lambda h, at: h.minaoshi.events.join(
        at["event_id"], as_json(other=at["event_id"], reason="-"), as_=AUDITOR
    ),
    "events.update_from_form": lambda h, at: h.minaoshi.events.update_from_form(
        at["event_id"], as_json(**CONTENT["update"]), read_revision=1, as_=AUDITOR, act_id="act/auditor"
    ),
    "reports.change": lambda h, _: h.report_change(as_=AUDITOR),
    "reports.risk": lambda h, _: h.minaoshi.reports.risk(as_json(title="-", facts="-"), as_=AUDITOR),
    "reports.new_business": lambda h, _: h.minaoshi.reports.new_business(b"{}", as_=AUDITOR),
    "reports.end_of_business": lambda h, _: h.minaoshi.reports.end_of_business(b"{}", as_=AUDITOR),
    "reports.add": lambda h, at: h.minaoshi.reports.add(at["report_id"], [h.assessment_id], as_=AUDITOR),
    "reports.untouched": lambda h, at: h.minaoshi.reports.untouched(at["report_id"], "-", as_=AUDITOR),
    "form_amendments.report": lambda h, _: h.minaoshi.form_amendments.report(as_=AUDITOR),
    "inboxes.settle": lambda h, _: h.minaoshi.inboxes.settle("1", as_=AUDITOR),
    "inboxes.send_again": lambda h, _: h.minaoshi.inboxes.send_again("1", as_=AUDITOR),
    "takeover.take_over": lambda h, _: h.minaoshi.takeover.take_over(b"", files=lambda _: b"", as_=AUDITOR),
    "retention.propose": lambda h, _: h.minaoshi.retention.propose(
        until=today() + timedelta(days=9), reason="-", as_=AUDITOR
    ),
    "retention.confirm": lambda h, _: h.minaoshi.retention.confirm("1", as_=AUDITOR),
    "working_copies.save": lambda h, at: h.minaoshi.working_copies.save(
        at["review_id"], "basic_items", Typed({}, {}, {}), as_=AUDITOR
    ),
    "working_copies.replace": lambda h, at: h.minaoshi.working_copies.replace(
        at["review_id"], "basic_items", b"{}", as_=AUDITOR, revision=0
    ),
    "working_copies.restart": lambda h, at: h.minaoshi.working_copies.restart(
        at["review_id"], "basic_items", "published", as_=AUDITOR, revision=0
    ),
    "working_copies.submit": lambda h, at: h.minaoshi.working_copies.submit(at["review_id"], as_=AUDITOR, revisions=""),
    **verbs_of_duties.WRITES,
}
"""書く動詞: each verb of the facade by which a person changes what is audited, as an auditor would call it."""

NOT_BY_A_PERSON = {
    *("organisation.apply", "assessments.add", "bundles.import_bundle", "schedule.trigger"),
    *("audit.checkpoint", "audit.export", "audit.note_distrust", "audit.note_key", "audit.note_removal"),
    *("audit.rotate", "readiness.obstacle", "refusals.note", "refusals.note_error", "refusals.run", "refusals.sum_up"),
    *verbs_of_duties.NOT_BY_A_PERSON,
}
"""運用の担当者と本システムの動詞: at the terminal of the machine, or by the program itself."""

OWN_VERBS = {
    *("sessions.ending", "sessions.left", "sessions.look", "shared_desk.beginner", "shared_desk.beginner_by"),
    *("shared_desk.drop", "shared_desk.keep", "shared_desk.kept", "shared_desk.refuse"),
    *("notices.choose", "sessions.begin", "sessions.end", "sessions.end_all"),
    *("signing_in.begin", "signing_in.enter", "signing_in.finish", "signing_in.noted"),
}
"""自らのサインインと設定, and what was typed and not sent: no change of what is audited."""

READING = {
    *("breaches.see_writing", "documents.permitted_rendition", "reports.see_may_be_done", "reviews.whole"),
    *("assessments.diff", "assessments.history", "assessments.list", "assessments.overview", "assessments.page"),
    *("assessments.show", "audit.verify", "breaches.check", "breaches.compare", "breaches.draft", "breaches.export"),
    *("bundles.check_bundle", "countermeasures.list", "countermeasures.permitted", "countermeasures.see_permitted"),
    *("countermeasures.show", "deadlines.month", "directory.assessments", "directory.departments"),
    *("directory.find_assessments", "directory.names", "directory.people", "documents.compare"),
    *("documents.comparison", "documents.export", "documents.read", "documents.rendition_for"),
    *("documents.to_be_decided", "events.list", "events.permitted", "events.see_permitted", "events.sequence"),
    *("events.show", "explanations.change", "inboxes.of", "inboxes.undelivered", "inboxes.undelivered_one"),
    *("notices.choice_of", "notices.mail_of", "notices.of", "organisation.bodies", "organisation.department"),
    *(
        "organisation.departments",
        "organisation.faults",
        "organisation.flow_mermaid",
        "organisation.flow_svg",
        "organisation.people",
    ),
    *("organisation.revision", "organisation.view", "plans.show", "reports.permitted", "reports.see_permitted"),
    *("reports.show", "retention.every", "reviews.checklist", "reviews.detail", "reviews.list", "reviews.names"),
    *("reviews.page", "reviews.sequence", "reviews.show", "reviews.was_done", "schedule.show", "sessions.of"),
    *("takeover.check", "takeover.may", "takeover.permitted", "trail.page", "trail.verify"),
    *("working_copies.desk", "working_copies.open", "working_copies.read"),
    *verbs_of_duties.READING,
}
"""読む動詞. That a body's unpublished parts were read is an entry of the trail, and no change of what is audited."""


def verbs_of(house: House) -> Iterator[str]:
    for room, found in vars(house.minaoshi).items():
        if not room.startswith("_"):
            for verb, _ in inspect.getmembers(type(found), inspect.iscoroutinefunction):
                if not verb.startswith("_"):
                    yield f"{room}.{verb}"


def test_every_verb_of_the_facade_is_listed_once(office: House) -> None:
    listed = [*WRITES, *NOT_BY_A_PERSON, *OWN_VERBS, *READING]
    assert sorted(listed) == sorted(verbs_of(office))


@pytest.mark.parametrize("verb", WRITES)
async def test_an_auditor_changes_nothing_by_the_facade(office: House, begun: dict[str, str], verb: str) -> None:
    before = await changes_of(office)
    with pytest.raises(CallerError) as refused:
        await WRITES[verb](office, begun)
    assert refused.value.remedy
    assert await changes_of(office) == before
    if verb.startswith(("reviews.", "events.", "countermeasures.", "reports.")):
        assert isinstance(refused.value, ActRefusedError)
        assert refused.value.refusal.code in {
            *("role", "stage", "auditor_reports"),
            *("event_side", "countermeasure_side", "countermeasure_status"),
        }
    if verb.startswith("duties."):
        assert isinstance(refused.value, ActRefusedError)
        assert refused.value.refusal.code in verbs_of_duties.CODES


CLAIMED = {"person": "team-lead", "role": "team_member", "body": "digital-agency", "department": "privacy"}
CLAIMING = [
    *(f"reviews.{verb}" for verb in ON_REVIEWS),
    *(f"events.{verb}" for verb in EVENT_VERBS if verb not in {"file", "measure", "notify"}),
    *(f"countermeasures.{verb}" for verb in ("confirm", "done", "postpone", "reject", "report_progress")),
    *(f"duties.{verb}" for verb in verbs_of_duties.CONTENT),
]
PLACE_OF = {"reviews": "review_id", "events": "event_id", "countermeasures": "countermeasure_id"}


@pytest.mark.parametrize("verb", CLAIMING)
async def test_the_role_is_of_the_register_and_never_of_the_caller(
    office: House, begun: dict[str, str], verb: str
) -> None:
    """An act whose content names its actor is refused, whatever role it claims; so are `role` and `as_`."""
    room, name = verb.split(".")
    act = getattr(getattr(office.minaoshi, room), name)
    said = verbs_of_duties.CONTENT[name] if room == "duties" else CONTENT.get(name, {"reason": "-"})
    place = verbs_of_duties.thing_for(name) if room == "duties" else PLACE_OF[room]
    before = await changes_of(office)
    for claimed in ({"actor": {**CLAIMED, "organisation_revision": 1}}, {"role": "team_member"}):
        with pytest.raises((InvalidInputError, ActRefusedError)) as refused:
            await act(begun[place], as_json(**said, **claimed), as_="desk")
        if isinstance(refused.value, ActRefusedError):
            assert refused.value.refusal.code in {"role", "stage"}
    assert await changes_of(office) == before


async def test_a_report_is_signed_by_who_reports_in_the_role_that_the_register_knows(office: House) -> None:
    content = {"title": "誤交付", "facts": "渡した。"}
    with pytest.raises(InvalidInputError):
        await office.minaoshi.reports.risk(as_json(**content, actor=CLAIMED), as_="desk")
    await office.minaoshi.reports.risk(as_json(**content), as_="desk", act_id="risk/by-the-register")
    kept = await office.register.report("risk/by-the-register")
    assert kept is not None
    assert (kept.actor.person, kept.actor.role) == ("desk", Role.STAFF)
