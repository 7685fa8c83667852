"""版の一式 (edition): one published version of an assessment, with all that is rendered of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from guideline.renditions import Rendition, Withholding
from schemas.canonical import digest_of, message_digest
from schemas.changes import ChangeRow
from schemas.levels import Level
from schemas.review import Manifest, ManifestEntry


@dataclass(frozen=True, kw_only=True)
class Edition:
    """版の一式 (edition): the documents of a version, its table of changes, and what is said of it beside them."""

    assessment_id: str
    number: str
    name: str
    body: str
    required_level: Level
    effective_level: Level
    version: int
    published_on: date
    documents: tuple[Mapping[str, object], ...]
    body_name: str | None = None
    changes: tuple[ChangeRow, ...] = ()
    systems: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    rendition: Rendition = Rendition.FULL
    five_years_due_on: date | None = None
    """再実施の期日: by the last 実施 or 再実施 up to this version; a 修正 does not move it (規則15条)."""

    @property
    def title(self) -> str:
        """Number and name, as a person reads them."""
        return f"評価書番号{self.number} {self.name}"

    @property
    def manifest(self) -> Manifest:
        """The set that these documents make up.

        That of a public edition is the set of the public documents. The digest of the full set must not stand there:
        whoever has the rest of a document could try out against it what a withheld choice or number was.
        """
        return Manifest(
            documents=tuple(
                ManifestEntry(form=str(one["form"]), form_version=str(one["form_version"]), sha256=digest_of(one))
                for one in self.documents
            )
        )

    @property
    def digest(self) -> str:
        """The SHA-256 of the set."""
        return message_digest(self.manifest)


def public_edition(full: Edition) -> Edition:
    """Give the edition as it is published. Raises WithholdingError where a row of a table leads nowhere."""
    withholding = Withholding(full.documents, changes=full.changes)
    return replace(
        full,
        rendition=Rendition.PUBLIC,
        documents=withholding.documents,
        changes=withholding.changes,
        number=withholding.clean_metadata(full.number),
        name=withholding.clean_metadata(full.name),
        body_name=None if full.body_name is None else withholding.clean_metadata(full.body_name),
        systems=tuple(map(withholding.clean_metadata, full.systems)),
        files=tuple(map(withholding.clean_metadata, full.files)),
    )
