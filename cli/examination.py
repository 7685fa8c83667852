"""診断 (examination): what `doctor` looks at, and how it judges what it saw."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cli.examination_lines import Line, State
from cli.examination_of_workers import judge_versions, judge_workers
from cli.examination_texts import OBSTACLES_IN_ENGLISH
from cli.exit_status import ExitStatus
from cli.language import Text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from client.examination import RegisterHealth
    from engine.health import ClockSeen, ScheduleSeen
    from settings import Settings

LEAST_RETENTION = timedelta(days=7)
"""How long closed histories are to be kept at least: a week to look at how a review went."""

TAKEN_IN_WITHIN = timedelta(minutes=10)
"""How long a mail to the hotline may wait until it is an event."""

CLOCK_WARNING = timedelta(seconds=5)
CLOCK_MEND = timedelta(minutes=1)

# Whoever may work with reviews need not be allowed to ask these.
_ADVICE = frozenset({"clock", "namespace", "search_attributes"})
_NOT_ALLOWED = frozenset({"PERMISSION_DENIED", "UNIMPLEMENTED"})


def status_of(lines: Sequence[Line]) -> ExitStatus:
    """Give the exit status: warnings are no failure."""
    if any(line.is_unreachable for line in lines):
        return ExitStatus.NOT_REACHABLE
    return ExitStatus.REFUSED if any(line.state is State.MEND for line in lines) else ExitStatus.DONE


async def examine(settings: Settings) -> list[Line]:
    """Look at the connection, the engine with its workers and schedule, and the register."""
    hotline = judge_hotline(settings, at=datetime.now(UTC))
    return [*await _engine(settings), _time_zone(), *await _register(settings), *hotline]


# --- エンジン


async def _engine(settings: Settings) -> list[Line]:
    from engine.connection import load_connection
    from engine.errors import ConnectionSettingsError, EngineNotReachableError

    try:
        configured = load_connection()
        external = "target_host" in configured
        lines = [_connection(settings, dict(configured))] if external else [_connection(settings, {}), _executable()]
        return [*lines, *await _questions(settings)]
    except ConnectionSettingsError as wrong:
        return [Line("connection", "wrong", State.MEND, {"reason": Text(wrong.reason, wrong.in_english)})]
    except EngineNotReachableError as error:
        # What the SDK says is English; what we say of a server that is silent is Japanese.
        reason = Text(error.reason, error.reason if error.reason.isascii() else "no answer in time")
        remedy = Text(error.remedy, OBSTACLES_IN_ENGLISH[error.obstacle])
        values = {"address": error.address, "reason": reason, "remedy": remedy}
        return [*lines, Line("server", "unreachable", State.MEND, values)]


async def _questions(settings: Settings) -> list[Line]:
    """Connect and ask each question; one without an answer does not keep the others from theirs."""
    from engine import health
    from engine.connection import connect
    from engine.deployment import Deployment, build_id_of

    temporal = await connect(settings)
    # What the server noted is compared with its own clock.
    server_at = datetime.now(UTC)

    async def version() -> Line:
        return Line("server", "reached", values={"version": await health.server_version(temporal)})

    async def clock() -> Line:
        nonlocal server_at
        seen = await health.clock_of(temporal)
        server_at = seen.server_at
        return judge_clock(seen)

    async def namespace() -> Line:
        return judge_retention(await health.retention_of(temporal), namespace=temporal.namespace)

    async def attributes() -> Line:
        return judge_search_attributes(await health.lacking_search_attributes(temporal), namespace=temporal.namespace)

    async def workers() -> Line:
        seen = await health.task_queue_of(temporal, settings.task_queue, at=server_at)
        return judge_workers(
            seen, queue=settings.task_queue, deployment=settings.deployment, installed=build_id_of(settings)
        )

    async def versions() -> Line:
        return judge_versions(await Deployment(temporal, settings.deployment).look())

    questions = {
        "server": version,
        "namespace": namespace,
        "clock": clock,
        "search_attributes": attributes,
        "workers": workers,
        "versions": versions,
        **_of_schedules(partial(health.schedule_of, temporal), at=lambda: server_at),
    }
    lines: list[Line] = []
    for check, question in questions.items():
        lines.append(await _asked(check, question))
        if lines[-1].finding == "missing" and check == "namespace":
            break  # all others would only say so again
    return lines


def _of_schedules(
    look: Callable[[str], Awaitable[ScheduleSeen | None]], *, at: Callable[[], datetime]
) -> dict[str, Callable[[], Awaitable[Line]]]:
    from client.schedule import CHECKPOINT_SCHEDULE_ID, DUTY_SCHEDULE_ID, SCHEDULE_ID

    def question(check: str, schedule: str) -> Callable[[], Awaitable[Line]]:
        async def asked() -> Line:
            return judge_schedule(await look(schedule), schedule, check=check, at=at())

        return asked

    schedules = {
        "schedule": SCHEDULE_ID,
        "duty_schedule": DUTY_SCHEDULE_ID,
        "checkpoint_schedule": CHECKPOINT_SCHEDULE_ID,
    }
    return {check: question(check, schedule) for check, schedule in schedules.items()}


async def _asked(check: str, question: Callable[[], Awaitable[Line]]) -> Line:
    from engine.errors import QuestionRefusedError

    try:
        return await question()
    except QuestionRefusedError as refused:
        does_without = check in _ADVICE and refused.status in _NOT_ALLOWED
        values = {"status": refused.status, "reason": refused.reason}
        return Line(check, None, State.WARNING if does_without else State.MEND, values)


def _connection(settings: Settings, configured: dict[str, Any]) -> Line:
    def there(value: object) -> Text:
        return Text("あり", "yes") if value else Text("なし", "no")

    values = {
        "address": configured.get("target_host", settings.temporal_address),
        "namespace": configured.get("namespace", settings.temporal_namespace),
        "tls": there(configured.get("tls")),
        "certificate": there(getattr(configured.get("tls"), "client_cert", None)),
        "key": there(configured.get("api_key")),
    }
    return Line("connection", "external" if configured else "embedded", values=values)


def _executable() -> Line:
    from engine.errors import ServerMissingError
    from engine.server import find_executable

    try:
        return Line("executable", "found", values={"path": find_executable()})
    except ServerMissingError:
        return Line("executable", "missing", State.MEND)


def judge_clock(seen: ClockSeen) -> Line:
    """時計: the difference of the clocks, at least."""
    difference = abs(seen.server_ahead)
    values = {"seconds": seen.server_ahead.total_seconds()}
    if difference < CLOCK_WARNING:
        return Line("clock", "right", values=values)
    return Line("clock", "differs", State.WARNING if difference < CLOCK_MEND else State.MEND, values)


def judge_retention(retention: timedelta | None, *, namespace: str) -> Line:
    """名前空間: whether it is there, and how long it keeps closed histories."""
    if retention is None:
        return Line("namespace", "missing", State.MEND, {"namespace": namespace})
    day = timedelta(days=1)
    values = {"days": retention / day, "least": LEAST_RETENTION / day, "namespace": namespace}
    if retention < LEAST_RETENTION:
        return Line("namespace", "short", State.WARNING, values)
    return Line("namespace", "kept", values=values)


def judge_search_attributes(lacking: Sequence[str], *, namespace: str) -> Line:
    """検索属性: reviews can't be started without them."""
    if not lacking:
        return Line("search_attributes", "there")
    from engine.search_attributes import SEARCH_ATTRIBUTES

    named = " ".join(f"--name {name} --type {SEARCH_ATTRIBUTES[name]}" for name in lacking)
    command = f"`temporal operator search-attribute create --namespace {namespace} {named}`"
    return Line("search_attributes", "missing", State.MEND, {"names": ", ".join(lacking), "command": command})


