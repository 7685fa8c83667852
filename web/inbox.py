"""受信箱 (inbox): what waits for me, by when, and why; and what I was told."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from fastapi import APIRouter, Request, Response

from client.inbox import Inbox
from guideline.deadlines import add_business_days, tokyo_date
from web.pages import page
from web.signed_in import Facade, Me

SOON = 3
"""間もない期限: within so many business days."""

SHOWN = 10
"""受信箱の下に示す知らせの数."""

KINDS = (
    ("review", "見直し"),
    ("countermeasure", "対応策"),
    ("event", "リスク事案"),
    ("duty", "義務"),
    ("undelivered", "届いていない知らせ"),
)
"""種類: the value in the address, and its words."""

router = APIRouter()


@dataclass(frozen=True)
class Row:
    """受信箱の行 (row): what is to be done, why, until when, and where; `number` is how others know it."""

    kind: str
    name: str
    number: str
    what: str
    why: str
    due_on: date | None
    address: str
    button: str

    @property
    def label(self) -> str:
        """The kind in Japanese."""
        return dict(KINDS)[self.kind]

    def holds(self, words: str) -> bool:
        """Say whether the words stand in what the row names, in whatever width and case they were typed."""
        return _plain(words) in _plain(f"{self.name} {self.number} {self.what} {self.why}")


@dataclass(frozen=True)
class Tiles:
    """件数 (numbers): overdue, due soon, later or without a date, all."""

    overdue: int
    soon: int
    later: int
    whole: int


@router.get("/")
async def show(request: Request, minaoshi: Facade, me: Me, kind: str = "", q: str = "") -> Response:
    """Show the inbox of the person who is signed in, narrowed to a kind and to words where they are given."""
    inbox = await minaoshi.inboxes.of(me.person)
    told = await minaoshi.notices.of(me.person)
    rows = sorted(_rows(inbox), key=lambda row: (row.due_on or date.max, row.name, row.number))
    shown = [row for row in rows if kind in ("", row.kind) and row.holds(q)]
    return page(
        request,
        "inbox.html",
        rows=shown,
        tiles=_tiles(rows, today=tokyo_date(datetime.now(UTC))),
        told=told.rows[:SHOWN],
        kinds=KINDS,
        kind=kind,
        q=q,
    )


def _tiles(rows: list[Row], *, today: date) -> Tiles:
    days = [row.due_on for row in rows if row.due_on is not None]
    soon_on = add_business_days(today, SOON)
    overdue = sum(day < today for day in days)
    soon = sum(today <= day <= soon_on for day in days)
    return Tiles(overdue=overdue, soon=soon, later=len(rows) - overdue - soon, whole=len(rows))


def _rows(inbox: Inbox) -> Iterator[Row]:
    for task in inbox.tasks:
        address = f"/reviews/{task.review_id}"
        why = f"事由: {task.why}"
        yield Row("review", task.assessment_name, task.review_id, task.what, why, task.due_on, address, "見直しへ")
    for one in inbox.countermeasures:
        address, why = f"/countermeasures/{one.countermeasure_id}", f"対象: {one.item}"
        yield Row("countermeasure", one.about, one.countermeasure_id, one.what, why, one.due_on, address, "対応策へ")
    for event in inbox.events:
        what = "関係する評価書を示すか、どの評価書にも関わらない理由を記す"
        why = f"{event.known_by_department}が把握したリスク事案に、評価書が示されていない"
        address = f"/events/{event.report_id}"
        yield Row("event", event.title, event.report_id, what, why, None, address, "リスク事案へ")
    for waiting in inbox.event_tasks:
        why = "報告されたリスク事案への対応が終わっていない"
        address = f"/events/{waiting.event_id}"
        yield Row("event", waiting.title, waiting.event_id, waiting.what, why, waiting.due_on, address, "リスク事案へ")
    for duty in inbox.duties:
        address, why = f"/duties/{duty.duty_id}", f"種類: {duty.kind}"
        yield Row("duty", duty.title, duty.duty_id, duty.what, why, duty.due_on, address, "義務へ")
    for lost in inbox.undelivered:
        what = f"別の手段で伝えるか、もう一度送る: {lost.subject}"
        yield Row("undelivered", lost.name, lost.number, what, lost.failure, None, "/notices#undelivered", "知らせへ")


def _plain(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())
