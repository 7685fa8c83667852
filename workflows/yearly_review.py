"""年次の見直し (yearly review): run by a Schedule each morning; opens what is due now, in pages."""

from datetime import date

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from pydantic import Field

    from activities.level_changes import LevelChanges, ReanalysisRequest, ReanalysisResult
    from activities.yearly import PageRequest, PageResult, YearlyOpening
    from guideline.deadlines import tokyo_date
    from schemas.base import Identifier, Message
    from workflows.calls import SWEEP

PAGES_PER_RUN = 100


class Sweep(Message):
    """年次の一巡 (one sweep): where it stands. `on` is today unless told."""

    on: date | None = Field(default=None, title="基準日（空なら今日）")
    after: Identifier | None = Field(default=None, title="この識別子の後から")
    opened: int = Field(default=0, ge=0, title="新たに開いた数")
    joined: int = Field(default=0, ge=0, title="開いている見直しに加えた数")
    known: int = Field(default=0, ge=0, title="この期日について既に始めていた数")

    def after_page(self, page: PageResult, *, on: date) -> "Sweep":
        """Add up what a page did, and go on behind it."""
        return Sweep(
            on=on,
            after=page.last,
            opened=self.opened + page.opened,
            joined=self.joined + page.joined,
            known=self.known + page.known,
        )

    def after_levels(self, done: ReanalysisResult) -> "Sweep":
        """Add up what the look at the levels did."""
        return self.model_copy(update={"opened": self.opened + done.opened, "joined": self.joined + done.joined})


@workflow.defn(name="YearlyReview")
class YearlyReviewWorkflow:
    """年次の見直し: a short starter; the reviews themselves go on without it."""

    @workflow.run
    async def run(self, sweep: Sweep) -> Sweep:
        on = sweep.on or tokyo_date(workflow.now())
        pages = 0
        while True:
            request = PageRequest(on=on, after=sweep.after)
            page = await workflow.execute_activity_method(YearlyOpening.open_page, request, **SWEEP)
            sweep = sweep.after_page(page, on=on)
            if page.last is None:
                return await self._with_changed_levels(sweep, on=on)
            pages += 1
            if pages == PAGES_PER_RUN:
                workflow.continue_as_new(sweep)

    async def _with_changed_levels(self, sweep: Sweep, *, on: date) -> Sweep:
        """Look last at what has changed a threshold: a year that has passed, or a level that was published."""
        more = True
        while more:
            request = ReanalysisRequest(on=on)
            done = await workflow.execute_activity_method(LevelChanges.reanalyse, request, **SWEEP)
            more = done.more
            sweep = sweep.after_levels(done)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return sweep
