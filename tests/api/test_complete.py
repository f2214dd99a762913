"""Whatever a person can do or read on a page, a program can do or read through the API.

A page route without a row here fails, and so does a row that names an operation that is none.
"""

from __future__ import annotations

from drf_spectacular.generators import SchemaGenerator

from tests.journeys.pages import routes

SAME = {
    # What everybody reads
    "home": "list_councils",
    "council_home": "get_council get_overview",
    "body_list": "list_bodies",
    "group_detail": "get_body list_comments",
    "assembly_detail": "get_body list_comments",
    "group_members": "list_members",
    "organisation_list": "list_organisations",
    "organisation_detail": "get_organisation list_organisation_proposals list_organisation_changes",
    "council_journal": "list_council_record",
    "council_feed": "list_council_record",
    "group_record": "list_body_record",
    "group_feed": "list_body_record",
    "assembly_record": "list_body_record",
    "assembly_feed": "list_body_record",
    "proposal_record": "list_proposal_record",
    "proposal_feed": "list_proposal_record",
    # Proposals
    "proposal_list": "list_proposals",
    "proposal_points": "list_points",
    "proposal_outline": "get_outline",
    "proposal_similar": "list_similar_proposals",
    "proposal_detail": "get_proposal list_comments get_ballot",
    "proposal_action": "get_support get_follow get_proposal_options",
    "proposal_supporters": "list_supporters",
    "proposal_receipt": "get_proposal",
    "proposal_versions": "list_versions get_version",
    "proposal_text": "list_paragraphs",
    "proposal_amendments": "list_amendments",
    "amendment_detail": "get_amendment",
    "amendment_propose": "propose_amendment",
    "amendment_decide": "accept_amendment decline_amendment",
    "amendment_withdraw": "withdraw_amendment",
    "proposal_attachment": "get_attachment download_attachment",
    "proposal_attachment_image": "download_attachment",
    "proposal_attachment_remove": "remove_attachment",
    "proposal_attachments": "list_attachments add_attachment",
    "proposal_support": "give_support",
    "proposal_withdraw_support": "take_support_back",
    "proposal_follow": "follow_proposal unfollow_proposal",
    "proposal_revise": "revise_proposal",
    "proposal_withdraw": "withdraw_proposal",
    "proposal_admissibility": "admit_proposal reject_proposal",
    "proposal_open_ballot": "open_ballot",
    "proposal_decline": "decline_proposal",
    "proposal_put_on_agenda": "put_on_assembly_agenda",
    "proposal_give_back": "give_proposal_back",
    "proposal_answer": "accept_directly decline_directly",
    "proposal_merge": "merge_proposal",
    "proposal_split": "split_proposal",
    "implementation_list": "list_implementations",
    "proposal_implementation": "get_implementation plan_implementation add_milestone move_milestone finish_milestone "
    "write_progress finish_implementation abandon_implementation",
    "proposal_review": "answer_review",
    "proposal_money": "get_implementation fund_implementation stop_funding serve_objective stop_serving",
    # Money and plan
    "budget_lines": "list_budget_lines",
    "budget_csv": "list_budget_lines",
    "budget_line": "get_budget_line list_budget_line_proposals",
    "budget_line_add": "add_budget_line",
    "budget_line_edit": "get_budget_line change_budget_line",
    "budget_import": "import_budget_lines",
    "strategic_plan": "list_strategic_plans list_objectives",
    "plan_csv": "list_objectives",
    "plan_add": "add_strategic_plan",
    "plan_edit": "change_strategic_plan",
    "plan_import": "import_objectives",
    "objective_add": "add_objective",
    "objective_detail": "get_objective list_objective_proposals",
    "objective_edit": "get_objective change_objective",
    "units": "list_units",
    "unit_edit": "change_unit merge_unit",
    # Drafts
    "proposal_new": "list_drafts start_draft",
    "proposal_draft": "get_draft",
    "proposal_draft_step": "save_draft submit_draft list_draft_attachments add_draft_attachment",
    "proposal_discard": "discard_draft",
    # Discussions
    "thread_page": "get_thread list_comments",
    "thread_people": "suggest_names",
    "comment_add": "add_comment",
    "comment_page": "get_comment list_comments",
    "comment_reply": "add_comment",
    "comment_options": "get_comment_options",
    "comment_history": "list_comment_versions",
    "comment_edit": "edit_comment",
    "comment_delete": "delete_comment",
    "comment_report": "report_comment get_my_report",
    "comment_hide": "hide_comment",
    "comment_restore": "restore_comment",
    "report_settle": "settle_report",
    "report_list": "list_reports",
    # Ballots
    "ballot_detail": "get_ballot get_vote",
    "ballot_box": "get_ballot get_vote get_ballot_options",
    "ballot_vote": "cast_vote get_vote_by_key",
    "ballot_roll_call": "get_roll_call",
    "ballot_close": "close_ballot",
    "ballot_decide_tie": "decide_tie",
    "ballot_proxy": "get_proxies give_proxy take_proxy_back",
    "ballot_vote_for": "cast_vote_for",
    "council_ballots": "list_council_ballots",
    "council_ballot_open": "open_council_ballot",
    "holidays": "list_holidays",
    "holiday_set": "set_holiday",
    "procedures": "list_procedures",
    "procedure_detail": "list_procedures",
    "procedure_set": "set_procedure",
    "proxy_rules": "list_proxy_rules",
    "proxy_rule_set": "set_proxy_rule",
    # Requests of the directorate's desk
    "article_list": "list_articles",
    "article_feed": "list_articles",
    "article_detail": "get_article",
    "article_helpful": "say_article_helpful",
    "request_types": "list_request_types list_my_requests",
    "request_rules": "list_request_types list_office_hours",
    "request_type_detail": "list_request_type_versions",
    "request_new": "file_request",
    "request_list": "list_published_requests get_published_request",
    "request_publish": "publish_request",
    "request_take_back": "take_back_request",
    "request_desk": "list_desk_requests",
    "request_desk_bulk": "assign_request take_up_request",
    "request_assign": "assign_request",
    "request_answer": "answer_request tell_applicant ask_applicant note_inside wait_for_other",
    "request_alike": "suggest_for_request",
    "request_receipt": "get_request",
    "request_join": "join_request leave_request",
    "request_matters": "list_matters suggest_matters",
    "request_matter_hint": "suggest_matters",
    "request_matter_add": "add_matter",
    "request_matter_edit": "change_matter",
    "request_matter_set": "set_request_matter",
    "request_detail": "get_request list_request_messages",
    "request_file": "list_request_files download_request_file add_request_file",
    "request_reply": "reply_to_request",
    "request_reopen": "reopen_request",
    "request_withdraw": "withdraw_request",
    # The solidarity board
    "solidarity_board": "list_solidarity_posts",
    "solidarity_new": "post_to_solidarity_board",
    "solidarity_post": "get_solidarity_post list_solidarity_messages list_solidarity_matches",
    "solidarity_act": (
        "renew_solidarity_post close_solidarity_post write_about_solidarity_post report_solidarity_post hide_solidarity_post "
        "show_solidarity_post match_solidarity_posts answer_solidarity_match fulfil_solidarity_need"
    ),
    # Project partnerships
    "partnership_list": "list_partnerships",
    "partnership_new": "open_partnership",
    "partnership_edit": "change_partnership",
    "partnership": "get_partnership get_partnership_file",
    "partnership_act": (
        "add_partner_to_partnership move_partnership publish_partnership add_partnership_step tick_partnership_step "
        "write_partnership_note"
    ),
    # Lent equipment
    "lending_items": "list_lent_items",
    "lending_item": "get_lent_item",
    "lending_loans": "list_my_loans",
    "lending_loan_new": "lend_item",
    "lending_loan": "get_loan",
    "lending_loan_act": "hand_out_loan take_back_loan cancel_loan ask_for_longer_loan decide_longer_loan",
    # Opinions
    "opinion_list": "list_opinions list_opinion_drafts",
    "opinion_detail": "get_opinion get_ballot",
    "opinion_minutes": "download_opinion_minutes",
    "opinion_pdf": "download_opinion",
    "opinion_new": "list_proposals prepare_opinion edit_opinion",
    "opinion_draft": "get_opinion_draft edit_opinion",
    "opinion_discard": "discard_opinion",
    "opinion_open_ballot": "open_opinion_ballot",
    "opinion_tally": "enter_opinion_tally",
    "opinion_settle": "settle_opinion_tally",
    "opinion_send": "send_opinion",
    # The municipal council's calendar
    "municipal_meetings": "list_municipal_meetings",
    "municipal_meetings_ical": "list_municipal_meetings",
    "municipal_meetings_csv": "list_municipal_meetings",
    "municipal_meetings_manage": "list_municipal_meetings plan_municipal_meetings",
    "municipal_calendar": "get_municipal_calendar set_municipal_calendar",
    "municipal_meeting_add": "add_municipal_meeting",
    "municipal_meeting_edit": "get_municipal_meeting change_municipal_meeting",
    "municipal_import": "import_municipal_meetings",
    # The municipal council's decisions
    "decision_list": "list_decisions",
    "decision_detail": "get_decision",
    "decision_settle": "confirm_decision withdraw_decision",
    "decision_document_add": "add_decision_document",
    "decision_document": "download_decision_document",
    "opinion_in_council": (
        "get_opinion_in_council put_on_municipal_agenda take_off_municipal_agenda refer_to_commission take_back_from_commission"
    ),
    "decision_enter": "enter_decision",
    # Receipts and seals
    "ballot_receipt": "list_receipts",
    "ballot_receipt_proof": "get_receipt_proof",
    "receipt_lookup": "get_receipt",
    "receipt_proof": "get_receipt_proof",
    "seal_list": "list_seals",
    "seal_file": "list_seals",
    "seal_feed": "list_seals",
    "seal_detail": "get_seal get_seal_growth get_entry_proof",
    # Groups
    "group_join": "ask_to_join",
    "group_leave": "leave_group",
    "group_requests": "list_join_requests",
    "group_request_accept": "accept_join_request",
    "group_request_decline": "decline_join_request",
    "group_request_withdraw": "withdraw_join_request",
    "group_member_end": "end_membership",
    # The one who asks
    "me": "get_me list_my_proposals list_followed_proposals list_my_changes get_news list_my_join_requests list_drafts "
    "list_my_amendments",
    "settings": "get_me change_profile",
    "settings_age_band": "get_age_band give_age_band remove_age_band",
    "settings_residence": "get_residence declare_residence",
    "set_language": "change_profile",
    "notice_list": "list_notices",
    "notice_read": "read_notice",
    "notice_read_all": "read_notices",
    "notice_choices": "get_mail_choices choose_mails",
    "my_data": "get_my_data",
    "my_data_file": "get_my_data",
    "tokens": "list_tokens",
    "token_revoke": "revoke_token",
    "session_list": "list_sessions",
    "session_end": "end_session end_sessions",
    # What became of proposals
    "open_data": "get_open_data",
    "impact_reports": "list_annual_reports",
    "impact_home": "get_impact",
    "impact_proposals": "list_impact_proposals",
    "impact_proposals_file": "list_impact_proposals",
    "impact_panel": "get_impact_panel",
    "impact_table": "get_impact_panel",
    # The desk
    "desk": "get_desk list_tasks",
    "residence_desk": "list_residents",
    "residence_person": "get_resident verify_residence",
}

