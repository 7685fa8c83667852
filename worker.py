"""作業者 (worker), the composition root: connect, build the adapters, register, run. No logic."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from temporalio.worker import PollerBehaviorSimpleMaximum, UnsandboxedWorkflowRunner, Worker

from activities.audits import AuditFollowUp
from activities.checkpoints import CheckpointKeeping
from activities.circulars import CircularDelivery, Pace
from activities.countermeasures import CountermeasureRecords
from activities.duties import DutyRecords
from activities.events import EventRecords
from activities.intake import ReportIntake
from activities.level_changes import LevelChanges
from activities.notices import NoticeDelivery
from activities.openings import Openings
from activities.refused import REFUSED
from activities.review_records import ReviewRecords
from activities.trust import trust
from activities.yearly import YearlyOpening
from client.audit import Keeping
from client.circular_sending import CircularSending
from client.configuration import Configurations
from client.duty_following import DutyFollowing
from client.event_following import EventFollowing
from client.following import Following
from client.forgery_alarm import ForgeryAlarm
from client.hotline import HotlineDesk, HotlineIntake
from client.minaoshi import Minaoshi
from client.opening import open_own_register
from client.outbox import Outbox
from client.report_sending import ReportSending
from client.schedule import ensure_schedule, states_of_schedules
from client.sending import Sending
from engine.configuration import effective
from engine.connection import connect, is_external
from engine.deployment import Deployment, build_id_of, deployment_config, tell_when_known
from engine.keys import key_ring
from engine.logs import write_logs
from engine.metrics import serve_metrics
from engine.refusal_count import UNREAD, Alarming, RefusalCount, RefusalCounting
from engine.signing import Signatures, prepared_signatures
from engine.stopping import until_stopped
from engine.trace_headers import TraceHeaderGuard
from engine.unread import counting
from engine.unsealing import Unsealing
from guideline.refusals import REASONS
from guideline.signatures import FORGED
from hotline.keeping import KeptMails
from hotline.smtp import HotlinePortError, HotlineServer
from notices.console import Console
from notices.mail import Mail
from register.register import Register
from schemas.letters import Means
from settings import CONSOLE, Settings, SettingsError, load_settings
from workflows.assessment_review import AssessmentReviewWorkflow
from workflows.audit_checkpoint import AuditCheckpointWorkflow
from workflows.circular import CircularWorkflow
from workflows.countermeasure import CountermeasureWorkflow
from workflows.duty import DutyWorkflow
from workflows.duty_round import DutyRoundWorkflow
from workflows.notice import DigestWorkflow, NoticeWorkflow
from workflows.report import ReportWorkflow
from workflows.risk_event import RiskEventWorkflow
from workflows.yearly_review import YearlyReviewWorkflow

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from temporalio.client import Client
    from temporalio.worker import WorkerDeploymentConfig, WorkflowRunner

    from activities.ports import MailPort
    from schemas.signatures import Signatures as SignaturesPort

STICKY_TIMEOUT = timedelta(seconds=2)
"""After a killed worker the next act waits this long, not ten seconds."""

PATIENCE_S = 10.0
"""An activity sends an act for so long (seconds); Temporal then tries the activity again."""

WORKFLOW_POLLERS = 16
"""A task that somebody is asking for is handed over at once; any other is first written to the server's database."""

GRACEFUL_SHUTDOWN = timedelta(seconds=5)

WORKFLOWS = (
    AssessmentReviewWorkflow,
    AuditCheckpointWorkflow,
    CircularWorkflow,
    CountermeasureWorkflow,
    DigestWorkflow,
    DutyRoundWorkflow,
    DutyWorkflow,
    NoticeWorkflow,
    ReportWorkflow,
    RiskEventWorkflow,
    YearlyReviewWorkflow,
)
"""作業者が動かすワークフロー."""


