"""Money and plan behind what is carried out, for programs."""

from participation.api.views.budget.lines import BudgetImport, BudgetLineDetail, BudgetLineList, BudgetLineProposals
from participation.api.views.budget.plans import (
    ObjectiveDetail,
    ObjectiveImport,
    ObjectiveList,
    ObjectiveProposals,
    PlanDetail,
    PlanList,
)
from participation.api.views.budget.units import UnitDetail, UnitList, UnitMerge

__all__ = [
    "BudgetImport",
    "BudgetLineDetail",
    "BudgetLineList",
    "BudgetLineProposals",
    "ObjectiveDetail",
    "ObjectiveImport",
    "ObjectiveList",
    "ObjectiveProposals",
    "PlanDetail",
    "PlanList",
    "UnitDetail",
    "UnitList",
    "UnitMerge",
]
