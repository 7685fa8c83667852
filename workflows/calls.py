"""呼出しの約束 (calls): how long an activity may take, and how it is tried again."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

WRITE = workflow.ActivityConfig(
    start_to_close_timeout=timedelta(seconds=10),
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=10)),
)
"""台帳への記帳: tried until it succeeds. A killed worker's try is given up after the time-out, so that is short."""

WRITE_OR_REFUSE = workflow.ActivityConfig(
    start_to_close_timeout=timedelta(seconds=10),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=200),
        maximum_interval=timedelta(seconds=10),
        non_retryable_error_types=["OtherContentError", "MovedOnError"],
    ),
)
"""台帳への記帳: the same, but an act that the register will never take is told at once."""

WRITE_MANY = workflow.ActivityConfig(
    start_to_close_timeout=timedelta(minutes=2),
    heartbeat_timeout=timedelta(seconds=10),
    retry_policy=WRITE_OR_REFUSE["retry_policy"],
)
"""多数の行の記帳: for thousands of rows at once; a killed worker's try is given up after ten seconds."""

TAKE_IN = workflow.LocalActivityConfig(
    start_to_close_timeout=timedelta(minutes=5),
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=10)),
)
"""報告の受付: one report with all its reviews, tried until it succeeds."""

SWEEP = workflow.ActivityConfig(
    start_to_close_timeout=timedelta(minutes=10),
    heartbeat_timeout=timedelta(seconds=60),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)),
)
"""年次の一頁: many update-with-starts, with a heartbeat after each."""

DELIVER = workflow.ActivityConfig(
    start_to_close_timeout=timedelta(minutes=2),
    heartbeat_timeout=timedelta(seconds=10),
    schedule_to_close_timeout=timedelta(days=14),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(hours=1)),
)
"""知らせの配達: for two weeks, in the end once an hour. By the heartbeat a killed worker's try is made again soon."""

SEND_PAGE = workflow.ActivityConfig(
    start_to_close_timeout=timedelta(minutes=30),
    heartbeat_timeout=timedelta(seconds=5),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)),
)
"""事務連絡の一頁: a hundred letters at their pace, each marked by itself; a try after a crash sends the rest."""
