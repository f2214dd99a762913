"""The guards against attacks on who reaches what; see `tests.attacks.guards`."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist

from people.verdicts import YES
from tests.attacks.taking_out import always, puts
from tests.attacks.unguarded import (
    a_draft_that_is_gone_is_a_fault,
    a_route_without_a_row,
    a_topic_without_a_row,
    another_persons_rows,
    any_field_of_a_person,
    comments_of_any_thread,
    everything_of_a_proposal,
    no_query_is_narrowed,
    one_parameter_more,
    tokens_that_nobody_signed,
)
from tests.attacks.without import Guard

GUARDS: tuple[Guard, ...] = (
    Guard(
        "test_050_the_api_refuses_what_is_not_on_its_list",
        "an endpoint names the parameters it knows",
        one_parameter_more,
        where="expand=author",
        fails=(AssertionError, KeyError),
    ),
    Guard(
        "test_052_a_list_of_numbers_deletes_nothing_that_is_only_looked_at",
        "the administration only shows what actions change",
        everything_of_a_proposal,
    ),
    Guard("test_055_an_export_is_of_who_asks_and_ends_with_the_session", "rows of one's own", another_persons_rows),
    Guard(
        "test_064_of_what_is_not_for_everybody_nobody_is_told",
        "only public entries are told",
        puts("notifications.reactions.is_told", always(True)),
    ),
    Guard(
        "test_064_another_persons_notices_are_as_if_they_were_not_there",
        "notices are found among one's own",
        puts("notifications.models.NoticeQuerySet.of", lambda rows, person: rows),
    ),
    Guard(
        "test_064_the_way_out_of_mails_is_opened_by_its_own_address_only",
        "the address is signed",
        tokens_that_nobody_signed,
    ),
    Guard("test_046_every_address_has_a_row", "a row for every route", a_route_without_a_row),
    Guard(
        "test_046_everybody_gets_what_the_rows_say",
        "the verdict asks for the seat that leads",
        puts("workinggroups.permissions.leads", always(True)),
        where="mehmet",
    ),
    Guard(
        "test_084_everybody_may_follow_what_the_rows_say",
        "following asks who may read",
        puts("workinggroups.permissions.GroupThreadPolicy.may_read", always(True)),
    ),
    Guard("test_084_every_kind_of_topic_has_rows", "a row for every topic", a_topic_without_a_row),
    Guard(
        "test_047_a_representative_acts_for_no_other_organisation",
        "acting for an organisation needs its mandate",
        puts("proposals.actions.drafting.may_act_for", always(YES)),
        fails=(AssertionError, KeyError),
    ),
    Guard(
        "test_048_a_closed_discussion_leaks_through_no_door",
        "the owner of a discussion says who reads it",
        puts("workinggroups.permissions.GroupThreadPolicy.may_read", always(True)),
    ),
    Guard(
        "test_048_who_leaves_the_group_is_outside_at_once",
        "a seat counts on its days only",
        puts("councils.models.MembershipQuerySet.on", lambda seats, day: seats),
    ),
    Guard(
        "test_049_nobody_writes_into_a_closed_discussion_from_outside",
        "a comment is found through its discussion",
        puts("workinggroups.permissions.GroupThreadPolicy.may_read", always(True)),
    ),
    Guard(
        "test_051_no_mapping_becomes_a_lookup_outside_the_reviewed_list",
        "mappings become lookups in reviewed places only",
        puts("tests.attacks.test_code.REVIEWED_EXPANSIONS", set()),
    ),
    Guard(
        "test_054_addresses_of_one_council_show_nothing_of_another",
        "a nested object is found through its parent",
        puts("discussions.views.find_comment", comments_of_any_thread),
    ),
    Guard(
        "test_056_parts_of_a_page_have_the_guard_of_the_page",
        "a part asks the verdict of its page",
        puts("workinggroups.permissions.leads", always(True)),
    ),
    Guard(
        "test_057_a_draft_and_its_files_exist_for_their_author_only",
        "files are found among the proposals one may see",
        no_query_is_narrowed,
    ),
    Guard(
        "test_059_settings_change_name_and_language_and_nothing_else",
        "the action takes a name and a language",
        any_field_of_a_person,
    ),
    Guard(
        "test_060_who_moderates_here_hides_nothing_there",
        "a moderator is one of this body or council",
        puts("proposals.permissions.policies.is_moderator", always(True)),
    ),
    Guard(
        "test_143_a_draft_that_was_discarded_in_another_window_is_gone_and_no_fault",
        "what is gone when its row is locked is told",
        a_draft_that_is_gone_is_a_fault,
        fails=(ObjectDoesNotExist,),
    ),
)