def mail_of(settings: Settings) -> MailPort | None:
    """Give the way by which letters go; without one all are told by their inbox."""
    if settings.smtp_url == CONSOLE:
        return Console()
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    return Mail(settings.smtp_url, sender=settings.mail_from)


def build_outbox(temporal: Client, register: Register, settings: Settings) -> Outbox:
    means = Means.MAIL if mail_of(settings) else Means.INBOX
    return Outbox(temporal, register, task_queue=settings.task_queue, means=means)


def build_keeping(settings: Settings) -> Keeping:
    return Keeping(settings.checkpoints_path, settings.checkpoint_keys_path)


def count_of(settings: Settings) -> RefusalCount:
    """Give the count of what a worker refuses."""
    alarming = Alarming(FORGED | {UNREAD}, at_least=settings.forged_acts_alarm, window_s=settings.forged_acts_window)
    return RefusalCount(REFUSED, reasons=REASONS, alarming=alarming)


def activities_of(
    temporal: Client, register: Register, settings: Settings, *, signer: SignaturesPort
) -> Sequence[Callable[..., Any]]:
    """Put the adapters into the activities, which send what they start by that client; the signer is trusted."""
    queue = settings.task_queue
    trust(signer, task_queue=queue)
    reviews = Sending(temporal, register, task_queue=queue, signer=signer, patience_s=PATIENCE_S)
    openings = Openings(register)
    records = ReviewRecords(register)
    intake = ReportIntake(register, reviews, openings, trusted=signer)
    delivery = NoticeDelivery(register, register.digests, mail_of(settings), pages=settings.pages_url)
    yearly = YearlyOpening(register, reviews, openings)
    level_changes = LevelChanges(register, reviews, openings)
    following = Following(temporal, task_queue=queue, signer=signer)
    countermeasures = CountermeasureRecords(register, following)
    events = EventRecords(register, EventFollowing(temporal, task_queue=queue, signer=signer), following)
    duty_following = DutyFollowing(temporal, task_queue=queue, signer=signer, patience_s=PATIENCE_S)
    sending = CircularSending(temporal, task_queue=queue)
    findings = AuditFollowUp(
        register, register.duties, duty_following, ReportSending(temporal, task_queue=queue, signer=signer)
    )
    duties = DutyRecords(register, register.duties, duty_following, sending, findings)
    circulars = CircularDelivery(
        register,
        register.duties,
        register.circulars,
        mail_of(settings),
        pages=settings.pages_url,
        pace=Pace(settings.circular_pace),
    )
    checkpoints = CheckpointKeeping(register, build_keeping(settings))
    return [
        openings.of,
        records.record,
        records.stands,
        records.faults_of_draft,
        records.hearing_known,
        intake.take_in,
        yearly.open_page,
        level_changes.reanalyse,
        delivery.deliver,
        delivery.give_up,
        delivery.deliver_digest,
        delivery.give_up_digest,
        circulars.send_page,
        circulars.give_up,
        countermeasures.record,
        countermeasures.follow,
        duties.record,
        duties.open_due,
        events.open,
        events.record,
        checkpoints.keep,
    ]


def build_worker(  # noqa: PLR0913 # what a worker is put together of
    temporal: Client,
    register: Register,
    settings: Settings,
    *,
    signatures: SignaturesPort | None = None,
    counted: RefusalCount | None = None,
    deployed: WorkerDeploymentConfig | None = None,
    runner: WorkflowRunner | None = None,
) -> Worker:
    """Put all parts into a worker; signatures are of `settings` unless given.

    Where it is not told as which version it is `deployed` it is a plain one, which needs nobody to make it current.
    Workflows run without a sandbox unless a `runner` is given: that is for the tests (docs/decisions/0039).
    Raises SigningKeysError when the installation's can't be used.
    """
    counted = counted or count_of(settings)
    return Worker(
        counting(temporal, counted),
        task_queue=settings.task_queue,
        interceptors=[TraceHeaderGuard(), RefusalCounting(counted)],
        workflows=WORKFLOWS,
        activities=activities_of(temporal, register, settings, signer=signatures or prepared_signatures(settings)),
        workflow_runner=runner or UnsandboxedWorkflowRunner(),
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        graceful_shutdown_timeout=GRACEFUL_SHUTDOWN,
        workflow_task_poller_behavior=PollerBehaviorSimpleMaximum(WORKFLOW_POLLERS),
        build_id=None if deployed else build_id_of(settings),
        deployment_config=deployed,
    )


