"""時計を見る (clock watcher): a workflow that would not replay, in a module that the sandbox may load anew."""

import time

from temporalio import workflow


@workflow.defn
class LooksAtTheClock:
    @workflow.run
    async def run(self) -> float:
        return time.time()
