"""編集の場所 (where one is in the editor): the review, the form and the part that an address names, and who asks."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from client.working_copies import WorkingCopies
from client.working_copy_views import Sheet, WritingDesk
from web.asked import is_number
from web.signed_in import Facade, Me


@dataclass(frozen=True)
class Where:
    """編集の場所: what is empty the address does not name."""

    copies: WorkingCopies
    person: str
    review_id: str
    form: str
    section: str
    entry: int | None

    @property
    def place(self) -> str:
        """The place of the part in the document."""
        return f"/{self.section}" + ("" if self.entry is None else f"/{self.entry}")

    async def desk(self) -> WritingDesk:
        """Open the whole set."""
        return await self.copies.desk(self.review_id, as_=self.person)

    async def sheet(self) -> Sheet:
        """Open the form."""
        return await self.copies.open(self.review_id, self.form, as_=self.person)


async def _where(request: Request, minaoshi: Facade, me: Me) -> Where:
    named = request.path_params
    entry = named.get("entry")
    if not is_number(named["number"]) or not (entry is None or is_number(entry)):
        raise HTTPException(404)
    return Where(
        copies=minaoshi.working_copies,
        person=me.person,
        review_id=f"{named['assessment']}/{int(named['number'])}",
        form=named.get("form", ""),
        section=named.get("section", ""),
        entry=None if entry is None else int(entry),
    )


Here = Annotated[Where, Depends(_where)]
"""編集の場所 of the address that was asked for, by the person who is signed in."""