async def note_configuration(
    register: Register, settings: Settings, *, process: str, more: Mapping[str, str] | None = None
) -> None:
    """Note in the trail what this process was told, where that has changed."""
    configurations = Configurations(register, now=_now)
    before = await configurations.last(process)
    told = {**effective(settings, key_ring(settings), before=before), **(more or {})}
    await configurations.note(process, told, before=before)


async def run_worker(
    settings: Settings, temporal: Client | None = None, *, begun: Callable[[], None] = lambda: None
) -> None:
    """Run the worker until it is cancelled, on the given connection or on the one that the environment names."""
    is_ours = temporal is not None or not is_external()
    temporal = temporal or await connect(settings)
    register = await open_own_register(settings.register_url)
    build_keeping(settings).keys.ensure(at=_now())
    await ensure_schedule(temporal, task_queue=settings.task_queue)
    schedules = await states_of_schedules(temporal)
    told = {**schedules, "build_id": build_id_of(settings)}
    await note_configuration(register, settings, process="worker", more=told)
    if is_ours:
        await Deployment(temporal, settings.deployment).take_over(build_id_of(settings))
    counted = count_of(settings)
    deployed = deployment_config(settings)
    async with build_worker(temporal, register, settings, counted=counted, deployed=deployed):
        await asyncio.gather(
            build_outbox(temporal, register, settings).run(),
            ForgeryAlarm(register, counted).run(),
            tell_when_known(temporal, settings, begun),
        )


def build_hotline(
    settings: Settings, register: Register, connect: Callable[[], Awaitable[Client]], *, now: Callable[[], datetime]
) -> tuple[HotlineServer, HotlineIntake]:
    """Put together what keeps mails and what takes them in. Raises SettingsError where the hotline is not set."""
    if settings.hotline_smtp is None or settings.hotline_person is None or settings.hotline_department is None:
        raise SettingsError(
            "ホットラインの設定がありません。MINAOSHI_HOTLINE_SMTP、MINAOSHI_HOTLINE_DEPARTMENT、"
            "MINAOSHI_HOTLINE_PERSON を指定してください。"
        )
    own_domain = settings.mail_from.rpartition("@")[2] if settings.mail_from else None
    mails = KeptMails(settings.hotline_folder, own_domain=own_domain)
    signatures = Signatures(settings)
    reports = Minaoshi(register, connect, task_queue=settings.task_queue, signatures=signatures, now=now).reports
    desk = HotlineDesk(person=settings.hotline_person, department=settings.hotline_department)
    intake = HotlineIntake(mails, reports, register, desk=desk, now=now)
    networks, address = settings.hotline_networks, settings.hotline_address
    return HotlineServer(mails, address=address, networks=networks, now=now, kept=intake.wake), intake


def _now() -> datetime:
    return datetime.now(UTC)


async def run_hotline(
    settings: Settings, temporal: Client | None = None, *, begun: Callable[[], None] = lambda: None
) -> None:
    """Keep mails and take them in until cancelled; mails are kept also while the engine is down."""

    async def connected() -> Client:
        return temporal or await connect(settings)

    register = await open_own_register(settings.register_url)
    await note_configuration(register, settings, process="hotline")
    server, intake = build_hotline(settings, register, connected, now=_now)
    try:
        async with server:
            begun()
            await intake.run()
    except HotlinePortError as error:
        raise SettingsError(
            f"MINAOSHI_HOTLINE_SMTP の番地 {settings.hotline_smtp} で待ち受けられません（{error}）。"
            "別のプログラムが使っていないか、番地が正しいかを確かめてください。"
        ) from error
    finally:
        await register.close()


