from temporalio.common import SearchAttributeKey

import workflows.search_attributes
from engine.search_attributes import SEARCH_ATTRIBUTES


def test_the_server_knows_what_the_workflows_set_and_nothing_else() -> None:
    keys = [value for value in vars(workflows.search_attributes).values() if isinstance(value, SearchAttributeKey)]
    in_use = {key.name: key.indexed_value_type.name.title().replace("_", "") for key in keys}
    assert in_use == SEARCH_ATTRIBUTES
