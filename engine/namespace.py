"""名前空間 (Namespace): what the embedded server's namespace must have before anybody uses it."""

from collections.abc import Mapping
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.service import ServiceClient

# The development server keeps closed histories one day. What must be kept for years is in the register; a month leaves
# time to look at how a review went.
RETENTION = timedelta(days=30)

_TIMEOUT = timedelta(seconds=5)


async def prepare(service: ServiceClient, namespace: str, *, search_attributes: Mapping[str, str]) -> None:
    """Give `namespace` at least `RETENTION`, and the search attributes (name to Temporal type) that it lacks.

    Asked of the running server and not by its `--search-attribute` option, which is ignored for a database that an
    earlier version of this program has made.
    """
    await _keep_closed_histories(service, namespace)
    await _add_missing(service, namespace, search_attributes)


async def _keep_closed_histories(service: ServiceClient, namespace: str) -> None:
    described = await service.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=namespace), retry=True, timeout=_TIMEOUT
    )
    if described.config.workflow_execution_retention_ttl.ToTimedelta() >= RETENTION:
        return
    retention = Duration()
    retention.FromTimedelta(RETENTION)
    await service.workflow_service.update_namespace(
        UpdateNamespaceRequest(namespace=namespace, config=NamespaceConfig(workflow_execution_retention_ttl=retention)),
        retry=True,
        timeout=_TIMEOUT,
    )


async def _add_missing(service: ServiceClient, namespace: str, wanted: Mapping[str, str]) -> None:
    listed = await service.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=namespace), retry=True, timeout=_TIMEOUT
    )
    missing = {name: value_type(kind) for name, kind in wanted.items() if name not in listed.custom_attributes}
    if missing:
        await service.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=namespace, search_attributes=missing), retry=True, timeout=_TIMEOUT
        )


def value_type(kind: str) -> IndexedValueType.ValueType:
    """Give the server's name of a search attribute's type."""
    # "KeywordList" is INDEXED_VALUE_TYPE_KEYWORD_LIST
    words = "".join(f"_{letter}" if letter.isupper() else letter for letter in kind)
    return IndexedValueType.Value(f"INDEXED_VALUE_TYPE{words.upper()}")