def judge_schedule(seen: ScheduleSeen | None, schedule: str, *, check: str, at: datetime) -> Line:
    """予定: whether it is there, active, and acted of late."""
    if seen is None:
        return Line(check, "missing", State.MEND)
    values = {
        "schedule": schedule,
        "note": seen.note or "-",
        "last_at": _in_tokyo(seen.last_at),
        "next_at": _in_tokyo(seen.next_at) if seen.next_at else "-",
    }
    if seen.paused:
        return Line(check, "paused", State.MEND, values)
    if seen.is_missed(at=at):
        return Line(check, "missed", State.MEND, values)
    return Line(check, "there", values=values)


def _in_tokyo(at: datetime) -> str:
    from guideline.deadlines import TOKYO

    return at.astimezone(TOKYO).isoformat(timespec="minutes")


def _time_zone() -> Line:
    try:
        ZoneInfo("Asia/Tokyo")
    except ZoneInfoNotFoundError:
        return Line("time_zone", "missing", State.WARNING)
    return Line("time_zone", "there")


# --- 台帳


async def _register(settings: Settings) -> list[Line]:
    from client.examination import examine_register

    seen = await examine_register(settings.register_url, at=datetime.now(UTC))
    home = {"home": settings.home}
    if not seen.exists:
        return [Line("register", "missing", State.MEND)]
    if seen.unreadable is not None:
        return [Line("register", "unreadable", State.MEND, {"reason": seen.unreadable, **home})]
    there = Line("register", "there")
    revision = {"revision": seen.revision or "-"}
    if seen.schema != "current":
        return [there, Line("migrations", str(seen.schema), State.MEND, revision)]
    lines = [there, Line("migrations", "current", values=revision)]
    lines.append(_guards(seen))
    if seen.unwritable is None:
        lines.append(Line("writing", "works"))
    else:
        lines.append(Line("writing", "fails", State.MEND, {"reason": seen.unwritable, **home}))
    if seen.has_triggers and seen.unwritable is None:
        lines += await _contents(settings)
    lines.append(_notices(late=seen.undelivered or 0, failed=seen.failed or 0))
    return lines