async def run_web(
    settings: Settings, temporal: Client | None = None, *, begun: Callable[[], None] = lambda: None
) -> None:
    """Serve the pages until cancelled, also while the engine is down.

    Raises SettingsError where the address is taken, or where one says who one is, and is believed, although another
    machine may open the pages or another engine is meant; ConnectionSettingsError as `load_connection` does.
    """
    # The web framework takes half a second to load, which no worker needs, and so does what speaks to a provider.
    from client.identity import Identity  # noqa: PLC0415
    from web.application import build_application  # noqa: PLC0415
    from web.codec import CodecEndpoint  # noqa: PLC0415
    from web.serving import serve  # noqa: PLC0415

    host, port = settings.web_host_and_port
    if settings.signs_in_locally and temporal is None and is_external():
        raise SettingsError(
            "名前を選ぶだけのサインインは、組み込みのサーバーで試すためのものです。"
            "ほかの Temporal サーバーにつなぐときは、"
            "MINAOSHI_OIDC_ISSUER と MINAOSHI_OIDC_CLIENT_ID に認証サーバーを指定してください。"
        )
    if settings.signs_in_locally and not settings.pages_are_local:
        raise SettingsError(
            f"ページは、ほかの機械から開けます（番地 {settings.web_address}、アドレス {settings.pages_url}）。"
            "名前を選ぶだけのサインインは、この機械の中で試すためのものです。MINAOSHI_OIDC_ISSUER と "
            "MINAOSHI_OIDC_CLIENT_ID に認証サーバーを指定するか、MINAOSHI_WEB_ADDRESS と MINAOSHI_PUBLIC_URL を "
            "127.0.0.1 のものにしてください。"
        )

    async def connected() -> Client:
        return temporal or await connect(settings)

    register = await open_own_register(settings.register_url)
    await note_configuration(register, settings, process="web")
    minaoshi = Minaoshi(
        register,
        connected,
        task_queue=settings.task_queue,
        signatures=Signatures(settings),
        identity=None if settings.signs_in_locally else Identity(settings),
        idle=timedelta(minutes=settings.idle_minutes),
    )
    codec = CodecEndpoint(settings.ui_origin, minaoshi.payload_reading(Unsealing(key_ring(settings))))
    summing_up = asyncio.create_task(minaoshi.refusals.run())
    try:
        application = build_application(minaoshi, pages_url=settings.pages_url, codec=codec)
        await serve(application, host=host, port=port, proxies=settings.trusted_proxies, listening=begun)
    except OSError as error:
        raise SettingsError(
            f"MINAOSHI_WEB_ADDRESS の番地 {settings.web_address} でページを出せません（{error.strerror}）。"
            "別のプログラムが使っていないか、番地が正しいかを確かめてください。"
        ) from error
    finally:
        summing_up.cancel()
        await asyncio.gather(summing_up, return_exceptions=True)
        await register.close()


async def run_all(settings: Settings, temporal: Client, *, begun: Callable[[], None]) -> None:
    """Run the worker, the pages, and the hotline where it is set: when one ends, so do the others.

    That it has `begun` is told when each of them has: a command that is given then finds everything there.
    """
    works = [run_worker, run_web] if settings.hotline_smtp is None else [run_worker, run_web, run_hotline]
    awaited = len(works)

    def one_has() -> None:
        nonlocal awaited
        awaited -= 1
        if not awaited:
            begun()

    tasks = [asyncio.ensure_future(work(settings, temporal, begun=one_has)) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def _main() -> None:
    write_logs()
    settings = load_settings()
    serve_metrics(settings)
    await until_stopped(run_worker(settings))


if __name__ == "__main__":
    asyncio.run(_main())
