"""書く人 (writer): one who fills in the documents of a review, as a browser without scripts sends them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from bench.forms import large_form
from tests.house import MANAGER, TEAM, House
from tests.web.as_shown import as_shown
from tests.web.conftest import Browser

SECOND_DRAFTER = "desk"


class Writer:
    """書く人: one browser before the documents of a review."""

    def __init__(self, browser: Browser, review: str) -> None:
        self.browser = browser
        self.base = f"/reviews/{review}/documents"

    async def open(self, place: str = "", *, status: int = 200) -> str:
        return await self.browser.open(self.base + place, status=status)

    async def send(  # noqa: PLR0913 # what is sent where, and what is expected
        self,
        place: str,
        fields: dict[str, list[str]] | None = None,
        *,
        do: str = "save",
        status: int = 200,
        files: Any = None,
        typed: Mapping[str, str | list[str]] | None = None,
    ) -> str:
        """Send a page as it is shown, or as it was opened before, with something typed into boxes."""
        shown = as_shown(await self.open(place)) if fields is None else fields
        new = {f"v{at}": [words] if isinstance(words, str) else words for at, words in (typed or {}).items()}
        answer = await self.browser.web.post(
            self.base + place, data={**shown, **new, "do": [do]}, files=files, follow_redirects=True
        )
        assert answer.status_code == status, f"{answer.status_code} {answer.text}"
        return answer.text

    async def document(self, form: str = "basic_items") -> dict[str, Any]:
        content: dict[str, Any] = json.loads(await self.open(f"/{form}/file"))
        return content


async def drafting(house: House) -> str:
    """Bring a review to the drafting."""
    review = await house.report_change()
    for person in (MANAGER, TEAM):
        await house.find(review, as_=person)
    return review


async def appoint_a_second_drafter(house: House) -> None:
    text = resources.files("demo").joinpath("organisation.toml").read_text(encoding="utf-8")
    await house.minaoshi.organisation.apply(
        text.replace('persons = ["drafter"]', f'persons = ["drafter", "{SECOND_DRAFTER}"]').encode()
    )


async def larger(house: House, *, files: int = 3) -> str:
    """Enter an assessment with a 様式4 of so many files, and give a review of it; ten are as long as a large city's."""
    form = large_form()
    form["basic_information"]["files"] = form["basic_information"]["files"][:files]
    form |= {part: form[part][:files] for part in ("files", "risks")}
    name = resources.files("demo").joinpath("documents/sapporo-7-basic-items.json")
    basic: dict[str, Any] = json.loads(name.read_text(encoding="utf-8"))
    basic["related_information"]["files"] = form["basic_information"]["files"]
    house.assessment_id += "-large"
    await house.add_assessment(house.assessment_id, number="7", document=basic, documents=[form])
    return await drafting(house)