def _guards(seen: RegisterHealth) -> Line:
    """Say whether what only grows can't be changed: by triggers of SQLite, by rights on PostgreSQL."""
    if seen.rights is None:
        return Line("triggers", "there") if seen.has_triggers else Line("triggers", "missing", State.MEND)
    if seen.rights.too_little:
        return Line("grants", "too_little", State.MEND, {"tables": "、".join(seen.rights.too_little)})
    if seen.rights.too_much:
        return Line("grants", "too_much", State.WARNING, {"number": len(seen.rights.too_much)})
    return Line("grants", "right")


def judge_hotline(settings: Settings, *, at: datetime) -> list[Line]:
    """Say whether mails to the hotline were kept and not taken in; nothing where there never was a hotline."""
    folder = settings.hotline_folder
    if settings.hotline_smtp is None and not folder.is_dir():
        return []
    before = (at - TAKEN_IN_WITHIN).timestamp()
    taken = {path.stem for path in folder.glob("*.taken")}
    late = [path for path in folder.glob("*.eml") if path.stem not in taken and path.stat().st_mtime < before]
    if late:
        return [Line("hotline", "waiting", State.MEND, {"number": len(late), "folder": folder})]
    return [Line("hotline", "taken")]


def _notices(*, late: int, failed: int) -> Line:
    if late:
        return Line("notices", "late", State.WARNING, {"number": late})
    if failed:
        return Line("notices", "failed", State.WARNING, {"number": failed})
    return Line("notices", "delivered")


async def _contents(settings: Settings) -> list[Line]:
    """Look at what the register holds; it is known to be sound, so that opening it changes nothing."""
    from functools import partial

    from client.audit import Keeping
    from client.errors import NotFoundError
    from client.opening import open_minaoshi
    from engine.connection import connect
    from engine.signing import Signatures

    opened = open_minaoshi(
        settings.register_url,
        partial(connect, settings),
        task_queue=settings.task_queue,
        signatures=Signatures(settings),
    )
    async with opened as minaoshi:
        kept = Keeping(settings.checkpoints_path, settings.checkpoint_keys_path)
        verdict = await minaoshi.audit.verify(kept)
        values = {"entries": verdict.entries, "head": verdict.head, "problems": len(verdict.problems)}
        audit = Line("audit", "right", values=values) if verdict.ok else Line("audit", "wrong", State.MEND, values)
        try:
            revision = await minaoshi.organisation.revision()
        except NotFoundError:
            return [audit, Line("organisation", "missing", State.MEND)]
    return [audit, Line("organisation", "there", values={"revision": revision})]