PAGES_ALONE = {
    "The way in: who gives a password gives it to a page, and a program gets a token instead": (
        "account_login", "account_signup", "account_logout", "account_inactive", "account_request_login_code",
        "account_confirm_login_code", "account_reauthenticate", "account_email", "account_email_verification_sent",
        "account_confirm_email", "account_change_password", "account_set_password", "account_reset_password",
        "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
        "after_login", "openid_back", "openid_begin", "openid_link", "openid_prove", "mfa_authenticate", "mfa_login_webauthn",
        "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    ),
    "Second steps are set up where a person sits, never by a program": (
        "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_remove_webauthn",
        "mfa_generate_recovery_codes", "mfa_view_recovery_codes",
    ),
    "A mail's own way out, which its signed address opens": ("notice_leave",),
    "A token is shown once, to its person who has just given the password; no token makes another": ("token_new",),
    "The office's own list and notes, which stay inside; what it decides about one proposal is an operation of its own": (
        "proposal_office", "proposal_office_bulk", "proposal_office_file", "proposal_office_view", "proposal_office_view_remove",
    ),
    "Articles are written, read by a second officer and released on the desk's pages": (
        "article_desk", "article_new", "article_write", "article_settle", "request_article",
    ),
    "A protocol is signed on paper; its scan is added and given to the two sides on the page": ("partnership_protocol",),
    "The desk keeps what it lends on its pages; a picture is looked at and a slip is signed on paper": (
        "lending_item_new", "lending_item_edit", "lending_piece", "lending_picture", "lending_slip",
    ),
    "What came by phone or letter is written down on a page, by whoever took it": ("request_entry", "request_enter"),
    "Rules are put in force by somebody who has looked at the form they make": (
        "request_rules_start", "request_type_add", "request_type_edit", "desk_unit_add", "desk_unit_edit", "office_hours_set",
    ),
    "Held e-mails are listed for programs, and read and sorted on their page": (
        "mail_list", "mail_detail", "mail_accept", "mail_attach", "mail_discard", "mail_file",
    ),
    "A report is made and published by somebody who has looked at it": ("impact_report_make", "impact_report_publish"),
    "The demo, which a real installation does not have": ("demo_people", "demo_mails"),
    "Words about the site": ("about", "data_protection", "accessibility", "api-docs"),
    "A proof is checked by whoever holds it, without asking the site": ("proof_check",),
    "Made for machines already": ("health", "live_poll", "live_ticket", "open_data_file", "impact_report_file"),
}  # fmt: skip


def operations() -> set[str]:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return {described["operationId"] for methods in schema["paths"].values() for described in methods.values()}


def test_every_page_has_its_operations_or_a_reason():
    alone = {name for names in PAGES_ALONE.values() for name in names}
    known = set(routes())
    assert known - set(SAME) - alone == set(), "name the operations that do the same in tests/api/test_complete.py"
    assert (set(SAME) | alone) - known == set(), "these are no pages any more"
    assert set(SAME) & alone == set()


def test_every_row_names_operations_and_every_operation_stands_for_a_page():
    named = {name for names in SAME.values() for name in names.split()}
    assert named - operations() == set()
    assert operations() - named == set()
