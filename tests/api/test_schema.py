"""The schema and the page written from it."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from participation.api.urls import urlpatterns

pytestmark = pytest.mark.django_db

# Names are promises to programs: one may be added, none may change.
OPERATIONS = {
    "list_councils": "GET /api/v1/councils/",
    "get_council": "GET /api/v1/councils/{council}/",
    "get_open_data": "GET /api/v1/councils/{council}/open-data/",
    "get_age_band": "GET /api/v1/me/age-band/",
    "give_age_band": "PUT /api/v1/me/age-band/",
    "remove_age_band": "DELETE /api/v1/me/age-band/",
    "list_annual_reports": "GET /api/v1/councils/{council}/impact/reports/",
    "get_impact": "GET /api/v1/councils/{council}/impact/",
    "get_impact_panel": "GET /api/v1/councils/{council}/impact/panel/",
    "list_impact_proposals": "GET /api/v1/councils/{council}/impact/proposals/",
    "list_bodies": "GET /api/v1/councils/{council}/bodies/",
    "get_body": "GET /api/v1/councils/{council}/bodies/{body}/",
    "list_proposals": "GET /api/v1/councils/{council}/proposals/",
    "get_proposal": "GET /api/v1/councils/{council}/proposals/{number}/",
    "get_support": "GET /api/v1/councils/{council}/proposals/{number}/support/",
    "give_support": "PUT /api/v1/councils/{council}/proposals/{number}/support/",
    "take_support_back": "DELETE /api/v1/councils/{council}/proposals/{number}/support/",
    "admit_proposal": "POST /api/v1/councils/{council}/proposals/{number}/admit/",
    "reject_proposal": "POST /api/v1/councils/{council}/proposals/{number}/reject/",
    "withdraw_proposal": "POST /api/v1/councils/{council}/proposals/{number}/withdraw/",
    "decline_proposal": "POST /api/v1/councils/{council}/proposals/{number}/decline/",
    "put_on_assembly_agenda": "POST /api/v1/councils/{council}/proposals/{number}/put-on-agenda/",
    "give_proposal_back": "POST /api/v1/councils/{council}/proposals/{number}/give-back/",
    "accept_directly": "POST /api/v1/councils/{council}/proposals/{number}/accept-directly/",
    "decline_directly": "POST /api/v1/councils/{council}/proposals/{number}/decline-directly/",
    "list_implementations": "GET /api/v1/councils/{council}/implementations/",
    "get_implementation": "GET /api/v1/councils/{council}/proposals/{number}/implementation/",
    "plan_implementation": "POST /api/v1/councils/{council}/proposals/{number}/implementation/plan/",
    "add_milestone": "POST /api/v1/councils/{council}/proposals/{number}/implementation/milestones/",
    "move_milestone": "POST /api/v1/councils/{council}/proposals/{number}/implementation/milestones/move/",
    "finish_milestone": "POST /api/v1/councils/{council}/proposals/{number}/implementation/milestones/finish/",
    "write_progress": "POST /api/v1/councils/{council}/proposals/{number}/implementation/notes/",
    "finish_implementation": "POST /api/v1/councils/{council}/proposals/{number}/implementation/finish/",
    "abandon_implementation": "POST /api/v1/councils/{council}/proposals/{number}/implementation/abandon/",
    "answer_review": "POST /api/v1/councils/{council}/proposals/{number}/implementation/review/",
    "merge_proposal": "POST /api/v1/councils/{council}/proposals/{number}/merge/",
    "split_proposal": "POST /api/v1/councils/{council}/proposals/{number}/split/",
    "revise_proposal": "POST /api/v1/councils/{council}/proposals/{number}/versions/",
    "open_ballot": "POST /api/v1/councils/{council}/proposals/{number}/ballots/",
    "list_articles": "GET /api/v1/councils/{council}/articles/",
    "get_article": "GET /api/v1/councils/{council}/articles/{article}/",
    "say_article_helpful": "PUT /api/v1/councils/{council}/articles/{article}/helpful/",
    "suggest_for_request": "GET /api/v1/councils/{council}/request-suggestions/",
    "join_request": "PUT /api/v1/councils/{council}/requests/{request_number}/joined/",
    "leave_request": "DELETE /api/v1/councils/{council}/requests/{request_number}/joined/",
    "list_request_type_versions": "GET /api/v1/councils/{council}/request-types/{request_type}/versions/",
    "list_office_hours": "GET /api/v1/councils/{council}/office-hours/",
    "list_request_types": "GET /api/v1/councils/{council}/request-types/",
    "list_my_requests": "GET /api/v1/councils/{council}/requests/",
    "file_request": "POST /api/v1/councils/{council}/requests/",
    "list_matters": "GET /api/v1/councils/{council}/matters/",
    "add_matter": "POST /api/v1/councils/{council}/matters/",
    "change_matter": "PUT /api/v1/councils/{council}/matters/{matter}/",
    "suggest_matters": "GET /api/v1/councils/{council}/matter-suggestions/",
    "set_request_matter": "PUT /api/v1/councils/{council}/requests/{request_number}/matter/",
    "list_published_requests": "GET /api/v1/councils/{council}/published-requests/",
    "get_published_request": "GET /api/v1/councils/{council}/published-requests/{request_number}/",
    "publish_request": "POST /api/v1/councils/{council}/requests/{request_number}/publish/",
    "take_back_request": "POST /api/v1/councils/{council}/requests/{request_number}/take-back/",
    "list_desk_requests": "GET /api/v1/councils/{council}/desk-requests/",
    "answer_request": "POST /api/v1/councils/{council}/requests/{request_number}/answer/",
    "tell_applicant": "POST /api/v1/councils/{council}/requests/{request_number}/tell/",
    "ask_applicant": "POST /api/v1/councils/{council}/requests/{request_number}/ask/",
    "note_inside": "POST /api/v1/councils/{council}/requests/{request_number}/note/",
    "wait_for_other": "POST /api/v1/councils/{council}/requests/{request_number}/wait/",
    "take_up_request": "POST /api/v1/councils/{council}/requests/{request_number}/take-up/",
    "assign_request": "POST /api/v1/councils/{council}/requests/{request_number}/assign/",
    "get_request": "GET /api/v1/councils/{council}/requests/{request_number}/",
    "list_request_messages": "GET /api/v1/councils/{council}/requests/{request_number}/messages/",
    "reply_to_request": "POST /api/v1/councils/{council}/requests/{request_number}/messages/",
    "list_request_files": "GET /api/v1/councils/{council}/requests/{request_number}/files/",
    "add_request_file": "POST /api/v1/councils/{council}/requests/{request_number}/files/",
    "download_request_file": "GET /api/v1/councils/{council}/requests/{request_number}/files/{file}/",
    "reopen_request": "POST /api/v1/councils/{council}/requests/{request_number}/reopen/",
    "withdraw_request": "POST /api/v1/councils/{council}/requests/{request_number}/withdraw/",
    "list_solidarity_posts": "GET /api/v1/councils/{council}/solidarity/",
    "post_to_solidarity_board": "POST /api/v1/councils/{council}/solidarity/",
    "get_solidarity_post": "GET /api/v1/councils/{council}/solidarity/{post}/",
    "renew_solidarity_post": "POST /api/v1/councils/{council}/solidarity/{post}/renew/",
    "close_solidarity_post": "POST /api/v1/councils/{council}/solidarity/{post}/close/",
    "list_solidarity_messages": "GET /api/v1/councils/{council}/solidarity/{post}/messages/",
    "write_about_solidarity_post": "POST /api/v1/councils/{council}/solidarity/{post}/messages/",
    "report_solidarity_post": "POST /api/v1/councils/{council}/solidarity/{post}/report/",
    "hide_solidarity_post": "POST /api/v1/councils/{council}/solidarity/{post}/hide/",
    "show_solidarity_post": "POST /api/v1/councils/{council}/solidarity/{post}/show/",
    "list_solidarity_matches": "GET /api/v1/councils/{council}/solidarity/{post}/matches/",
    "match_solidarity_posts": "POST /api/v1/councils/{council}/solidarity/{post}/matches/",
    "answer_solidarity_match": "POST /api/v1/councils/{council}/solidarity/{post}/matches/{match}/answer/",
    "fulfil_solidarity_need": "POST /api/v1/councils/{council}/solidarity/{post}/matches/{match}/fulfil/",
    "list_partnerships": "GET /api/v1/councils/{council}/partnerships/",
    "open_partnership": "POST /api/v1/councils/{council}/partnerships/",
    "get_partnership": "GET /api/v1/councils/{council}/partnerships/{partnership}/",
    "get_partnership_file": "GET /api/v1/councils/{council}/partnerships/{partnership}/file/",
    "change_partnership": "PUT /api/v1/councils/{council}/partnerships/{partnership}/facts/",
    "add_partner_to_partnership": "POST /api/v1/councils/{council}/partnerships/{partnership}/partners/",
    "move_partnership": "POST /api/v1/councils/{council}/partnerships/{partnership}/state/",
    "publish_partnership": "POST /api/v1/councils/{council}/partnerships/{partnership}/publication/",
    "add_partnership_step": "POST /api/v1/councils/{council}/partnerships/{partnership}/steps/",
    "tick_partnership_step": "POST /api/v1/councils/{council}/partnerships/{partnership}/steps/{step}/",
    "write_partnership_note": "POST /api/v1/councils/{council}/partnerships/{partnership}/notes/",
    "list_lent_items": "GET /api/v1/councils/{council}/equipment/",
    "get_lent_item": "GET /api/v1/councils/{council}/equipment/{item}/",
    "list_my_loans": "GET /api/v1/councils/{council}/loans/",
    "lend_item": "POST /api/v1/councils/{council}/loans/",
    "get_loan": "GET /api/v1/councils/{council}/loans/{loan}/",
    "hand_out_loan": "POST /api/v1/councils/{council}/loans/{loan}/hand-out/",
    "take_back_loan": "POST /api/v1/councils/{council}/loans/{loan}/take-back/",
    "cancel_loan": "POST /api/v1/councils/{council}/loans/{loan}/cancel/",
    "ask_for_longer_loan": "POST /api/v1/councils/{council}/loans/{loan}/prolongation/",
    "decide_longer_loan": "POST /api/v1/councils/{council}/loans/{loan}/prolongation/decision/",
    "list_drafts": "GET /api/v1/councils/{council}/drafts/",
    "start_draft": "POST /api/v1/councils/{council}/drafts/",
    "get_draft": "GET /api/v1/councils/{council}/drafts/{key}/",
    "save_draft": "PATCH /api/v1/councils/{council}/drafts/{key}/",
    "discard_draft": "DELETE /api/v1/councils/{council}/drafts/{key}/",
    "submit_draft": "POST /api/v1/councils/{council}/drafts/{key}/submit/",
    "get_ballot": "GET /api/v1/ballots/{id}/",
    "get_vote": "GET /api/v1/ballots/{id}/vote/",
    "cast_vote": "PUT /api/v1/ballots/{id}/vote/",
    "get_vote_by_key": "GET /api/v1/ballots/{id}/votes/by-key/{key}/",
    "close_ballot": "POST /api/v1/ballots/{id}/close/",
    "decide_tie": "POST /api/v1/ballots/{id}/decision/",
    "list_receipts": "GET /api/v1/receipts/",
    "get_receipt": "GET /api/v1/receipts/{code}/",
    "get_receipt_proof": "GET /api/v1/receipts/{code}/proof/",
    "list_seals": "GET /api/v1/seals/",
    "get_seal": "GET /api/v1/seals/{number}/",
    "get_seal_growth": "GET /api/v1/seals/{number}/growth/",
    "get_entry_proof": "GET /api/v1/entries/{id}/proof/",
    "list_comments": "GET /api/v1/threads/{id}/comments/",
    "add_comment": "POST /api/v1/threads/{id}/comments/",
    "get_comment": "GET /api/v1/comments/{id}/",
    "edit_comment": "PATCH /api/v1/comments/{id}/",
    "delete_comment": "DELETE /api/v1/comments/{id}/",
    "get_ballot_options": "GET /api/v1/ballots/{id}/options/",
    "get_roll_call": "GET /api/v1/ballots/{id}/roll-call/",
    "hide_comment": "POST /api/v1/comments/{id}/hide/",
    "get_comment_options": "GET /api/v1/comments/{id}/options/",
    "get_my_report": "GET /api/v1/comments/{id}/report/",
    "report_comment": "POST /api/v1/comments/{id}/report/",
    "restore_comment": "POST /api/v1/comments/{id}/restore/",
    "list_comment_versions": "GET /api/v1/comments/{id}/versions/",
    "get_attachment": "GET /api/v1/councils/{council}/attachments/{attachment}/",
    "remove_attachment": "DELETE /api/v1/councils/{council}/attachments/{attachment}/",
    "download_attachment": "GET /api/v1/councils/{council}/attachments/{attachment}/file/",
    "list_join_requests": "GET /api/v1/councils/{council}/bodies/{body}/join-requests/",
    "ask_to_join": "POST /api/v1/councils/{council}/bodies/{body}/join-requests/",
    "accept_join_request": "POST /api/v1/councils/{council}/bodies/{body}/join-requests/{join_request}/accept/",
    "decline_join_request": "POST /api/v1/councils/{council}/bodies/{body}/join-requests/{join_request}/decline/",
    "withdraw_join_request": "POST /api/v1/councils/{council}/bodies/{body}/join-requests/{join_request}/withdraw/",
    "leave_group": "POST /api/v1/councils/{council}/bodies/{body}/leave/",
    "list_members": "GET /api/v1/councils/{council}/bodies/{body}/members/",
    "end_membership": "POST /api/v1/councils/{council}/bodies/{body}/members/{membership}/end/",
    "list_body_record": "GET /api/v1/councils/{council}/bodies/{body}/record/",
    "get_desk": "GET /api/v1/councils/{council}/desk/",
    "list_tasks": "GET /api/v1/councils/{council}/desk/{kind}/",
    "list_draft_attachments": "GET /api/v1/councils/{council}/drafts/{key}/attachments/",
    "add_draft_attachment": "POST /api/v1/councils/{council}/drafts/{key}/attachments/",
    "get_outline": "GET /api/v1/councils/{council}/map/outline/",
    "list_points": "GET /api/v1/councils/{council}/map/points/",
    "list_organisations": "GET /api/v1/councils/{council}/organisations/",
    "get_organisation": "GET /api/v1/councils/{council}/organisations/{organisation}/",
    "list_organisation_proposals": "GET /api/v1/councils/{council}/organisations/{organisation}/proposals/",
    "get_overview": "GET /api/v1/councils/{council}/overview/",
    "list_attachments": "GET /api/v1/councils/{council}/proposals/{number}/attachments/",
    "add_attachment": "POST /api/v1/councils/{council}/proposals/{number}/attachments/",
    "get_follow": "GET /api/v1/councils/{council}/proposals/{number}/follow/",
    "follow_proposal": "PUT /api/v1/councils/{council}/proposals/{number}/follow/",
    "unfollow_proposal": "DELETE /api/v1/councils/{council}/proposals/{number}/follow/",
    "get_proposal_options": "GET /api/v1/councils/{council}/proposals/{number}/options/",
    "list_proposal_record": "GET /api/v1/councils/{council}/proposals/{number}/record/",
    "list_supporters": "GET /api/v1/councils/{council}/proposals/{number}/supporters/",
    "list_versions": "GET /api/v1/councils/{council}/proposals/{number}/versions/",
    "get_version": "GET /api/v1/councils/{council}/proposals/{number}/versions/{version}/",
    "list_council_record": "GET /api/v1/councils/{council}/record/",
    "list_reports": "GET /api/v1/councils/{council}/reports/",
    "list_residents": "GET /api/v1/councils/{council}/residents/",
    "get_resident": "GET /api/v1/councils/{council}/residents/{person}/",
    "verify_residence": "POST /api/v1/councils/{council}/residents/{person}/verify/",
    "list_similar_proposals": "GET /api/v1/councils/{council}/similar-proposals/",
    "get_me": "GET /api/v1/me/",
    "change_profile": "PATCH /api/v1/me/",
    "get_my_data": "GET /api/v1/me/data/",
    "list_followed_proposals": "GET /api/v1/me/followed/",
    "list_my_join_requests": "GET /api/v1/me/join-requests/",
    "get_news": "GET /api/v1/me/news/",
    "list_my_proposals": "GET /api/v1/me/proposals/",
    "list_paragraphs": "GET /api/v1/councils/{council}/proposals/{number}/paragraphs/",
    "list_amendments": "GET /api/v1/councils/{council}/proposals/{number}/amendments/",
    "propose_amendment": "POST /api/v1/councils/{council}/proposals/{number}/amendments/",
    "get_amendment": "GET /api/v1/councils/{council}/proposals/{number}/amendments/{amendment}/",
    "accept_amendment": "POST /api/v1/councils/{council}/proposals/{number}/amendments/{amendment}/accept/",
    "decline_amendment": "POST /api/v1/councils/{council}/proposals/{number}/amendments/{amendment}/decline/",
    "withdraw_amendment": "POST /api/v1/councils/{council}/proposals/{number}/amendments/{amendment}/withdraw/",
    "list_my_amendments": "GET /api/v1/me/amendments/",
    "list_my_changes": "GET /api/v1/me/changes/",
    "list_organisation_changes": "GET /api/v1/councils/{council}/organisations/{organisation}/changes/",
    "list_notices": "GET /api/v1/me/notices/",
    "read_notices": "POST /api/v1/me/notices/",
    "read_notice": "PUT /api/v1/me/notices/{id}/read/",
    "get_mail_choices": "GET /api/v1/me/mail-choices/",
    "choose_mails": "PATCH /api/v1/me/mail-choices/",
    "get_residence": "GET /api/v1/me/residence/",
    "declare_residence": "PUT /api/v1/me/residence/",
    "list_tokens": "GET /api/v1/me/tokens/",
    "revoke_token": "DELETE /api/v1/me/tokens/{token}/",
    "settle_report": "POST /api/v1/reports/{id}/settle/",
    "get_thread": "GET /api/v1/threads/{id}/",
    "list_council_ballots": "GET /api/v1/councils/{council}/ballots/",
    "open_council_ballot": "POST /api/v1/councils/{council}/ballots/",
    "list_budget_lines": "GET /api/v1/councils/{council}/budget-lines/",
    "add_budget_line": "POST /api/v1/councils/{council}/budget-lines/",
    "get_budget_line": "GET /api/v1/councils/{council}/budget-lines/{line}/",
    "change_budget_line": "PUT /api/v1/councils/{council}/budget-lines/{line}/",
    "list_budget_line_proposals": "GET /api/v1/councils/{council}/budget-lines/{line}/proposals/",
    "import_budget_lines": "POST /api/v1/councils/{council}/budget-lines/import/",
    "list_strategic_plans": "GET /api/v1/councils/{council}/strategic-plans/",
    "add_strategic_plan": "POST /api/v1/councils/{council}/strategic-plans/",
    "change_strategic_plan": "PUT /api/v1/councils/{council}/strategic-plans/{plan}/",
    "list_objectives": "GET /api/v1/councils/{council}/plan-objectives/",
    "add_objective": "POST /api/v1/councils/{council}/plan-objectives/",
    "get_objective": "GET /api/v1/councils/{council}/plan-objectives/{objective}/",
    "change_objective": "PUT /api/v1/councils/{council}/plan-objectives/{objective}/",
    "list_objective_proposals": "GET /api/v1/councils/{council}/plan-objectives/{objective}/proposals/",
    "import_objectives": "POST /api/v1/councils/{council}/plan-objectives/import/",
    "list_units": "GET /api/v1/councils/{council}/units/",
    "change_unit": "PUT /api/v1/councils/{council}/units/{unit}/",
    "merge_unit": "POST /api/v1/councils/{council}/units/{unit}/merge/",
    "fund_implementation": "POST /api/v1/councils/{council}/proposals/{number}/implementation/budget/",
    "stop_funding": "POST /api/v1/councils/{council}/proposals/{number}/implementation/budget/remove/",
    "serve_objective": "POST /api/v1/councils/{council}/proposals/{number}/implementation/objectives/",
    "stop_serving": "POST /api/v1/councils/{council}/proposals/{number}/implementation/objectives/remove/",
    "list_holidays": "GET /api/v1/councils/{council}/holidays/",
    "set_holiday": "POST /api/v1/councils/{council}/holidays/",
    "list_procedures": "GET /api/v1/councils/{council}/procedures/",
    "set_procedure": "POST /api/v1/councils/{council}/procedures/",
    "list_proxy_rules": "GET /api/v1/councils/{council}/proxy-rules/",
    "set_proxy_rule": "POST /api/v1/councils/{council}/proxy-rules/",
    "list_opinions": "GET /api/v1/councils/{council}/opinions/",
    "get_opinion": "GET /api/v1/councils/{council}/opinions/{number}/",
    "download_opinion": "GET /api/v1/councils/{council}/opinions/{number}/document/",
    "download_opinion_minutes": "GET /api/v1/councils/{council}/opinions/{number}/minutes/",
    "settle_opinion_tally": "POST /api/v1/councils/{council}/opinions/{number}/settle-tally/",
    "send_opinion": "POST /api/v1/councils/{council}/opinions/{number}/send/",
    "list_opinion_drafts": "GET /api/v1/councils/{council}/opinion-drafts/",
    "prepare_opinion": "POST /api/v1/councils/{council}/opinion-drafts/",
    "get_opinion_draft": "GET /api/v1/councils/{council}/opinion-drafts/{key}/",
    "edit_opinion": "PUT /api/v1/councils/{council}/opinion-drafts/{key}/",
    "discard_opinion": "DELETE /api/v1/councils/{council}/opinion-drafts/{key}/",
    "open_opinion_ballot": "POST /api/v1/councils/{council}/opinion-drafts/{key}/open-ballot/",
    "enter_opinion_tally": "POST /api/v1/councils/{council}/opinion-drafts/{key}/tally/",
    "list_decisions": "GET /api/v1/councils/{council}/decisions/",
    "get_decision": "GET /api/v1/councils/{council}/decisions/{decision}/",
    "confirm_decision": "POST /api/v1/councils/{council}/decisions/{decision}/confirm/",
    "withdraw_decision": "POST /api/v1/councils/{council}/decisions/{decision}/withdraw/",
    "add_decision_document": "POST /api/v1/councils/{council}/decisions/{decision}/documents/",
    "download_decision_document": "GET /api/v1/councils/{council}/decisions/{decision}/documents/{document}/file/",
    "get_opinion_in_council": "GET /api/v1/councils/{council}/opinions/{opinion}/council/",
    "put_on_municipal_agenda": "POST /api/v1/councils/{council}/opinions/{opinion}/council/agenda/",
    "take_off_municipal_agenda": "POST /api/v1/councils/{council}/opinions/{opinion}/council/agenda/off/",
    "refer_to_commission": "POST /api/v1/councils/{council}/opinions/{opinion}/council/commission/",
    "take_back_from_commission": "POST /api/v1/councils/{council}/opinions/{opinion}/council/commission/report/",
    "enter_decision": "POST /api/v1/councils/{council}/opinions/{opinion}/council/decision/",
    "get_municipal_calendar": "GET /api/v1/councils/{council}/municipal-calendar/",
    "set_municipal_calendar": "PUT /api/v1/councils/{council}/municipal-calendar/",
    "list_municipal_meetings": "GET /api/v1/councils/{council}/municipal-meetings/",
    "add_municipal_meeting": "POST /api/v1/councils/{council}/municipal-meetings/",
    "plan_municipal_meetings": "POST /api/v1/councils/{council}/municipal-meetings/plan/",
    "import_municipal_meetings": "POST /api/v1/councils/{council}/municipal-meetings/import/",
    "get_municipal_meeting": "GET /api/v1/councils/{council}/municipal-meetings/{meeting}/",
    "change_municipal_meeting": "PUT /api/v1/councils/{council}/municipal-meetings/{meeting}/",
    "list_sessions": "GET /api/v1/me/sessions/",
    "end_sessions": "DELETE /api/v1/me/sessions/",
    "end_session": "DELETE /api/v1/me/sessions/{name}/",
    "get_proxies": "GET /api/v1/ballots/{id}/proxy/",
    "give_proxy": "PUT /api/v1/ballots/{id}/proxy/",
    "take_proxy_back": "DELETE /api/v1/ballots/{id}/proxy/",
    "cast_vote_for": "PUT /api/v1/ballots/{id}/proxies/{proxy}/vote/",
    "suggest_names": "GET /api/v1/threads/{id}/people/",
}


def operations():
    schema = SchemaGenerator().get_schema(request=None, public=True)
    for path, methods in schema["paths"].items():
        for method, described in methods.items():
            yield f"{method.upper()} {path}", described


def test_the_schema_is_valid_without_a_warning(tmp_path):
    file = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    assert "openapi: 3" in file.read_text()


def test_operation_names_stay_as_they_are():
    assert {described["operationId"]: address for address, described in operations()} == OPERATIONS


def test_every_operation_says_who_may_and_how_it_refuses():
    for address, described in operations():
        assert described["x-who-may"], address
        refusals = {status for status in described["responses"] if status.startswith("4")}
        assert refusals or address.endswith("/councils/"), address
        for status in refusals:
            content = described["responses"][status]["content"]
            assert list(content) == ["application/problem+json"], address
            for example in content["application/problem+json"]["examples"].values():
                assert example["value"]["status"] == int(status)
        if not address.startswith("GET"):
            assert "401" in refusals, address


def test_every_address_is_described():
    described = {address.split()[1] for address, _ in operations()}
    assert len(described) == len([p for p in urlpatterns if p.name not in {"api-schema", "api-nowhere"}])


def test_the_schema_is_served_in_the_language_asked_for(client):
    turkish = client.get(reverse("api-schema")).content.decode()
    client.cookies["meydan_language"] = "en"
    assert "openapi: 3.1.0" in turkish
    assert client.get(reverse("api-schema")).status_code == 200
    assert "Herkes, girişsiz" in turkish


@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_page_names_every_operation_with_an_example_and_asks_nothing_of_the_database(
    client, language, django_assert_max_num_queries
):
    client.cookies["meydan_language"] = language
    with django_assert_max_num_queries(1):  # the councils of the switcher
        page = client.get(reverse("api-docs"))
    text = page.content.decode()
    for name in OPERATIONS:
        assert f'id="{name}"' in text
    assert text.count("curl ") == len(OPERATIONS)
    assert "/api/v1/councils/kocaeli/proposals/KOC-2026-0042/support/" in text
    links = re.findall(r'(?:src|href)="([^"]+)"', text.partition("<main")[2].partition("</main>")[0])
    assert not [link for link in links if "//" in link]
