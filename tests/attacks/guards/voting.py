"""The guards against attacks on votes, their secrecy and their record; see `tests.attacks.guards`."""

from __future__ import annotations

from people.verdicts import YES
from tests.attacks.taking_out import always, puts, with_middleware, without_middleware
from tests.attacks.unguarded import (
    NO_LOOK,
    UNTIMED,
    another_statement,
    anybody_s_address_is_looked_up_first,
    counting_without_a_lock,
    identities_may_repeat,
    looking_before_writing,
    papers_as_they_come,
    without,
)
from tests.attacks.without import Guard

GUARDS: tuple[Guard, ...] = (
    Guard(
        "test_001_many_votes_of_one_person_at_once_are_one_row",
        "one statement over a unique constraint",
        looking_before_writing,
    ),
    Guard(
        "test_002_supporting_and_taking_it_back_at_once_ends_in_a_count_of_the_rows",
        "the row that holds the count is locked",
        counting_without_a_lock,
    ),
    Guard(
        "test_003_once_is_a_constraint_of_the_database",
        "unique constraints",
        lambda site: site.sql("ALTER TABLE ballots_vote DROP CONSTRAINT one_vote_per_person"),
        where="ballots_vote",
    ),
    Guard(
        "test_004_the_clock_of_the_web_server_opens_and_closes_nothing",
        "the database's clock, in the statement and in a trigger",
        another_statement(*UNTIMED, sql=NO_LOOK),
    ),
    Guard(
        "test_004_a_date_the_client_claims_opens_no_ballot_that_has_closed",
        "the database's clock, in the statement and in a trigger",
        another_statement(*UNTIMED, sql=NO_LOOK),
        fails=(AssertionError, KeyError),
    ),
    Guard(
        "test_005_nobody_votes_before_the_opening_nor_after_the_outcome",
        "opening and outcome are asked in the statement and in a trigger",
        another_statement(*UNTIMED, sql=NO_LOOK),
    ),
    Guard(
        "test_006_what_was_opened_is_not_changed",
        "a trigger freezes the ballot",
        without("ballots_ballot", "USER"),
        where="question",
    ),
    Guard("test_006_the_roll_is_not_changed", "a trigger freezes the roll", without("ballots_elector", "USER")),
    Guard(
        "test_007_what_is_no_paper_of_this_ballot_stores_nothing",
        "a paper is read by the rules of its ballot",
        papers_as_they_come,
        where="maybe",
    ),
    Guard(
        "test_008_who_left_the_group_after_the_opening_still_votes_and_who_came_does_not",
        "the roll is asked in the statement, and by a foreign key",
        another_statement(
            ("WHEN elector.id IS NULL THEN", "WHEN false THEN"),
            sql=("ALTER TABLE ballots_vote DROP CONSTRAINT vote_is_by_somebody_on_the_roll",),
        ),
        fails=(AssertionError, KeyError),
    ),
    Guard(
        "test_009_a_posted_vote_is_its_sender_s_whatever_else_the_form_says",
        "a vote is of the session's person",
        with_middleware("tests.attacks.unguarded.ActsForTheNamed", before="MessageMiddleware"),
        where="voter_id",
    ),
    Guard("test_010_one_identity_verifies_one_account", "a number belongs to one account", identities_may_repeat),
    Guard(
        "test_010_one_address_has_one_account",
        "addresses are compared in lower case",
        lambda site: site.sql("DROP INDEX one_account_per_address"),
    ),
    Guard(
        "test_012_a_vote_that_meets_the_closing_is_counted_or_refused",
        "a vote holds its ballot, and a trigger looks again",
        puts("tests.attacks.test_ballots.LOCKS_AND_LOOKS_AGAIN", (False, False)),
    ),
    Guard(
        "test_015_results_that_are_hidden_make_no_difference_anywhere_before_the_declaration",
        "one question decides whether results are shown",
        puts("ballots.models.Ballot.shows_results", True),
    ),
    Guard(
        "test_016_the_list_of_voters_is_for_those_the_owner_names",
        "the owner's rule is asked",
        puts("ballots.views.may_see_roll_call", always(YES)),
    ),
    Guard(
        "test_018_a_vote_comes_by_a_posted_form_with_its_token_and_in_no_other_way",
        "forms carry a token",
        without_middleware("CsrfViewMiddleware"),
    ),
    Guard(
        "test_020_counters_equal_their_rows_after_anything_that_may_happen",
        "a count is counted in the transaction that changes it",
        puts("proposals.actions.supporting.counted_supports", lambda proposal: proposal.support_count + 1),
        where="1",
    ),
    Guard(
        "test_021_a_vote_is_neither_taken_away_nor_given_to_somebody_else",
        "triggers keep votes",
        without("ballots_vote", "USER"),
        where="DELETE",
    ),
    Guard(
        "test_022_a_record_that_is_altered_dropped_swapped_or_added_makes_verify_log_fail",
        "every leaf is computed from its row again",
        puts("journal.verifying._leaf", always(())),
        where="altered",
    ),
    Guard(
        "test_022_a_record_that_is_altered_dropped_swapped_or_added_makes_verify_log_fail",
        "what is neither sealed nor waiting is told",
        puts("journal.verifying._rows_beside", always(())),
        where="added",
    ),
    Guard(
        "test_022_a_head_made_anew_is_not_the_one_before_the_next",
        "heads are chained",
        puts("journal.verifying._Heads._check", always(())),
    ),
    Guard(
        "test_022_the_receipt_of_every_voter_proves_inclusion_under_the_published_root",
        "the path of a proof must lead to the root",
        puts("journal.merkle.is_included", always(True)),
    ),
    Guard(
        "test_019_an_amendment_is_decided_by_its_deciders_alone",
        "a verdict names the author, or who leads the body",
        puts("proposals.actions.amending.may_accept_amendment", always(YES)),
    ),
    Guard(
        "test_011_who_can_give_no_proxy_learns_nothing_of_an_address",
        "what hinders the giver is told first",
        anybody_s_address_is_looked_up_first,
        where="has_voted",
    ),
)
