"""評価書を選ぶ (picking assessments): by a search inside the form, so that nothing that was typed is lost.

It works without scripts and with thousands: a search sends the form to itself, and what is chosen stays chosen.
"""

from dataclasses import dataclass
from typing import Any

from client.directory import AssessmentChoice
from client.minaoshi import Minaoshi
from web.fields import Field, Kind
from web.posted import Posted

NAME = "assessments"
SEARCH = "search"
ONLY = "only"
"""ボタンの名: pressed, the form is not sent but shown again."""


def assessments_field(*, required: bool = False) -> Field:
    """Give the field; the page shows it with a search."""
    unknown = "" if required else "分からなければ、何も選ばないでください。対策チームが後で示します。"
    return Field(NAME, "関係する評価書", Kind.CHOICES, help=f"幾つでも選べます。{unknown}", required=required)


@dataclass(frozen=True)
class Picker:
    """選んだ評価書と、見つかった評価書. An id that is not known stays, so that the refusal can name it."""

    search: str
    chosen: tuple[tuple[str, str, str], ...]
    found: tuple[AssessmentChoice, ...]
    more: int


def is_search(posted: Posted) -> bool:
    """Say whether the button of the search was pressed."""
    return posted.text(ONLY) == SEARCH


async def picker_of(minaoshi: Minaoshi, posted: Posted, *, as_: str) -> dict[str, Any]:
    """Give what the page needs to show the field."""
    ids = tuple(dict.fromkeys(posted.texts(NAME)))
    known = {one.assessment_id: one for one in await minaoshi.directory.assessments(ids, viewer=as_)}
    search = posted.text(SEARCH)
    found = await minaoshi.directory.find_assessments(search, as_=as_)
    named = ((one, known.get(one)) for one in ids)
    return {
        "picker": Picker(
            search=search,
            chosen=tuple((one, it.name if it else one, it.department_name if it else "") for one, it in named),
            found=tuple(one for one in found.choices if one.assessment_id not in ids),
            more=found.total - len(found.choices),
        )
    }
