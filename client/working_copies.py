"""書きかけの文書 (working copies): a department writes its assessment here, form by form, until it hands the set in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from client.drafts import faults_of
from client.entries import Change, EntryChange, changed_entries, entry_mark
from client.errors import ActRefusedError, CallerError, InvalidInputError, NotFoundError
from client.form_content import content_from, on_version
from client.merging import Merged, Typed, merged, place_now
from client.submission import draft_from
from client.working_copy_views import Saved, Sheet, Start, WritingDesk, revisions_of
from guideline.changes import table_of_changes
from guideline.deadlines import tokyo_date
from guideline.document_sets import BASIC, FORMS, forms_permitted, submitted_level
from guideline.form_versions import permitted_versions
from guideline.organisation import person_of
from guideline.refusals import RefusedError, refuse
from guideline.separation_of_duties import party_of
from guideline.turns import acts_awaited, level_of
from register.working_copies import WorkingCopyRow
from schemas.acts import ActKind
from schemas.canonical import canonical_bytes
from schemas.forms import catalogue
from schemas.forms.boxes import boxes
from schemas.forms.filling import fitted
from schemas.forms.parsing import too_large
from schemas.review import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from client.acting import Acting
    from client.reviews import Reviews
    from register.register import Register
    from schemas.acts import ItemNote, Receipt, Refusal
    from schemas.records import AssessmentRecord, ReviewRecord
    from schemas.review import Manifest

_TRIES = 5

_CHANGED_MEANWHILE = "この件か一覧は、ページを開いた後に変わりました。今の内容を確かめてから、もう一度押してください。"


@dataclass(frozen=True)
class _Room:
    """What is known of a review before any of its documents is opened."""

    record: ReviewRecord
    assessment: AssessmentRecord
    rows: Mapping[str, WorkingCopyRow]
    refusal: Refusal | None
    names: Mapping[str, str]


class WorkingCopies:
    """書きかけの文書: opened, saved without overwriting another's words, replaced, and submitted as a set."""

    def __init__(self, register: Register, acting: Acting, reviews: Reviews, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._rows = register.working_copies
        self._acting = acting
        self._reviews = reviews
        self._now = now

    async def desk(self, review_id: str, *, as_: str) -> WritingDesk:
        """Give every form of the set, with what stands in the way of its submission."""
        room = await self._room(review_id, as_=as_)
        sheets = [await self._examined(await self._sheet(room, form)) for form in await self._forms(room)]
        written = [one for one in sheets if one.revision]
        faults: tuple[str, ...] = ()
        if written and not any(one.errors for one in written):
            faults = await self._faults_of_set(room, [canonical_bytes(one.content) for one in written])
        return WritingDesk(
            review_id=review_id,
            assessment_name=room.assessment.name,
            stage=room.record.state.stage.label,
            sheets=tuple(sheets),
            refusal=room.refusal,
            waiting=_waiting(room, written, faults),
            faults=faults,
        )

    async def open(self, review_id: str, form: str, *, as_: str) -> Sheet:
        """Give one form, with every mistake and every change; raises NotFoundError for a form that the set has not."""
        return await self._examined(await self._sheet_of(review_id, form, as_=as_))

    async def save(
        self, review_id: str, form: str, typed: Typed, *, as_: str, change: EntryChange | None = None
    ) -> Saved:
        """Put what was typed into the working copy, and add, remove or move an entry.

        What another person has saved meanwhile stays; what both changed is given back as collisions, and the entry is
        then not touched. Raises ActRefusedError for a person who may not draft, InvalidInputError for what is too long.
        """
        for _ in range(_TRIES):
            sheet = await self._writable(review_id, form, as_=as_)
            result, document, seen, not_done = await asyncio.to_thread(_worked, sheet, typed, change)
            now = self._now()
            if document == sheet.content:
                return Saved(sheet, document, sheet.revision, sheet.saved_at or now, result, seen, not_done)
            if await self._written(sheet, document, as_=as_):
                return Saved(sheet, document, sheet.revision + 1, now, result, seen, not_done)
        raise _overtaken()

    async def replace(self, review_id: str, form: str, document: bytes, *, as_: str, revision: int) -> Sheet:
        """Replace the working copy by a document, mistakes and all; raises as `save` does, and for another's save."""
        sheet = await self._writable(review_id, form, as_=as_)
        content = await self._read(sheet, document)
        return await self._replaced(sheet, content, as_=as_, revision=revision)

    async def read(self, review_id: str, form: str, document: bytes, *, as_: str) -> Sheet:
        """Give the sheet as it would stand if the document replaced it; nothing is written."""
        sheet = await self._writable(review_id, form, as_=as_)
        return await self._examined(replace(sheet, content=await self._read(sheet, document)))

    async def restart(self, review_id: str, form: str, start: str, *, as_: str, revision: int) -> Sheet:
        """Begin anew from what is published or was submitted; raises as `replace` does."""
        sheet = await self._writable(review_id, form, as_=as_)
        content = next((one for kind, one in sheet.starts.items() if kind.value == start), None)
        if content is None:
            raise InvalidInputError(
                "そこからは始められません。", where="書き始め", remedy="示された中から選んでください。"
            )
        return await self._replaced(sheet, content, as_=as_, revision=revision)

    async def submit(
        self,
        review_id: str,
        *,
        as_: str,
        revisions: str,
        explanations: tuple[ItemNote, ...] = (),
        act_id: str | None = None,
    ) -> Receipt:
        """案の提出: every working copy of the set, as it was seen (`WritingDesk.revisions`).

        A form without a working copy stays as it is. Raises InvalidInputError where another person has saved since, and
        as `Reviews.submit` does.
        """
        room = await self._room(review_id, as_=as_)
        is_known = act_id is not None and await self._register.stored_answer(act_id) is not None
        if room.refusal is not None and not is_known:
            raise ActRefusedError(room.refusal)
        forms = await self._forms(room)
        there = {form: room.rows[form].revision if form in room.rows else 0 for form in forms}
        if revisions_of(there) != revisions:
            raise InvalidInputError(
                "このページを開いた後に、文書が保存されました。",
                where="評価書一式",
                remedy="今の内容を確かめてから、もう一度提出してください。",
            )
        documents = [canonical_bytes(room.rows[form].content) for form in forms if form in room.rows]
        if not documents:
            raise InvalidInputError(
                "書きかけの文書がありません。", where="評価書一式", remedy="様式を開き、変える項目を保存してください。"
            )
        return await self._reviews.submit(review_id, *documents, as_=as_, explanations=explanations, act_id=act_id)

    async def _room(self, review_id: str, *, as_: str) -> _Room:
        record, revision = await self._reviews.whole(review_id, as_=as_)
        actor = await self._acting.actor(as_, act=ActKind.SUBMIT, review=record.state)
        refusal = None
        try:
            if record.state.stage is Stage.CLOSED:
                raise refuse("closed")
            party_of(actor, act=ActKind.SUBMIT, review=record.state)
        except RefusedError as refused:
            refusal = refused.refusal
        rows = await self._rows.of(review_id)
        people = {row.saved_by: person_of(revision.organisation, row.saved_by) for row in rows.values()}
        return _Room(
            record=record,
            assessment=await self._register.assessment(record.assessment_id),
            rows=rows,
            refusal=refusal,
            names={person: found.name if found else person for person, found in people.items()},
        )

    async def _forms(self, room: _Room) -> tuple[str, ...]:
        """Give the forms of the set, in their order: what 様式2 says of the level leaves one out where it falls."""
        state, manifest = room.record.state, room.assessment.manifest
        basic = (await self._sheet(room, BASIC)).content
        permitted = forms_permitted(
            level_of(state),
            state.course,
            published=[one.form for one in manifest.documents] if manifest else (),
            submitted=submitted_level(basic),
        )
        return tuple(form for form in FORMS if form in permitted)

    async def _sheet_of(self, review_id: str, form: str, *, as_: str) -> Sheet:
        room = await self._room(review_id, as_=as_)
        if form not in await self._forms(room):
            raise NotFoundError(
                "この様式は、この見直しの評価書一式にありません。",
                where="様式",
                remedy="一式の一覧から選んでください。",
            )
        return await self._sheet(room, form)

    async def _writable(self, review_id: str, form: str, *, as_: str) -> Sheet:
        sheet = await self._sheet_of(review_id, form, as_=as_)
        if sheet.refusal is not None:
            raise ActRefusedError(sheet.refusal)
        return sheet

    async def _sheet(self, room: _Room, form: str) -> Sheet:
        state = room.record.state
        version = _versions(room.record, form, at=self._now())[-1]
        starts: dict[Start, Mapping[str, Any]] = {}
        left_out: tuple[str, ...] = ()
        for start, manifest in ((Start.DRAFT, state.draft), (Start.PUBLISHED, room.assessment.manifest)):
            content = await self._content(manifest, form)
            if content is not None:
                starts[start], dropped = _on_a_version(content, form, _versions(room.record, form, at=self._now()))
                left_out = left_out or dropped
        row = room.rows.get(form)
        known = catalogue.load(form, version)
        begun = next(iter(starts.values()), None) or fitted({"form": form, "form_version": version})
        return Sheet(
            review_id=room.record.review_id,
            assessment_name=room.assessment.name,
            form=form,
            title=known.title,
            era_label=known.era_label,
            content=row.content if row else begun,
            revision=row.revision if row else 0,
            saved_by=room.names[row.saved_by] if row else "",
            saved_at=row.saved_at if row else None,
            starts=starts,
            refusal=room.refusal,
            left_out=left_out if row is None else (),
        )

    async def _content(self, manifest: Manifest | None, form: str) -> dict[str, Any] | None:
        entry = next((one for one in (manifest.documents if manifest else ()) if one.form == form), None)
        return (await self._register.document(entry.sha256)).content if entry else None

    async def _read(self, sheet: Sheet, document: bytes) -> dict[str, Any]:
        record = await self._register.review(sheet.review_id)
        versions = _versions(record, sheet.form, at=self._now())
        return await asyncio.to_thread(content_from, document, form=sheet.form, versions=versions)

    async def _examined(self, sheet: Sheet) -> Sheet:
        return await asyncio.to_thread(_examine, sheet)

    async def _replaced(self, sheet: Sheet, content: Mapping[str, Any], *, as_: str, revision: int) -> Sheet:
        if sheet.revision != revision or not await self._written(sheet, content, as_=as_):
            raise _overtaken()
        return replace(sheet, content=content, revision=revision + 1)

    async def _written(self, sheet: Sheet, content: Mapping[str, Any], *, as_: str) -> bool:
        if errors := too_large(canonical_bytes(content)):
            raise InvalidInputError(errors[0].message, where="評価書", remedy="記載を短くしてください。")
        row = WorkingCopyRow(sheet.review_id, sheet.form, sheet.revision + 1, dict(content), as_, self._now())
        return await self._rows.save(row)

    async def _faults_of_set(self, room: _Room, documents: list[bytes]) -> tuple[str, ...]:
        """Say what would be refused if the set were handed in now, as far as the documents themselves tell."""
        try:
            await draft_from(self._register, room.record, documents, at=self._now())
        except CallerError as error:
            faults = error.as_data().get("faults")
            return tuple(str(one) for one in faults) if isinstance(faults, list) and faults else (error.message,)
        return ()


def _versions(record: ReviewRecord, form: str, *, at: datetime) -> tuple[str, ...]:
    rows = permitted_versions(form, opened_on=tokyo_date(record.state.opened_at), on=tokyo_date(at))
    return tuple(row.version for row in rows)


def _on_a_version(
    content: dict[str, Any], form: str, versions: tuple[str, ...]
) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    if content.get("form_version") in versions:
        return content, ()
    return on_version(content, form=form, version=versions[-1])


def _examine(sheet: Sheet) -> Sheet:
    published = sheet.starts.get(Start.PUBLISHED)
    return replace(
        sheet,
        found=faults_of(canonical_bytes(sheet.content)),
        changed=table_of_changes(published, sheet.content) if published is not None else (),
    )


def _worked(sheet: Sheet, typed: Typed, change: EntryChange | None) -> tuple[Merged, Mapping[str, Any], str, str]:
    """Put in what was typed, and then change the entries; they stay where something collides or can't be put in."""
    result = merged(sheet.content, typed)
    if change is None:
        return result, result.document, "", ""
    if result.collisions or result.lost or result.faults:
        return result, result.document, "", "食い違いや誤りを片付けてから、もう一度押してください。"
    there = boxes(sheet.content)
    place = place_now(change.place, typed.names, there)
    box = there.get(place) if place else None
    part = change.place if change.change is Change.ADD else change.place.rpartition("/")[0]
    known, now = typed.names.get(part), there.get(place_now(part, typed.names, there) or "")
    moved = known is not None and (now is None or now.names != known)  # or it was pressed twice
    if place is None or box is None or moved or (change.seen and entry_mark(box.value) != change.seen):
        return result, result.document, "", _CHANGED_MEANWHILE
    done = changed_entries(result.document, replace(change, place=place))
    if done is None:
        return result, result.document, "", "この場所ではできません。"
    return result, done[0], done[1], ""


def _waiting(room: _Room, written: list[Sheet], faults: tuple[str, ...]) -> str:
    """Say why the set can't be submitted yet; nothing where it can."""
    if all(one.act is not ActKind.SUBMIT for one in acts_awaited(room.record.state)):
        return f"今は「{room.record.state.stage.label}」の段階です。提出できるのは起案の段階です。"
    if not written:
        return "まだ何も保存されていません。"
    if any(one.errors for one in written):
        return "誤りのある様式があります。全ての誤りを直すと提出できます。"
    return "評価書一式に、直すことがあります。" if faults else ""


def _overtaken() -> InvalidInputError:
    return InvalidInputError(
        "このページを開いた後に、ほかの人が保存しました。",
        where="書きかけの文書",
        remedy="今の内容を確かめてから、もう一度してください。",
    )
