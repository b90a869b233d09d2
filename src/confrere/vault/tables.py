"""Making a room's tables at once."""

from collections.abc import Sequence
from typing import Any

from django.db.migrations import CreateModel, SeparateDatabaseAndState
from django.db.migrations.state import ProjectState


class CreateModels(SeparateDatabaseAndState):
    """Creates several tables, in their order, with the models of the migration state computed once for all of them.

    Django computes every model that is related to a new one anew, for each `CreateModel`; here nearly all are
    related, so that a room of twenty tables had all tables of the house computed twenty times. The statements that
    reach the database are the same.

    Args:
        operations: what `makemigrations` wrote, without other operations between them.
    """

    def __init__(self, operations: Sequence[CreateModel]) -> None:
        super().__init__(database_operations=operations, state_operations=operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add the models to a state whose classes are computed when they are next asked for."""
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create each table from the state that has all of them."""
        for operation in self.database_operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)
