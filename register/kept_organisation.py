"""組織表の控え (organisation as kept): its newest revision, which is asked for at every act."""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy import Connection

from register import organisations
from register.database import Database
from register.trail import Trail
from schemas.organisation import Organisation
from schemas.records import OrganisationRevision

FRESH_S = 1.0
"""How long the organisation is taken as read, in seconds: it is asked for at every act."""


class KeptOrganisation(Trail):
    """組織表の控え: what the register does with the organisation."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._organisation: OrganisationRevision | None = None
        self._fresh_until = 0.0
        self._applied = 0

    def read_organisation_anew(self) -> None:
        """Let the next act see what has just been applied; what is being read meanwhile may be older."""
        self._applied += 1
        self._fresh_until = 0.0

    async def apply_organisation(self, organisation: Organisation, *, by: str, at: datetime) -> int:
        """Write a new revision of the organisation, and give its number; the same content as now writes nothing."""
        try:
            return await self._database.write(organisations.apply, organisation, by=by, at=at)
        finally:
            self.read_organisation_anew()

    async def organisation_revision(self, number: int) -> OrganisationRevision:
        """Give one revision of the organisation; raises LookupError when it is unknown."""
        return await self._database.read(organisations.revision, number)

    async def current_organisation(self) -> OrganisationRevision:
        """Give the organisation as it stands, at most a second late after another process has applied a new one.

        Raises LookupError when none was applied.
        """
        if self._organisation is not None and time.monotonic() < self._fresh_until:
            return self._organisation
        applied = self._applied
        found = await self._database.read(self._read_organisation)
        if applied == self._applied:
            self._fresh_until = time.monotonic() + FRESH_S
        return found

    def _read_organisation(self, connection: Connection) -> OrganisationRevision:
        number = organisations.current_number(connection)
        # It may name thousands: a revision never changes, so it is read once.
        known = self._organisation
        if known is None or known.revision != number:
            known = self._organisation = organisations.revision(connection, number)
        return known
