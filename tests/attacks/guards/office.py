"""What keeps attacks on the office's list from succeeding, to be taken out one by one."""

from __future__ import annotations

from people.verdicts import YES
from proposals.models import Proposal
from tests.attacks.taking_out import always, puts
from tests.attacks.without import Guard, Site


def numbers_of_any_council(site: Site) -> None:
    def chosen(request, numbers):
        rows = {row.number: row for row in Proposal.objects.filter(number__in=numbers).select_related("council")}
        return [rows[number] for number in numbers if number in rows]

    site.replace("proposals.views.office._chosen", chosen)


GUARDS = (
    Guard(
        "test_046_an_order_of_somebody_outside_the_office_leaves_no_trace",
        "the list and each of its actions ask who may",
        puts("proposals.actions.managing.may_manage_proposals", always(YES)),
    ),
    Guard(
        "test_052_numbers_of_another_council_in_an_order_change_nothing_there",
        "the numbers are read within the council of the page",
        numbers_of_any_council,
    ),
    Guard(
        "test_118_no_cell_of_a_file_is_a_formula_and_every_text_comes_back",
        "a text that could be a formula gets an apostrophe",
        puts("proposals.sheets.neutral", lambda text: text),
        where="csv",
    ),
)
