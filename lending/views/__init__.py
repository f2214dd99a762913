"""Equipment that is lent: the list for everybody, loans for their two sides."""

from lending.views.items import (
    lending_item,
    lending_item_edit,
    lending_item_new,
    lending_items,
    lending_picture,
    lending_piece,
)
from lending.views.loans import lending_loan, lending_loan_act, lending_loan_new, lending_loans, lending_slip

__all__ = [
    "lending_item",
    "lending_item_edit",
    "lending_item_new",
    "lending_items",
    "lending_loan",
    "lending_loan_act",
    "lending_loan_new",
    "lending_loans",
    "lending_picture",
    "lending_piece",
    "lending_slip",
]
