"""家と作業者: as in the tests of the workflows."""

from tests.workflows.conftest import empty_house, house

__all__ = ["empty_house", "house"]
