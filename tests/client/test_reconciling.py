"""照合: what only the histories have is written anew, what only the register has is taken up again, the rest named."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, WorkflowExecutionStatus

from client.disagreements import Kind
from client.duty_following import duty_workflow_id_of
from client.event_following import event_workflow_id_of
from client.following import countermeasure_workflow_id_of
from client.minaoshi import Minaoshi
from client.reconciling import Reconciled, Reconciling, Writes
from engine.connection import connect_embedded
from engine.copying import EngineMoment
from engine.keys import KeyRing
from engine.server import EmbeddedServer
from register.register import Register, open_register
from schemas.records import AuditAction
from schemas.review import Stage
from settings import Settings
from tests.client.backed_up import living, living_again, now
from tests.house import MANAGER, TEAM, House, as_json, today, working_house
from tests.new_register import drop_database, new_register, register_url_in
from tests.workflows.duty_samples import members, own, training
from tests.workflows.events import reported, settle
from tests.workflows.paths_of_duties import duty_closed
from tests.workflows.record_histories import amended, followed

BY_THE_HISTORIES = {
    "reports": "act_id",
    "reviews": "review_id",
    "acts": "act_id",
    "grounds": "act_id",
    "findings": "act_id",
    "decisions": "act_id",
    "steps": "act_id",
    "countermeasures": "countermeasure_id",
    "countermeasure_acts": "act_id",
    "events": "event_id",
    "event_acts": "act_id",
    "duties": "duty_id",
    "duty_acts": "act_id",
    "duty_roll": "duty_id, member",
    "assessments": "assessment_id",
    "versions": "version_id",
    "awaited": "kind, subject, role, barred",
}
"""履歴から作り直せる表, in the order of their keys; notices, occurrences and the trail itself are not."""


@pytest.fixture
async def house(client_connection: Client, server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[House]:
    async with working_house(client_connection, server.settings, tmp_path / "house") as house:
        yield house


def copied(settings: Settings, target: Path) -> Path:
    with closing(sqlite3.connect(settings.register_path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return target


@asynccontextmanager
async def reopened(path: Path) -> AsyncIterator[Register]:
    register = await open_register(f"sqlite:///{path}")
    yield register
    await register.close()


@asynccontextmanager
async def laid(home: Path) -> AsyncIterator[Register]:
    """Give a register with nothing in it, on whatever database the others are."""
    url = register_url_in(home)
    register = await new_register(url)
    yield register
    await register.close()
    drop_database(url)


async def reconciled(house: House, register: Register, *, writes: Writes = Writes.NOTHING) -> Reconciled:
    reconciling = Reconciling(
        house.temporal, register, task_queue=house.settings.task_queue, signatures=house.signatures, now=now
    )
    return await reconciling.reconcile(writes=writes)


def kinds(found: Reconciled) -> list[tuple[str, str]]:
    return sorted((one.kind.value, one.subject) for one in found.left)


def rows(path: Path, table: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY {BY_THE_HISTORIES[table]}").fetchall()  # noqa: S608 # our own tables


async def documents_of_before(house: House) -> None:
    """Let the documents be there that the reviews to come will name: they are in no history."""
    other = f"{house.assessment_id}-before"
    await house.add_assessment(other)
    review_id = await house.report_change(assessments=[other])
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    await house.submit(review_id)
    comments = as_json(comments=[{"item": "Ⅳ8", "text": "根拠を具体的に。"}])
    await house.minaoshi.reviews.send_back(review_id, comments, as_=TEAM)
    await house.submit(review_id, "revised")


async def everything(house: House) -> None:
    """Let happen what writes to each of the tables."""
    await amended(house)
    await house.handle().result()
    await followed(house)
    await duty_closed(house)
    duties, held = house.minaoshi.duties, own(house, "training:open")
    await duties.open(held, training(), as_=TEAM)
    await duties.enrol(held, as_json(added=members("desk", "allowance-drafter")), as_=TEAM)
    await duties.complete(held, as_json(members=["desk"], completed_on=today().isoformat()), as_="desk")
    event = await reported(house)
    await settle(house, event)


async def test_where_both_agree_nothing_is_named_and_nothing_written(house: House) -> None:
    await everything(house)
    before = await house.register.audit_head()
    for writes in Writes:
        found = await reconciled(house, house.register, writes=writes)
        assert (kinds(found), found.mended) == ([], ())
        assert found.histories > 2
    assert await house.register.audit_head() == before


@pytest.mark.sqlite("copies the file of the register")
async def test_a_register_that_is_older_is_brought_up_to_the_histories_row_by_row(house: House, tmp_path: Path) -> None:
    """Its documents are not in any history: so the older one has them, as after a restore of this morning."""
    await documents_of_before(house)
    path = copied(house.settings, tmp_path / "older.db")
    await everything(house)
    async with reopened(path) as older:
        named = await reconciled(house, older)
        assert {one.kind for one in named.left} == {Kind.ACT_MISSING, Kind.REPORT_MISSING, Kind.EVENT_MISSING}
        assert await older.reviews(scope="all", assessment=house.assessment_id) == ()
        found = await reconciled(house, older, writes=Writes.WHAT_IS_MISSING)
        assert (kinds(found), len(found.mended)) == ([], len(named.left))
        for table in BY_THE_HISTORIES:
            assert rows(path, table) == rows(house.settings.register_path, table), table
        assert (await older.verify_audit(trusted=house.signatures)).problems == ()
        (note,) = await older.occurrences(AuditAction.RECONCILED)
        assert note.detail["act_missing"] == sum(one.kind is Kind.ACT_MISSING for one in named.left)
        again = await reconciled(house, older, writes=Writes.WHAT_IS_MISSING)
        assert (kinds(again), again.mended) == ([], ())


async def test_reviews_that_the_engine_lost_are_named_and_go_on_from_the_register(house: House) -> None:
    review_id = await house.report_change()
    await house.find(review_id, as_=MANAGER)
    await house.handle().terminate()
    named = await reconciled(house, house.register)
    assert kinds(named) == [("not_followed", review_id)]
    found = await reconciled(house, house.register, writes=Writes.WHAT_IS_MISSING)
    assert kinds(found) == []
    assert [one.subject for one in found.mended] == [review_id]
    receipt = await house.find(review_id, as_=TEAM)
    assert (receipt.stage, receipt.sequence, receipt.review_id) == (Stage.DRAFTING, 3, review_id)
    assert kinds(await reconciled(house, house.register)) == []
    assert (await house.minaoshi.verify_audit()).problems == ()


@contextmanager
def engine_of_before(settings: Settings, copy: Path) -> Iterator[None]:
    """Let the server have, when it is started again, what it had in the copy."""
    yield
    for ending in ("", "-wal", "-shm"):
        settings.temporal_database_path.with_name(f"temporal.db{ending}").unlink(missing_ok=True)
    copy.replace(settings.temporal_database_path)


def keep_engine(settings: Settings, to: Path) -> None:
    """Keep the engine as it is now."""
    moment = EngineMoment(settings.temporal_database_path)
    moment.begin()
    moment.copy_to(to)
    moment.end()


@pytest.mark.sqlite("register and engine lie in one home")
async def test_an_engine_that_is_older_is_named_and_goes_on_from_the_register(
    settings: Settings, tmp_path: Path
) -> None:
    with engine_of_before(settings, tmp_path / "engine.db"):
        async with living(settings) as house:
            review_id = await house.report_change()
            keep_engine(settings, tmp_path / "engine.db")
            await house.find(review_id, as_=MANAGER)
            own = house.settings
    async with living_again(own, house.assessment_id) as again:
        named = await reconciled(again, again.register)
        assert kinds(named) == [("engine_behind", review_id)]
        found = await reconciled(again, again.register, writes=Writes.WHAT_IS_MISSING)
        assert kinds(found) == []
        receipt = await again.find(review_id, as_=TEAM)
        assert (receipt.stage, receipt.sequence) == (Stage.DRAFTING, 3)
        assert (await again.minaoshi.verify_audit()).problems == ()


async def test_each_kind_of_thing_that_the_engine_lost_goes_on_from_the_register(house: House) -> None:
    await everything(house)
    review_id = await house.report_change(title="委託先の変更")
    lost = {
        "review": house.handle().id,
        "event": event_workflow_id_of(f"risk/{house.assessment_id}/one"),
        "duty": duty_workflow_id_of(own(house, "training:open")),
        "countermeasure": await open_countermeasure(house),
    }
    for workflow_id in lost.values():
        await house.temporal.get_workflow_handle(workflow_id).terminate()
    found = await reconciled(house, house.register, writes=Writes.WHAT_IS_MISSING)
    assert kinds(found) == []
    assert {one.subject for one in found.mended} >= {review_id, own(house, "training:open")}
    for workflow_id in lost.values():
        described = await house.temporal.get_workflow_handle(workflow_id).describe()
        assert described.status is WorkflowExecutionStatus.RUNNING, workflow_id
    await house.find(review_id, as_=MANAGER)
    await house.minaoshi.duties.complete(
        own(house, "training:open"),
        as_json(members=["allowance-drafter"], completed_on=today().isoformat()),
        as_=MANAGER,
    )
    assert (await house.minaoshi.verify_audit()).problems == ()


async def open_countermeasure(house: House) -> str:
    """Give the workflow of the countermeasure that the event of `everything` named."""
    (one,) = await house.register.countermeasures(event=f"risk/{house.assessment_id}/one")
    return countermeasure_workflow_id_of(one.countermeasure_id)


async def test_what_can_not_be_rebuilt_is_named_with_what_it_lacks(house: House, tmp_path: Path) -> None:
    """A new register has neither organisation nor assessment, nor any document."""
    review_id = await house.to_approval()
    async with laid(tmp_path / "empty") as empty:
        found = await reconciled(house, empty, writes=Writes.WHAT_IS_MISSING)
        assert {one.kind for one in found.left} == {Kind.ACT_MISSING}
        assert [one.kind for one in found.mended] == [Kind.REPORT_MISSING]
        assert all("直せません" in one.told for one in found.left)
        assert await empty.reviews(scope="all") == ()
        taken_over = Minaoshi(
            empty, no_engine, task_queue=house.settings.task_queue, signatures=house.signatures, now=now
        )
        await House(house.temporal, empty, taken_over, house.settings, house.assessment_id).furnish()
        again = await reconciled(house, empty, writes=Writes.WHAT_IS_MISSING)
        assert {(one.kind, one.subject) for one in again.left} == {(Kind.DOCUMENT_MISSING, review_id)}
        assert await empty.review(review_id) == await house.register.review(review_id)
        assert await empty.acts_of(review_id) == await house.register.acts_of(review_id)
        assert (await empty.verify_audit(trusted=house.signatures)).problems == ()


async def no_engine() -> Client:
    raise AssertionError("nothing here needs the engine")


@pytest.mark.sqlite("copies the file of the register")
async def test_an_act_that_both_have_differently_is_named_and_left_alone(house: House, tmp_path: Path) -> None:
    review_id = await house.report_change(act_id=f"change/{house.assessment_id}")
    await house.find(review_id, as_=MANAGER)
    path = copied(house.settings, tmp_path / "changed.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER append_only_acts_update")
        connection.execute("UPDATE acts SET answer = json_set(answer, '$.sequence', 9) WHERE kind = 'find'")
        connection.execute("UPDATE acts SET content_digest = ? WHERE kind = 'join'", ("0" * 64,))
        connection.commit()
    async with reopened(path) as changed:
        before = rows(path, "acts")
        for writes in Writes:
            found = await reconciled(house, changed, writes=writes)
            assert kinds(found) == [("act_differs", review_id)] * 2
            assert found.mended == ()
        assert rows(path, "acts") == before


async def test_a_history_that_can_not_be_read_is_named_and_its_workflow_left_alone(house: House) -> None:
    review_id = await house.report_change()
    strange = await connect_embedded(house.settings.model_copy(update={"keys_file": other_keys(house)}))
    reconciling = Reconciling(
        strange, house.register, task_queue=house.settings.task_queue, signatures=house.signatures, now=now
    )
    found = await reconciling.reconcile(writes=Writes.WHAT_IS_MISSING)
    assert {one.kind for one in found.left} == {Kind.UNREADABLE}
    assert house.handle().id in {one.subject for one in found.left}
    assert found.mended == ()
    await house.find(review_id, as_=MANAGER)


def other_keys(house: House) -> Path:
    elsewhere = house.settings.model_copy(update={"home": house.settings.home / "elsewhere", "keys_file": None})
    KeyRing(elsewhere.keys_path, makes=True).ids()
    return elsewhere.keys_path


@pytest.mark.sqlite("copies the file of the register")
async def test_a_register_that_has_gone_on_beyond_the_gap_gets_the_acts_between(house: House, tmp_path: Path) -> None:
    """It was restored, and people acted before anybody reconciled: the review stands where it stood."""
    review_id = await house.report_change()
    await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM)
    await house.find(review_id, as_=MANAGER)
    await house.find(review_id, as_=TEAM)
    path = copied(house.settings, tmp_path / "gap.db")
    with closing(sqlite3.connect(path)) as connection:
        for table in ("acts", "findings", "audit_entries"):
            connection.execute(f"DROP TRIGGER append_only_{table}_delete")
        (act_id,) = connection.execute("SELECT act_id FROM acts WHERE sequence = 3").fetchone()
        connection.execute("DELETE FROM findings WHERE act_id = ?", (act_id,))
        connection.execute("DELETE FROM acts WHERE act_id = ?", (act_id,))
        connection.execute("DELETE FROM audit_entries WHERE subject_key = ?", (act_id,))
        connection.commit()
    async with reopened(path) as gap:
        found = await reconciled(house, gap, writes=Writes.WHAT_IS_MISSING)
        assert (kinds(found), [one.subject for one in found.mended]) == ([], [review_id])
        for table in ("acts", "findings", "reviews", "awaited"):
            assert rows(path, table) == rows(house.settings.register_path, table), table


@pytest.mark.sqlite("register and engine lie in one home")
async def test_a_review_that_came_to_its_end_is_ended_in_an_engine_that_is_older(
    settings: Settings, tmp_path: Path
) -> None:
    """Left alone, it would take an act that the register can't write any more."""
    with engine_of_before(settings, tmp_path / "engine.db"):
        async with living(settings) as house:
            review_id = await house.report_change()
            keep_engine(settings, tmp_path / "engine.db")
            for person in (MANAGER, TEAM):
                await house.find(review_id, as_=person, course="no_change")
            own = house.settings
    async with living_again(own, house.assessment_id) as again:
        assert kinds(await reconciled(again, again.register)) == [("engine_behind", review_id)]
        found = await reconciled(again, again.register, writes=Writes.WHAT_IS_MISSING)
        assert (kinds(found), len(found.mended)) == ([], 1)
        assert (await again.handle().describe()).status is WorkflowExecutionStatus.TERMINATED
        assert await again.report_change(title="次の変更") == f"{again.assessment_id}/2"
