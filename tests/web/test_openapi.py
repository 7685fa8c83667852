"""OpenAPI から作る入力: what schemathesis makes of the application's own description is answered in words."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis.core.result import Ok

from tests.web.asking import Asked, faults_of, operations
from tests.web.crowd import Crowd, crowd
from tests.web.description import described

__all__ = ["crowd"]

Case: TypeAlias = "schemathesis.Case[Any]"
Operation: TypeAlias = "schemathesis.APIOperation[Any, Any, Any, Any]"

EXAMPLES = 12

SETTINGS = hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)


@pytest.mark.whole
async def test_what_is_made_of_the_description_is_answered_in_words(crowd: Crowd) -> None:
    loop = asyncio.get_running_loop()
    seen = set[tuple[str, str]]()
    answers = Counter[int]()

    async def answered(case: Case) -> None:
        person = crowd.people[answers.total() % 2]
        asked, answer = await crowd.send(person, asked_by(case))
        seen.add((case.method, case.path))
        answers[answer.status] += 1
        assert answer.status < 500, f"{asked.told()}\n{answer.failed}"
        assert faults_of(answer) == [], f"{asked.told()}\n{answer.headers}"

    def try_all() -> None:
        for operation in operations_of(crowd):

            @SETTINGS
            @hypothesis.given(case=operation.as_strategy())
            def each(case: Case) -> None:
                asyncio.run_coroutine_threadsafe(answered(case), loop).result()

            each()

    await asyncio.to_thread(try_all)
    assert seen == set(operations(crowd.application))
    assert {200, 303, 404, 409, 422} <= set(answers), answers


def operations_of(crowd: Crowd) -> list[Operation]:
    """Give what schemathesis finds in the description; the token of the forms is put in when one is sent."""
    description = described(crowd.application, crowd.ground, token="TOKEN")  # noqa: S106 # a place for it
    found = list(schemathesis.openapi.from_dict(description).get_all_operations())
    assert all(isinstance(one, Ok) for one in found), found
    return [one.ok() for one in found if isinstance(one, Ok)]


def asked_by(case: Case) -> Asked:
    """Write a case as it goes over the wire."""
    made = requests.Request(**case.as_transport_kwargs(base_url="http://127.0.0.1")).prepare()
    assert made.url is not None
    address = urlsplit(made.url)
    headers = tuple(
        (name.lower().encode(), value.encode("latin-1") if isinstance(value, str) else value)
        for name, value in made.headers.items()
    )
    body = made.body or b""
    assert isinstance(body, (bytes, str))
    return Asked(
        case.method,
        address.path.encode(),
        address.query.encode(),
        headers,
        body.encode() if isinstance(body, str) else body,
    )
