"""行為の様式 (forms of acts): one act to a page; what was typed comes back with what is wrong, until it is accepted."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import Request, Response

from client.errors import CallerError
from client.input import new_act_id
from client.register_away import RegisterAway
from engine.errors import EngineError
from web.failures import Failure, failure_of
from web.fields import Field, Kind
from web.pages import go_to, page
from web.posted import Posted
from web.signed_in import facade

_T = TypeVar("_T")


@dataclass(frozen=True)
class ActForm:
    """行為の様式: what is done, what follows, and what is asked for. `back` is where one came from."""

    title: str
    english: str
    back: tuple[str, str]
    fields: tuple[Field, ...] = ()
    lead: str = ""
    button: str = "送る"
    template: str = "act.html"
    context: dict[str, Any] = field(default_factory=dict)

    def show(self, request: Request, *, posted: Posted | None = None, failure: Failure | None = None) -> Response:
        """Show the form: empty at first, else as it was typed, with what is wrong; or as it was kept."""
        posted = resumed(request) or posted
        kept = {one.name: [one.value] for one in self.fields if one.value}
        values = {**posted.values, **_names_of_files(self.fields, posted)} if posted else kept
        return page(
            request,
            self.template,
            status=failure.status if failure else 200,
            form=self,
            values=values,
            act_id=_act_id(posted, failure),
            failure=failure,
            has_files=any(one.kind is Kind.FILE for one in self.fields),
            **self.context,
        )

    async def do(
        self,
        request: Request,
        posted: Posted,
        act: Callable[[], Awaitable[_T]],
        *,
        then: Callable[[_T], tuple[str, str]],
    ) -> Response:
        """Do the act and go on to where it is seen, with a word; or show the form again, with what is wrong."""
        try:
            posted.require_letters()
            done = await act()
        except (CallerError, EngineError, RegisterAway) as error:
            return self.show(request, posted=posted, failure=failure_of(error))
        await forget_kept(request)
        address, said = then(done)
        return go_to(address, said=said)


def _names_of_files(fields: tuple[Field, ...], posted: Posted) -> dict[str, list[str]]:
    """Name the files that were sent: a browser does not choose them again by itself."""
    asked = [one.name for one in fields if one.kind is Kind.FILE and not one.many]
    return {name: [posted.files[name][0][0]] for name in asked if posted.files.get(name)}


def resumed(request: Request) -> Posted | None:
    """Give what is kept of the form, where the person goes on with it."""
    kept = getattr(request.state, "resumed", None)
    return None if kept is None else Posted((kept.values.get("act_id") or [new_act_id()])[0], kept.values)


async def forget_kept(request: Request) -> None:
    """Forget what is kept of the form at this address: it was sent."""
    me = request.state.me
    if any(one.address == request.scope["path"] for one in me.kept):
        await facade(request).shared_desk.drop(request.scope["path"], as_=me.person)


def _act_id(posted: Posted | None, failure: Failure | None) -> str:
    """Keep the id while the act may have gone through; one that is taken by another act is of no more use."""
    if posted is None or (failure is not None and "行為番号" in failure.message):
        return new_act_id()
    return posted.act_id
