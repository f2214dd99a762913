"""The list of cases is whole: every test has its number, every P0 case a test and a guard, and the page says the same."""

from __future__ import annotations

from tests.attacks import listing
from tests.attacks.cases import CASES
from tests.attacks.guards import GUARDS


def test_every_numbered_test_is_of_a_case_that_is_listed():
    assert set(listing.tests()) - {case.number for case in CASES} == set()


def test_every_case_has_a_test_and_every_case_that_blocks_a_release_a_guard():
    named, guarded = listing.tests(), {guard.case for guard in GUARDS}
    assert [case.number for case in CASES if case.number not in named and not case.elsewhere] == []
    assert [case.number for case in CASES if case.priority == "P0" and case.number not in guarded] == []


def test_every_guard_names_a_test_that_exists():
    names = {name for found in listing.tests().values() for _, name in found}
    assert [guard.test for guard in GUARDS if guard.test not in names] == []


def test_the_page_holds_the_list_of_now():
    text = listing.PAGE.read_text(encoding="utf-8")
    assert listing.BEGIN in text
    assert listing.page(text) == text, "run python -m tests.attacks.listing"
