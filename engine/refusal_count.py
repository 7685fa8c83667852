"""拒否の数 (refusal count): how often acts were refused, by reason. Nothing is written for a single refusal.

Whoever sends refused acts without end then fills no log and no table.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from temporalio import activity, workflow
from temporalio.common import MetricMeter
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

METRIC = "minaoshi_refusals"
OTHER = "other"
"""A reason that is none of those known: labels of a metric are a closed set."""

UNREAD = "unread"
"""読めない: what was in clear, of an unknown key or without its argument, and so never came to a rule."""


class Alarming(NamedTuple):
    """知らせるべき拒否 (what is alarming): so many of these reasons within so many seconds."""

    reasons: Collection[str]
    at_least: int
    window_s: float


class RefusalCount:
    """拒否の数: of one worker; `refused` is the type of the errors, `reasons` the codes that they may carry."""

    def __init__(
        self,
        refused: str,
        *,
        reasons: Collection[str],
        alarming: Alarming,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._refused = refused
        self._reasons = frozenset(reasons)
        self._alarming = alarming
        self._clock = clock
        self._lock = threading.Lock()  # validators run in the threads of their workflows
        self._total: Counter[str] = Counter()
        self._told: Counter[str] = Counter()
        self._lately: deque[float] = deque(maxlen=alarming.at_least)

    def count(self, error: ApplicationError, meter: Callable[[], MetricMeter]) -> None:
        """Count an error that is a refusal, here and in Temporal's metrics."""
        if error.type != self._refused:
            return
        said = error.details[0] if error.details else None
        code = said.get("code") if isinstance(said, dict) else None
        reason = code if isinstance(code, str) and code in self._reasons else OTHER
        self._add(reason, 1, meter)

    def count_unread(self, number: int, meter: Callable[[], MetricMeter]) -> None:
        """Count what could not be read."""
        self._add(UNREAD, number, meter)

    def _add(self, reason: str, number: int, meter: Callable[[], MetricMeter]) -> None:
        with self._lock:
            self._total[reason] += number
            if reason in self._alarming.reasons:
                self._lately.extend([self._clock()] * number)
        meter().create_counter(METRIC, "Acts that were refused, by reason").add(number, {"reason": reason})

    def totals(self) -> dict[str, int]:
        """Give how many were refused since the worker began, by reason."""
        with self._lock:
            return dict(self._total)

    def since_told(self) -> dict[str, int]:
        """Give how many were refused since this was last asked, by reason."""
        with self._lock:
            since = self._total - self._told
            self._told = Counter(self._total)
        return dict(since)

    def is_alarming(self) -> bool:
        """Say whether within the window so many were refused for an alarming reason that somebody must be told."""
        with self._lock:
            full = len(self._lately) == self._lately.maxlen
            return full and self._clock() - self._lately[0] <= self._alarming.window_s


class RefusalCounting(Interceptor):
    """拒否を数える: sees what validators and activities refuse; what can't be read is counted by `engine.unread`.

    An update of an unknown name is seen by neither: it does nothing, and no rule is asked.
    """

    def __init__(self, counted: RefusalCount) -> None:
        self._counted = counted

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 # Temporal's name
        return _AtActivities(next, self._counted)

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002, ARG002 # Temporal's name
    ) -> type[WorkflowInboundInterceptor]:
        counted = self._counted

        class _AtWorkflows(WorkflowInboundInterceptor):
            def handle_update_validator(self, input: HandleUpdateInput) -> None:  # noqa: A002 # Temporal's name
                try:
                    super().handle_update_validator(input)
                except ApplicationError as error:
                    counted.count(error, workflow.metric_meter)
                    raise
                except TypeError:  # it came without its argument
                    counted.count_unread(1, workflow.metric_meter)
                    raise

        return _AtWorkflows


class _AtActivities(ActivityInboundInterceptor):
    def __init__(self, after: ActivityInboundInterceptor, counted: RefusalCount) -> None:
        super().__init__(after)
        self._counted = counted

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 # Temporal's name
        try:
            return await super().execute_activity(input)
        except ApplicationError as error:
            self._counted.count(error, activity.metric_meter)
            raise
