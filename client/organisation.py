"""組織表の適用 (organisation): `organisation.toml` is checked whole, then becomes a new revision."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

from client.errors import InvalidInputError, NotFoundError, no_organisation
from client.input import message_from
from client.organisation_views import (
    DepartmentView,
    OrganisationView,
    department_view,
    organisation_view,
    roles_of,
)
from guideline.organisation import faults_of, faults_of_owners, of_body, person_of
from guideline.reporting_line import faults_of_line
from rendering.flow import flow_mermaid, flow_svg
from schemas.organisation import Organisation

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from register.register import Register
    from schemas.organisation import Body, Department, Person
    from schemas.records import OrganisationRevision


class Organisations:
    """組織表を扱う."""

    def __init__(self, register: Register, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._now = now

    async def revision(self) -> int:
        """Give the number of the present revision; raises NotFoundError when there is none."""
        return (await self._current()).revision

    async def people(self, *, viewer: str | None = None) -> tuple[Person, ...]:
        """Give the people of the organisation, of the viewer's body alone; raises NotFoundError when there is none."""
        return (await self._current(viewer)).organisation.people

    async def bodies(self) -> tuple[Body, ...]:
        """Give the bodies of the organisation; raises NotFoundError when there is none."""
        return (await self._current()).organisation.bodies

    async def departments(self) -> tuple[Department, ...]:
        """Give the departments of the organisation; raises NotFoundError when there is none."""
        return (await self._current()).organisation.departments

    async def view(self, *, department: str | None = None, viewer: str | None = None) -> OrganisationView:
        """Give the organisation to be shown, of the viewer's body alone; with a `department` its flow alone.

        Raises NotFoundError without an organisation, and for an unknown department.
        """
        current = await self._current(viewer)
        return organisation_view(current, department=_found(current, department) if department else None)

    async def department(
        self, department_id: str, *, viewer: str | None = None
    ) -> tuple[DepartmentView, dict[str, tuple[str, ...]]]:
        """Give one department, and of each person the roles that they hold.

        Raises NotFoundError for an unknown one, and for one of another body than the viewer's.
        """
        current = await self._current(viewer)
        return department_view(current.organisation, _found(current, department_id)), roles_of(current.organisation)

    async def flow_svg(self, *, department: str | None = None, viewer: str | None = None) -> str:
        """報告フロー図: the flow of the organisation or of one department, as SVG; raises as `view` does."""
        current = await self._current(viewer)
        chosen = _found(current, department) if department else None
        return flow_svg(current.organisation, revision=current.revision, department=chosen)

    async def flow_mermaid(self) -> str:
        """報告フロー図: the same as mermaid text."""
        return flow_mermaid((await self._current()).organisation)

    async def _current(self, viewer: str | None = None) -> OrganisationRevision:
        try:
            current = await self._register.current_organisation()
        except LookupError:
            raise no_organisation() from None
        if viewer is None:
            return current
        person = person_of(current.organisation, viewer)
        body = "" if person is None else person.body  # who is not there sees nothing
        return current.model_copy(update={"organisation": of_body(current.organisation, body)})

    async def apply(self, content: bytes) -> int:
        """Apply `organisation.toml`; gives the revision. The same content again makes no new revision.

        Raises InvalidInputError with every fault; then nothing is recorded.
        """
        try:
            data = tomllib.loads(content.decode("utf-8"))
        except UnicodeDecodeError:
            raise InvalidInputError(
                "UTF-8 の文字列ではありません。", where="組織表", remedy="UTF-8 で保存してください。"
            ) from None
        except tomllib.TOMLDecodeError as error:
            raise InvalidInputError(
                f"TOML として読めません（{error}）。", where="組織表", remedy="示された行の書き方を直してください。"
            ) from None
        text = json.dumps(data, ensure_ascii=False, default=str).encode()
        organisation = message_from(Organisation, text, where="組織表")
        faults = await self.faults(organisation)
        if faults:
            raise InvalidInputError(
                "この組織表では見直しを行えません。",
                where="組織表",
                remedy="示された箇所を直してください。",
                faults=faults,
            )
        return await self._register.apply_organisation(organisation, by="operator", at=self._now())

    async def faults(self, organisation: Organisation) -> tuple[str, ...]:
        """Give all that keeps an organisation from working with what the register holds, each as a sentence."""
        owners = {(one.body, one.department): one.assessment_id for one in await self._register.assessments()}
        return (*faults_of(organisation), *faults_of_line(organisation), *faults_of_owners(organisation, owners))


def _found(current: OrganisationRevision, department_id: str) -> Department:
    found = next((one for one in current.organisation.departments if one.id == department_id), None)
    if found is None:
        raise NotFoundError(
            f"部署「{department_id}」は組織表にありません。", where="部署", remedy="組織のページで選んでください。"
        )
    return found
