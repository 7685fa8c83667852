"""でたらめな入力: whatever is sent, the pages answer in words; a bug would be found and can be repeated."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from fastapi import FastAPI, Response

from tests.waiting import open_desk
from tests.web.asking import Answered, ask, asked_in, faults_of
from tests.web.crowd import Crowd, crowd
from tests.web.fuzzing import Fuzz, Ground
from web.application import build_application

__all__ = ["crowd"]

SEED = int(os.environ.get("FUZZ_SEED", "20261123"))
TIMES = int(os.environ.get("FUZZ_TIMES") or 10_000)
"""`FUZZ_SEED=7 make test PYTEST_ARGS="-m whole tests/web/test_fuzz.py"` sends others."""

PARTS = 4
"""So that several processes may take part of them."""


def planted(chance: str = "") -> Response:
    """Fail as a careless page would: for some of what it is asked."""
    return Response(str(int(chance or "0")))


@pytest.mark.whole
@pytest.mark.parametrize("part", range(PARTS))
async def test_whatever_is_sent_is_answered_in_words(crowd: Crowd, part: int) -> None:
    answers = Counter[int]()
    for number in range(part, TIMES, PARTS):
        person = Random(number).choice(crowd.people)  # noqa: S311 # nobody guards anything with it
        asked, answer = await crowd.send(person, Fuzz(SEED, crowd.ground).request(number))
        answers[answer.status] += 1
        said = f"FUZZ_SEED={SEED}, number {number}:\n{asked.told()}\n{answer.headers}\n{answer.failed}"
        assert answer.status < 500, said
        assert faults_of(answer) == [], said
    assert {200, 303, 403, 404, 409, 422} <= set(answers), answers


async def test_a_bug_would_be_found_and_can_be_repeated(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as (minaoshi, _):
        application = build_application(minaoshi)
        application.add_api_route("/planted", planted, methods=["GET"])
        application.router.routes.insert(0, application.router.routes.pop())
        ground = Ground([("GET", "/planted"), ("GET", "/sign-in")], {}, asked_in(application, {}))
        found = [number for number in range(100) if (await answer_to(application, ground, number)).status == 500]
        assert found
        again = await answer_to(application, ground, found[0])
        assert "ValueError" in again.failed


async def answer_to(application: FastAPI, ground: Ground, number: int) -> Answered:
    return await ask(application, Fuzz(SEED, ground).request(number))
