"""二つの機関 (two bodies): the organisation of the demo, and beside it a city with people of its own."""

from __future__ import annotations

from importlib import resources

from tests.house import House

OUTSIDER, CITY_TEAM = "city-desk", "city-team"

_CITY = """
[[bodies]]
id = "sample-city"
name = "見本市長"
kind = "local_government"

[[departments]]
id = "city-residents"
body = "sample-city"
name = "市民課（見本）"

[[people]]
id = "city-desk"
body = "sample-city"
department = "city-residents"
name = "見本 市窓口"

[[people]]
id = "city-team"
body = "sample-city"
department = "city-residents"
name = "見本 市対策"

[[people]]
id = "city-chief"
body = "sample-city"
department = "city-residents"
name = "見本 市総括"

[[people]]
id = "city-director"
body = "sample-city"
department = "city-residents"
name = "見本 市統括"

[[appointments]]
role = "chief_privacy_officer"
body = "sample-city"
persons = ["city-chief"]

[[appointments]]
role = "team_member"
body = "sample-city"
persons = ["city-team"]

[[appointments]]
role = "drafter"
body = "sample-city"
department = "city-residents"
persons = ["city-desk"]

[[appointments]]
role = "privacy_manager"
body = "sample-city"
department = "city-residents"
persons = []
substitutes = ["city-chief"]

[[appointments]]
role = "director_general"
body = "sample-city"
department = "city-residents"
persons = ["city-director"]
"""


async def let_a_city_join(house: House) -> None:
    """Apply the organisation with both bodies."""
    known = resources.files("demo").joinpath("organisation.toml").read_text(encoding="utf-8")
    await house.minaoshi.organisation.apply((known + _CITY).encode())
