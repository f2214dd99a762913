"""Keeping the municipality's budget lines and its strategic plan, by hand and from files."""

from proposals.budget.actions.lines import LineFields, add_budget_line, change_budget_line, import_budget_lines
from proposals.budget.actions.plans import (
    ObjectiveFields,
    add_objective,
    add_strategic_plan,
    change_objective,
    change_strategic_plan,
    import_objectives,
)

__all__ = [
    "LineFields",
    "ObjectiveFields",
    "add_budget_line",
    "add_objective",
    "add_strategic_plan",
    "change_budget_line",
    "change_objective",
    "change_strategic_plan",
    "import_budget_lines",
    "import_objectives",
]
