"""The guards of each case: what keeps the attack from succeeding, and how it is taken out to see the attack succeed."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.mail import BadHeaderError

from people.verdicts import YES
from tests.attacks.account_guards import GUARDS as OF_ACCOUNTS
from tests.attacks.municipal_guards import GUARDS as OF_THE_MUNICIPALITY
from tests.attacks.office_guards import GUARDS as OF_THE_OFFICE
from tests.attacks.taking_out import always, puts, sets, with_middleware, without_middleware
from tests.attacks.unguarded import (
    NO_LOOK,
    UNTIMED,
    a_draft_that_is_gone_is_a_fault,
    a_route_without_a_row,
    a_topic_without_a_row,
    addresses_in_the_administration,
    another_persons_rows,
    another_statement,
    any_field_of_a_person,
    anybody_s_address_is_looked_up_first,
    anybodys_drafts,
    comments_of_any_thread,
    counting_without_a_lock,
    everything_of_a_proposal,
    files_under_the_given_name,
    headers_as_they_come,
    html_in_markdown,
    identities_may_repeat,
    inline_scripts_allowed,
    looking_before_writing,
    no_escaping,
    no_query_is_narrowed,
    nobody_is_told,
    one_cache_for_everybody,
    one_parameter_more,
    only_the_newest_is_told,
    pages_without_a_limit,
    papers_as_they_come,
    production,
    says_ping,
    sentences_read_twice,
    tokens_that_nobody_signed,
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
    Guard(
        "test_077_a_notice_does_not_read_its_facts_as_a_template",
        "facts are put in once",
        puts("notifications.reading.sentence", lambda kind, facts, due_at=None: str(facts["note"]).format_map(facts)),
        fails=(AssertionError, AttributeError, KeyError, ValueError),
    ),
    Guard(
        "test_078_a_title_writes_no_header_of_a_mail",
        "headers are one line",
        puts("notifications.composing.header_text", lambda text: text),
        fails=(AssertionError, BadHeaderError),
    ),
    Guard(
        "test_077_a_sentence_of_the_record_does_not_read_its_facts_as_a_template",
        "facts are put in once",
        sentences_read_twice,
    ),
    Guard(
        "test_083_a_page_of_another_site_opens_no_socket",
        "origins are compared whole",
        puts("realtime.origins.is_allowed", always(True)),
        where="http://evil.tld",
    ),
    Guard(
        "test_085_a_socket_ends_with_its_session_and_its_account",
        "the end of a session is told to every hub",
        nobody_is_told("end_session", "end_person"),
        where="end_by_closing",
        fails=(AssertionError, TimeoutError),
    ),
    Guard(
        "test_086_who_lost_the_right_hears_nothing_more",
        "sockets are asked again",
        nobody_is_told("recheck"),
    ),
    Guard(
        "test_087_a_socket_writes_nothing",
        "a protocol of four words",
        says_ping,
        where="said0",
        fails=(AssertionError, TimeoutError),
    ),
    Guard(
        "test_088_what_is_no_short_plain_message_is_not_read",
        "size and shape are looked at first",
        puts("realtime.protocol.read", always(None)),
    ),
    Guard(
        "test_089_bytes_that_end_a_line_elsewhere_smuggle_no_header",
        "no byte that ends a line, and one origin, compared whole",
        headers_as_they_come,
    ),
    Guard(
        "test_092_who_comes_back_has_what_a_fresh_page_has",
        "what was missed is read from the journal",
        only_the_newest_is_told,
    ),
    Guard(
        "test_100_an_address_the_client_made_up_does_not_reset_the_count",
        "no proxy is believed unless it is named",
        sets(REST_FRAMEWORK={**settings.REST_FRAMEWORK, "NUM_PROXIES": None}),
        where="X-Forwarded-For",
    ),
    Guard(
        "test_133_made_up_ports_of_our_host_take_no_memory",
        "few hosts are remembered",
        puts("participation.express.lane.MOST_HOSTS", 10**6),
    ),
    Guard(
        "test_111_cookies_are_of_this_host_alone_and_no_script_reads_them",
        "a site of https",
        lambda site: site.entry(production(), "SITE_URL", "http://meydan.example.org"),
    ),
    Guard(
        "test_116_an_archive_is_not_opened",
        "what is neither PDF nor picture is refused",
        puts("proposals.attachment_content._reencoded_image", lambda data: data),
    ),
    Guard(
        "test_117_a_picture_of_too_many_points_is_not_unpacked",
        "points are counted before a picture is unpacked",
        puts("proposals.attachment_content.MAX_PIXELS", 10**12),
        where="8000",
    ),
    Guard(
        "test_120_a_body_beyond_the_limit_is_refused_by_the_server_before_it_is_read",
        "bodies are measured at the entrance",
        pages_without_a_limit,
        fails=(AssertionError, TimeoutError),
    ),
    Guard(
        "test_131_the_deployment_check_has_nothing_to_say",
        "a site of https",
        lambda site: site.entry(production(), "SECURE_SSL_REDIRECT", ""),
    ),
    Guard(
        "test_133_nobody_says_in_a_header_who_they_are",
        "only a session or a token says who asks",
        with_middleware("tests.attacks.unguarded.BelievesAHeader", before="MessageMiddleware"),
    ),
    *OF_ACCOUNTS,
    *OF_THE_OFFICE,
    *OF_THE_MUNICIPALITY,
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
        "test_019_an_amendment_is_decided_by_its_deciders_alone",
        "a verdict names the author, or who leads the body",
        puts("proposals.actions.amending.may_accept_amendment", always(YES)),
    ),
    Guard(
        "test_060_who_moderates_here_hides_nothing_there",
        "a moderator is one of this body or council",
        puts("proposals.permissions.is_moderator", always(True)),
    ),
    Guard("test_069_a_payload_in_any_field_stays_text_on_every_page", "templates escape", no_escaping, where="0"),
    Guard("test_070_markdown_gives_html_in_which_nothing_runs", "Markdown without HTML, then nh3", html_in_markdown),
    Guard(
        "test_071_markup_that_changes_its_meaning_when_read_again_stays_text",
        "Markdown without HTML, then nh3",
        html_in_markdown,
    ),
    Guard("test_073_what_a_request_says_is_not_said_back_as_html", "templates escape", no_escaping),
    Guard("test_081_every_page_forbids_what_is_not_its_own", "a policy without unsafe-inline", inline_scripts_allowed),
    Guard(
        "test_114_what_is_neither_pdf_nor_picture_is_refused_with_a_sentence",
        "files are read and made anew",
        puts("proposals.attachment_content._reencoded_image", lambda data: data),
    ),
    Guard(
        "test_114_no_script_is_left_in_a_pdf_wherever_it_stands",
        "a PDF is made anew without actions",
        puts("proposals.attachment_content._harmless_pdf", lambda data: data),
    ),
    Guard(
        "test_115_a_name_is_only_ever_shown",
        "a file is kept under a name of our own",
        files_under_the_given_name,
        where="<svg",
    ),
    Guard(
        "test_117_a_picture_loses_its_place_and_is_shown_as_our_own_copy",
        "a picture is drawn anew",
        puts("proposals.attachment_content._reencoded_image", lambda data: data),
    ),
    Guard(
        "test_118_no_cell_of_an_export_is_a_formula",
        "an apostrophe before what could be a formula",
        puts("proposals.sheets.neutral", str),
    ),
    Guard(
        "test_118_a_workbook_holds_texts_and_no_formulas_or_links",
        "an apostrophe before what could be a formula",
        puts("proposals.sheets.neutral", str),
    ),
    Guard(
        "test_118_ones_own_export_is_imported_as_it_was_written",
        "an import takes the apostrophe of an export away",
        puts("proposals.import_rows.original", str),
    ),
    Guard(
        "test_119_a_drafts_file_is_its_authors_alone",
        "files are found among the proposals one may see",
        no_query_is_narrowed,
    ),
    Guard(
        "test_120_many_fields_are_refused_and_not_read", "a limit of fields", sets(DATA_UPLOAD_MAX_NUMBER_FIELDS=None)
    ),
    Guard(
        "test_123_a_codec_that_is_not_of_text_is_refused_before_it_breaks_the_request",
        "UTF-8 only",
        puts("participation.charset.is_plain", always(True)),
        fails=(AssertionError, ValueError),
    ),
    Guard(
        "test_126_a_strange_language_is_turkish_and_soon",
        "languages by list",
        sets(LANGUAGES=[*settings.LANGUAGES, ("de", "Deutsch")]),
        where="de",
    ),
    Guard(
        "test_130_two_people_at_one_address_never_get_one_body",
        "no cache between people",
        one_cache_for_everybody,
    ),
    Guard(
        "test_130_no_shared_cache_keeps_a_page_made_for_somebody",
        "pages say that they are private",
        without_middleware("PersonalPagesMiddleware"),
        fails=(AssertionError, KeyError),
    ),
    Guard("test_132_trusted_origins_are_exact", "origins by list", sets(LIVE_ORIGINS=["*"])),
    Guard("test_133_another_host_s_name_is_not_believed", "hosts by list", sets(ALLOWED_HOSTS=["*"])),
    Guard("test_136_what_is_hidden_looks_exactly_like_what_is_not_there", "hidden answers as absent", anybodys_drafts),
    Guard("test_136_a_fault_tells_its_number_and_nothing_else", "no debugging pages", sets(DEBUG=True)),
    Guard(
        "test_107_a_token_is_dead_as_soon_as_its_account_changes",
        "a token lives as long as its account is as it was",
        puts("people.models.AccessToken.is_live", always(True)),
        where="change_password",
    ),
    Guard(
        "test_107_a_token_of_before_the_office_opens_nothing",
        "a token is of the offices it was made in",
        puts("people.actions.is_outgrown", always(False)),
        where="seat",
    ),
    Guard(
        "test_107_a_token_of_one_office_does_not_grow_into_the_next",
        "a token knows which offices",
        puts("people.outgrown.offices.names_on", always(set())),
    ),
    Guard(
        "test_107_a_token_made_without_the_second_step_opens_nothing_when_the_time_of_grace_is_over",
        "a token knows whether it was made by a second step",
        puts("people.second_step.is_in_grace", always(True)),
    ),
    Guard(
        "test_107_a_token_does_only_what_it_was_made_for",
        "a token needs the scope of the endpoint",
        puts("participation.api.base.suffices", always(True)),
    ),
    Guard(
        "test_107_an_office_is_not_exercised_by_a_token_that_does_not_say_so",
        "the desk is a scope of its own",
        puts("participation.api.base.suffices", always(True)),
    ),
    Guard(
        "test_112_a_token_with_the_right_prefix_and_a_wrong_secret_is_refused",
        "the whole token is compared, not its name",
        puts("people.actions.is_token", always(True)),
    ),
    Guard(
        "test_143_a_draft_that_was_discarded_in_another_window_is_gone_and_no_fault",
        "what is gone when its row is locked is told",
        a_draft_that_is_gone_is_a_fault,
        fails=(ObjectDoesNotExist,),
    ),
    Guard(
        "test_011_who_can_give_no_proxy_learns_nothing_of_an_address",
        "what hinders the giver is told first",
        anybody_s_address_is_looked_up_first,
        where="has_voted",
    ),
    Guard(
        "test_150_no_address_and_no_second_step_is_given_to_an_account_in_the_administration",
        "the administration holds what we wrote ourselves",
        addresses_in_the_administration,
    ),
)
