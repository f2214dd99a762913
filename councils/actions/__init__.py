"""Everything that can be done with a council. Each action asks its verdict, writes and records in one transaction."""

from councils.actions.holidays import calendar_of, seed_holidays, set_holiday
from councils.actions.procedures import set_procedure, start_procedures
from councils.actions.proxies import MAX_PROXY_REASON, MIN_REASON, set_proxy_rule
from councils.actions.residences import declare_residence, verify_residence

__all__ = [
    "MAX_PROXY_REASON",
    "MIN_REASON",
    "calendar_of",
    "declare_residence",
    "seed_holidays",
    "set_holiday",
    "set_procedure",
    "set_proxy_rule",
    "start_procedures",
    "verify_residence",
]
