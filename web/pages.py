"""ページ (pages): the templates, and the words in which days and instants are shown."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from client.input import new_act_id
from guideline.deadlines import TOKYO, tokyo_date
from schemas.forms.wording import japanese_day
from web.failures import in_page_words
from web.refused import keep_refusal

_SAID = "minaoshi_said"
_LONGEST_SAID = 600
_WEEKDAYS = "月火水木金土日"

NAVIGATION = (
    ("/", "受信箱", "Inbox"),
    ("/report", "報告する", "Report"),
    ("/reviews", "見直し", "Reviews"),
    ("/assessments", "評価書", "Assessments"),
    ("/events", "リスク事案", "Risk events"),
    ("/guidance", "指導と改善策", "Guidance"),
    ("/duties", "義務", "Duties"),
    ("/rules", "規程等", "Rules"),
    ("/duties/audit-plan", "監査計画", "Audit plan"),
    ("/deadlines", "期限", "Deadlines"),
    ("/explain", "判断を試す", "Try the rules"),
    ("/organisation", "組織", "Organisation"),
    ("/audit", "証跡", "Audit trail"),
)
"""案内: address, Japanese, English."""


def current(path: str) -> str:
    """Give the address in the navigation under which a page stands: the longest with which its own begins."""
    found = [one for one, *_ in NAVIGATION if path == one or (one != "/" and path.startswith(f"{one}/"))]
    return max(found, key=len, default="")


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """Render a page: for whoever is signed in, with what was said of their last act."""
    keep_refusal(request, context.get("failure"))
    said = request.cookies.get(_SAID)
    whole = {
        "request": request,
        "me": getattr(request.state, "me", None),
        "offered": getattr(request.state, "offered", None),
        "resumed": getattr(request.state, "resumed", None),
        "said": unquote(said) if said else None,
        "now": datetime.now(UTC),
        "path": request.scope["path"],
        "current": current(request.scope["path"]),
        **context,
    }
    response = HTMLResponse(_TEMPLATES.get_template(template).render(whole), status_code=status)
    # Also where it stands in the place of a file that every browser may keep.
    response.headers["Cache-Control"] = "no-store"
    if said:
        response.delete_cookie(_SAID)
    return response


def go_to(address: str, *, said: str = "") -> Response:
    """Lead to a page after an act, and say there what was done."""
    response = RedirectResponse(address, status_code=303)
    if said:
        response.set_cookie(_SAID, quote(said[:_LONGEST_SAID]), max_age=60, httponly=True, samesite="lax")
    return response


def attached(content: bytes | str, name: str, kind: str = "application/octet-stream") -> Response:
    """Give a file to keep: never shown in our own pages, whatever it holds."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type=kind, headers=headers)


def show_day(day: date | None) -> str:
    """Give a day as 令和8年11月23日（月）."""
    return f"{japanese_day(day)}（{_WEEKDAYS[day.weekday()]}）" if day else "なし"


def show_instant(at: datetime | None) -> str:
    """Give an instant as 令和8年11月23日（月）14:05, in Tokyo."""
    if at is None:
        return "なし"
    local = at.astimezone(TOKYO)
    return f"{show_day(local.date())}{local:%H:%M}"


def days_left(due_on: date | None) -> str:
    """Give how far a day is away, in calendar days."""
    if due_on is None:
        return ""
    left = (due_on - tokyo_date(datetime.now(UTC))).days
    return f"あと{left}日" if left > 0 else "今日まで" if left == 0 else f"{-left}日超過"


def is_late(due_on: date | None) -> bool:
    """Say whether a day has passed."""
    return due_on is not None and due_on < tokyo_date(datetime.now(UTC))


def runs_of(blocks: Iterable[object]) -> list[tuple[str, list[object]]]:
    """Put blocks of a document that follow each other and are of one kind together, with the name of their kind."""
    return [(kind, list(group)) for kind, group in groupby(blocks, key=lambda one: type(one).__name__)]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": show_day,
        "in_page_words": in_page_words,
        "instant": show_instant,
        "left": days_left,
        "path": quote,
        "runs": runs_of,
    }
    environment.tests["late"] = is_late
    environment.globals |= {"navigation": NAVIGATION, "new_act_id": new_act_id}
    return environment


_TEMPLATES = _environment()
