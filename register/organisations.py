"""組織表 (organisation): its revisions, each kept whole."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from register import audit
from register.tables import organisation_revisions
from schemas.canonical import digest_of
from schemas.organisation import Organisation
from schemas.records import AuditAction, OrganisationRevision

_NEWEST_FIRST = organisation_revisions.c.revision.desc()
_NEWEST = (
    select(organisation_revisions.c.revision, organisation_revisions.c.content_digest).order_by(_NEWEST_FIRST).limit(1)
)


def apply(
    connection: Connection,
    organisation: Organisation,
    *,
    by: str,
    at: datetime,
    action: AuditAction = AuditAction.ORGANISATION_APPLIED,
) -> int:
    """Write a new revision and give its number; the same content as the newest gives the newest, and writes nothing."""
    content = organisation.model_dump(mode="json")
    digest = digest_of(content)
    newest = connection.execute(_NEWEST).one_or_none()
    if newest is not None and newest.content_digest == digest:
        return int(newest.revision)
    number: int = 1 if newest is None else newest.revision + 1
    row = {
        "revision": number,
        "content": content,
        "content_digest": digest,
        "applied_by": by,
        "applied_at": at,
    }
    connection.execute(insert(organisation_revisions), row)
    occasion = audit.Occasion(actor=by, action=action, at=at)
    audit.append(connection, organisation_revisions, row, occasion, after=audit.head(connection))
    return number


def current_number(connection: Connection) -> int:
    """Give the newest revision's number; raises LookupError when there is none."""
    newest = connection.execute(_NEWEST).one_or_none()
    if newest is None:
        raise LookupError("no organisation was applied")
    return int(newest.revision)


def revision(connection: Connection, number: int) -> OrganisationRevision:
    """Give one revision; raises LookupError when it is unknown."""
    statement = select(organisation_revisions).where(organisation_revisions.c.revision == number)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise LookupError(number)
    organisation = Organisation.model_validate(row.content, strict=False)
    return OrganisationRevision(revision=row.revision, organisation=organisation, applied_at=row.applied_at)
