"""事実の更新 (update of facts): one form of all that may be known of an event; only what was changed is sent."""

import json
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response

from client.errors import CallerError, InvalidInputError
from client.event_views import EventView
from client.fact_changes import OvertakenError
from client.input import new_act_id
from engine.errors import EngineError
from schemas.event_acts import EventActKind
from web.acting import ActForm, forget_kept
from web.event_acts import back_to, said_of
from web.event_facts import account_groups, fact_groups, places_of, values_of, with_unknown
from web.failures import failure_of
from web.fields import Field, Kind, content_of
from web.pages import go_to
from web.posted import Posted, Sent
from web.signed_in import Facade, Me

router = APIRouter()

_REVISION = "facts_revision"
_WITHIN = "facts."


@router.get("/events/{event_id:path}/acts/update")
async def show(request: Request, minaoshi: Facade, me: Me, event_id: str) -> Response:
    """Show all facts as they are known; where the rules do not permit to change them now, say why."""
    await minaoshi.events.see_permitted(event_id, EventActKind.UPDATE_FACTS, as_=me.person)
    view = await minaoshi.events.show(event_id, viewer=me.person)
    return _form(view).show(request, posted=Posted(new_act_id(), _values(view)))


@router.post("/events/{event_id:path}/acts/update")
async def update(request: Request, minaoshi: Facade, me: Me, posted: Sent, event_id: str) -> Response:
    """Send what was changed; where others changed the same meanwhile, show what it is now beside what was typed."""
    form = _form(await minaoshi.events.show(event_id, viewer=me.person))
    content: dict[str, Any] = with_unknown(json.loads(content_of(form.fields, posted)))
    revision = content.pop(_REVISION, 0)
    try:
        posted.require_letters()
        await minaoshi.events.see_permitted(event_id, EventActKind.UPDATE_FACTS, as_=me.person, act_id=posted.act_id)
        receipt = await minaoshi.events.update_from_form(
            event_id,
            json.dumps(content).encode(),
            read_revision=revision if isinstance(revision, int) else 0,
            as_=me.person,
            act_id=posted.act_id,
        )
    except OvertakenError as error:
        return form.show(request, posted=_overtaken(posted, error), failure=failure_of(error))
    except (CallerError, EngineError) as error:
        if isinstance(error, InvalidInputError):
            error.at = places_of(error.at, content.get("facts", {}))
        return form.show(request, posted=posted, failure=failure_of(error))
    await forget_kept(request)
    return go_to(f"/events/{event_id}", said=said_of(receipt))


def _form(view: EventView) -> ActForm:
    groups = (
        *fact_groups(within=_WITHIN),
        *account_groups(within=_WITHIN),
        (
            "なぜ変わったか",
            "Why",
            (
                Field("reason", "変わった理由と、分かった経緯", required=True),
                Field("known_on", "これを知った日", Kind.DAY, help="空なら今日とします。"),
                Field(_REVISION, "事実の版", Kind.GIVEN),
            ),
        ),
    )
    return ActForm(
        "分かった事実を加え、改める",
        "Update the facts",
        back_to(view),
        fields=tuple(field for _, _, fields in groups for field in fields),
        lead="変えた項目だけが記録されます。分からないことは「分からない」か空のままにしてください。報告の要否と期限を判断し直します。",
        button="記録する",
        template="event_update.html",
        context={"groups": groups, "view": view},
    )


def _values(view: EventView) -> dict[str, list[str]]:
    return {**values_of(view.state.facts, within=_WITHIN), _REVISION: [str(view.state.facts_revision)]}


def _overtaken(posted: Posted, error: OvertakenError) -> Posted:
    """Put the present facts where others changed them; what was typed of them stands beside."""
    present = values_of(error.facts, within=_WITHIN)
    places = [f"{_WITHIN}{name}" for name in error.names]
    if f"{_WITHIN}account.unknown" in places:
        places += [one for one in {*present, *posted.values} if one.startswith("unknown.")]
    values = {**posted.values, **{place: present.get(place, []) for place in places}}
    return replace(posted, values={**values, _REVISION: [str(error.facts_revision)]})
