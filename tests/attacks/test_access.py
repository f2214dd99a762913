"""Case 46: every address for everybody. An address without a row here fails, and so does a row that is not kept."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin import site
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from notifications.leaving import leaving_token
from proposals.amending import digest_of
from tests.attacks.conftest import ROLES, World

pytestmark = pytest.mark.django_db
LOGIN = "/hesap/giris/"
K = "kocaeli"


def outcome(response: HttpResponse) -> str:
    """What an answer means: open, form (allowed, but what was sent is not enough), login, refused, absent, wrong (method)."""
    if response.status_code in {301, 302, 303} and response["Location"].startswith((LOGIN, "/admin/login/")):
        return "login"
    names = {
        400: "form",
        401: "login",
        403: "refused",
        404: "absent",
        405: "wrong",
        409: "form",
        415: "form",
        422: "form",
        428: "form",
    }
    assert response.status_code < 500, response.content_[:300]
    return names.get(response.status_code, "open" if response.status_code < 400 else str(response.status_code))


def args(world: World, name: str) -> list[list[object]]:
    """The objects an address is tried with; the first is the one its row speaks of."""
    t = world.things
    number = {
        "proposal_admissibility": t.submitted,
        "api-admit": t.submitted,
        "api-reject": t.submitted,
        "proposal_open_ballot": t.in_group,
        "proposal_decline": t.in_group,
        "api-open-ballot": t.in_group,
        "api-decline": t.in_group,
        "proposal_put_on_agenda": t.on_board,
        "proposal_give_back": t.on_board,
        "proposal_answer": t.direct,
        "api-put-on-agenda": t.on_board,
        "api-give-back": t.on_board,
        "api-accept-directly": t.direct,
        "api-decline-directly": t.direct,
        "proposal_implementation": t.at_work,
        "proposal_money": t.at_work,
        "api-fund": t.at_work,
        "api-stop-funding": t.at_work,
        "api-serve-objective": t.at_work,
        "api-stop-serving": t.at_work,
        "proposal_review": t.done,
        "api-implementation": t.at_work,
        "api-plan-implementation": t.at_work,
        "api-add-milestone": t.at_work,
        "api-move-milestone": t.at_work,
        "api-finish-milestone": t.at_work,
        "api-write-progress": t.at_work,
        "api-finish-implementation": t.at_work,
        "api-abandon-implementation": t.at_work,
        "api-answer-review": t.done,
    }.get(name, t.gathering)
    known: dict[str, list[object]] = {
        "group": [K, t.group.slug],
        "assembly": [K, t.assembly.slug],
        "thread": [t.thread.pk],
        "comment": [t.thread.pk, t.comment.pk],
        "ballot": [t.ballot.pk],
    }
    special: dict[str, list[object]] = {
        "account_confirm_email": ["yok"],
        "mfa_remove_webauthn": [0],
        "account_reset_password_from_key": ["1", "set-password"],
        "proposal_office_file": [K, "csv"],
        "impact_report_file": [K, t.annual_report.pk],
        "impact_report_publish": [K, t.annual_report.pk],
        "open_data_file": [K, "son", "datapackage.json"],
        "proposal_office_view_remove": [K, t.view.pk],
        "residence_person": [K, world.people["mehmet"].pk],
        "organisation_detail": [K, t.organisation.slug],
        "proposal_draft": [K, t.draft.key],
        "proposal_discard": [K, t.draft.key],
        "proposal_draft_step": [K, t.draft.key, "baslik"],
        "proposal_attachment": [K, t.document.pk],
        "proposal_attachment_image": [K, t.picture.pk],
        "proposal_attachment_remove": [K, t.document.pk],
        "group_request_accept": [K, t.group.slug, t.wish.pk],
        "group_request_decline": [K, t.group.slug, t.wish.pk],
        "group_request_withdraw": [K, t.group.slug, t.wish.pk],
        "group_member_end": [K, t.group.slug, t.seat.pk],
        "procedure_detail": [K, "meclis"],
        "procedure_set": [K, "meclis"],
        "comment_restore": [t.thread.pk, t.hidden.pk],
        "report_settle": [t.thread.pk, t.report.pk],
        "api-body": [K, t.group.slug],
        "municipal_meeting_edit": [K, t.meeting.pk],
        **{
            name: [K, t.line.pk]
            for name in ("budget_line", "budget_line_edit", "api-budget-line", "api-budget-line-proposals")
        },
        **{name: [K, t.plan.pk] for name in ("plan_edit", "objective_add", "api-strategic-plan")},
        **{
            name: [K, t.objective.pk]
            for name in ("objective_detail", "objective_edit", "api-objective", "api-objective-proposals")
        },
        **{name: [K, t.unit.pk] for name in ("unit_edit", "api-unit", "api-merge-unit")},
        "decision_detail": [K, t.decision.pk],
        "decision_settle": [K, t.waiting.pk],
        "decision_document_add": [K, t.waiting.pk],
        "decision_document": [K, t.decision.pk, 1],
        "opinion_in_council": [K, t.opinion.number],
        "decision_enter": [K, t.opinion.number],
        "api-decision": [K, t.decision.pk],
        "api-decision-file": [K, t.decision.pk, 1],
        "api-confirm-decision": [K, t.waiting.pk],
        "api-withdraw-decision": [K, t.waiting.pk],
        "api-decision-documents": [K, t.waiting.pk],
        "api-opinion-in-council": [K, t.opinion.number],
        "api-opinion-agenda": [K, t.opinion.number],
        "api-opinion-off-agenda": [K, t.opinion.number],
        "api-opinion-commission": [K, t.opinion.number],
        "api-commission-report": [K, t.opinion.number],
        "api-enter-decision": [K, t.opinion.number],
        "api-municipal-meeting": [K, t.meeting.pk],
        **{
            name: [K, t.opinion_draft.key]
            for name in (
                "opinion_draft",
                "opinion_discard",
                "opinion_open_ballot",
                "opinion_tally",
                "api-opinion-draft",
                "api-open-opinion-ballot",
                "api-enter-opinion-tally",
            )
        },
        **{
            name: [K, t.opinion_voting.number]
            for name in (
                "opinion_detail",
                "opinion_minutes",
                "opinion_settle",
                "api-opinion",
                "api-opinion-minutes",
                "api-settle-opinion-tally",
            )
        },
        "opinion_pdf": [K, t.opinion_adopted.number],
        "api-opinion-document": [K, t.opinion_adopted.number],
        "opinion_send": [K, t.opinion_adopted.number],
        "api-send-opinion": [K, t.opinion_adopted.number],
        "api-draft": [K, t.draft.key],
        "api-submit": [K, t.draft.key],
        "api-comments": [t.thread.pk],
        "api-comment": [t.comment.pk],
        "api-councils": [],
        "comment_add": [t.thread.pk],
        "api-nowhere": ["nothing"],
        "ballot_receipt_proof": [t.ballot.pk, 1],
        "ballot_vote_for": [t.ballot.pk, 1],
        "seal_detail": [1],
        "api-seal": [1],
        "api-seal-growth": [2],
        "api-entry-proof": [1],
        "api-receipt": ["7K3M9-QXT2B-4D1HJ"],
        "api-receipt-proof": ["7K3M9-QXT2B-4D1HJ"],
        "api-vote-by-key": [t.ballot.pk, uuid.UUID(int=7)],
        "amendment_propose": [K, t.gathering.number, 1],
        "amendment_detail": [K, t.gathering.number, t.amendment.number],
        "amendment_decide": [K, t.gathering.number, t.amendment.number],
        "amendment_withdraw": [K, t.gathering.number, t.amendment.number],
        "api-amendment": [K, t.gathering.number, t.amendment.number],
        "api-accept-amendment": [K, t.gathering.number, t.amendment.number],
        "api-decline-amendment": [K, t.gathering.number, t.amendment.number],
        "api-withdraw-amendment": [K, t.gathering.number, t.amendment.number],
        "api-version": [K, t.gathering.number, 1],
        "api-attachment": [K, t.document.pk],
        "api-attachment-file": [K, t.document.pk],
        "api-draft-attachments": [K, t.draft.key],
        "api-organisation": [K, t.organisation.slug],
        "api-organisation-changes": [K, t.organisation.slug],
        "api-organisation-proposals": [K, t.organisation.slug],
        "api-member-end": [K, t.group.slug, t.seat.pk],
        "api-join-accept": [K, t.group.slug, t.wish.pk],
        "api-join-decline": [K, t.group.slug, t.wish.pk],
        "api-join-withdraw": [K, t.group.slug, t.wish.pk],
        "api-desk-tasks": [K, "admissibility"],
        "api-resident": [K, world.people["mehmet"].pk],
        "api-verify-residence": [K, world.people["mehmet"].pk],
        "api-comment-restore": [t.hidden.pk],
        "api-report-settle": [t.report.pk],
        "impact_table": [K, "konu", "csv"],
        "impact_proposals_file": [K, "csv"],
        "api-my-token": [2**40],
        "token_revoke": [2**40],
        "notice_read": [2**40],
        "api-notice-read": [2**40],
        "notice_leave": [leaving_token(world.people["ayse"].pk, ["author"])],
        "api-my-session": ["yok"],
        "api-proxy": [t.ballot.pk],
        "api-vote-for": [t.ballot.pk, 1],
    }
    if name in special:
        return special[name]
    pattern = dict(addresses())[name]
    if "number" in pattern:
        return [K, number.number]
    if name.startswith("api-comment-"):
        return [t.comment.pk]
    if name.startswith("api-") and "<slug:body>" in pattern:
        return [K, t.group.slug]
    for word, found in known.items():
        if name.startswith((f"{word}_", f"api-{word}", f"api-{word}-")) and "<" in pattern:
            return found
    if name in {"api-vote", "api-close-ballot", "api-decide-tie", "api-roll-call"}:
        return known["ballot"]
    return [K] if "council" in pattern else []


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Name and pattern of every address but those of the administration."""
    for each in (resolver or get_resolver()).url_patterns:
        path = prefix + str(each.pattern)
        if path.startswith("admin/"):
            continue
        if isinstance(each, URLResolver):
            yield from addresses(each, path)
        else:
            yield str(each.name), path


# --- Rows -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    """What everybody gets at an address. `others` are the signed-in people no outcome names."""

    name: str
    method: str
    visitor: str
    others: str
    body: Any
    named: dict[str, str]

    def expected(self, role: str) -> str:
        for outcome_, roles in self.named.items():
            if role in roles.split():
                return outcome_
        return self.visitor if role in NOBODY else self.others

    @property
    def roles(self) -> tuple[str, ...]:
        return ROLES if self.named else FEW


NOBODY = ("visitor", "closed")  # a session whose account was closed is no session
FEW = ("visitor", "ayse")
REASON = {"reason": "Belediyenin görev alanı dışında kalıyor."}
ANSWER = {"decision": "accept", "accept-reason": "Fen işleri bu yıl yapacak, tarihini yazacağız."}
WHY = REASON | {"reason_code": "other"}
SAID = "Yolun ilk bölümü açıldı."
TOLD = {"do": "note", "note-text": SAID}
STEP = {"title": "Proje ihalesi", "planned_on": "2026-03-01"}
MOVED = {"milestone": 1, "planned_on": "2026-03-01", "reason": SAID}
GIVEN_UP = {"reason": "Güzergâh sit alanında kaldı.", "reason_code": "legal"}
COMMENT = {"text": "Bence iyi bir fikir.", "mark": "neutral", "key": "5f0c1a52-90f1-4c57-a7f4-0d46a1fbd0aa"}
REVISION = {
    "title": "Sahil yolunda kesintisiz bisiklet yolu",
    "summary": "Kopuk parçalar birleştirilsin, kavşaklara ışık konsun.",
    "text": "Körfez’in kuzey kıyısında bisiklet yolu üç yerde kesiliyor; bu parçalar birleştirilsin.",
    "note": "Son bölümü yeniden yazdım.",
    "base": "1",
}
RESIDENTS = "ayse mehmet member representative facilitator president"


def row(name: str, method: str = "get", *, visitor: str = "login", others: str, body: Any = None, **named: str) -> Row:
    return Row(name, method, visitor, others, body, named)


def public(*names: str) -> list[Row]:
    return [row(name, visitor="open", others="open") for name in names]


def signed_in(*names: str, method: str = "get", others: str = "open") -> list[Row]:
    return [row(name, method, others=others) for name in names]


AMENDERS = RESIDENTS.removeprefix("ayse ")
AMENDMENT = {"kind": "insert", "text": "Işıklar da konsun.", "reason": "Akşamları karanlık oluyor."}
DIGEST = digest_of("Körfez’in kuzey kıyısında bisiklet yolu üç yerde kesiliyor.")
HOLIDAY = {"day": "2026-12-31", "name": "İdari izin", "kind": "off", "reason": "Cumhurbaşkanlığı genelgesi 2026/12"}
LINE = {"year": 2026, "code": "46.1", "name": "Bisiklet yolu"}
PERIOD = {"first_year": 2030, "last_year": 2034}
AIM = {"code": "A7", "name": "Ulaşımı güvenli kılmak"}
UNIT = {"name": "Fen İşleri"}
NO_KEY = 2**31 - 1
LINES = {"text": "yıl;kod;ad\n2026;9;Kalem"}
PLAN = {"text": "dönem;kod;ad\n2030-2034;A1;Amaç"}
RULE = {"limit": 1, "reason": "Karar 2026/4"}
CALENDAR = {"text": "tarih\n13.08.2099"}
MEETING = {"name": "Ağustos 2099 birleşimi", "starts_at": "2099-08-13T14:00:00+03:00"}
USUAL = {
    "week": 1, "weekday": 0, "begins": "14:00", "notice_days": 4, "agenda_closes": "17:00", "recess_month": None,
}  # fmt: skip
ROWS = [
    *public(
        "home", "health", "live_ticket", "about", "data_protection", "accessibility", "api-docs", "api-schema",
        "account_login", "account_signup", "account_logout", "account_inactive", "account_request_login_code",
        "account_confirm_login_code", "account_email_verification_sent", "account_reset_password",
        "account_reset_password_done", "account_reset_password_from_key_done",
        "council_home", "body_list", "group_detail", "group_record", "group_feed", "assembly_detail", "assembly_record",
        "assembly_feed", "organisation_detail", "organisation_list", "council_journal", "council_feed", "group_members",
        "proposal_record", "proposal_feed", "proposal_list", "proposal_points", "proposal_outline", "proposal_similar",
        "proposal_attachment", "proposal_attachment_image", "proposal_detail", "proposal_action", "proposal_supporters",
        "proposal_versions", "thread_page", "comment_page", "comment_options", "comment_history",
        "ballot_detail", "ballot_box", "council_ballots", "receipt_lookup", "seal_list", "seal_file", "seal_feed", "proof_check",
        "api-councils", "api-council", "api-bodies", "api-body", "api-proposals", "api-proposal", "api-ballot",
        "api-comments", "api-comment", "api-seals", "api-overview", "api-council-record", "api-points", "api-outline",
        "api-similar",
        "api-organisations", "api-organisation", "api-organisation-proposals", "api-organisation-changes",
        "api-body-record", "api-members",
        "api-supporters", "api-proposal-options", "api-proposal-record", "api-attachments", "api-attachment",
        "proposal_text", "proposal_amendments", "amendment_detail", "api-paragraphs", "api-amendments", "api-amendment",
        "api-attachment-file", "api-versions", "api-version", "api-ballot-options", "api-thread", "api-comment-versions",
        "api-comment-options", "impact_home", "impact_proposals", "api-impact", "api-impact-proposals",
        "implementation_list", "api-implementations", "api-implementation",
    ),
    row("live_poll", visitor="form", others="form"),  # names no topic
    row("set_language", "post", visitor="form", others="form"),
    row("account_confirm_email", visitor="absent", others="absent"),
    row("account_reset_password_from_key", visitor="absent", others="absent"),
    row("api-nowhere", visitor="absent", others="absent"),
    *signed_in("tokens"),
    row("token_new", others="open"),  # leads to the page that asks for the password
    row("token_revoke", "post", others="absent"),
    *signed_in("notice_list", "notice_choices"),
    *signed_in("notice_read_all", method="post"),
    row("notice_read", "post", others="absent"),
    row("notice_choices", "post", others="form", body={"author": "hourly"}),
    row("notice_leave", visitor="open", others="open"),  # the signed address is the whole right
    row("notice_leave", "post", visitor="open", others="open"),
    *signed_in("me", "after_login", "my_data", "my_data_file", "settings", "account_email", "account_change_password"),
    *signed_in("account_set_password"),
    row("settings_residence", "post", others="form"),
    row("settings_age_band", "post", others="form"),
    row("api-my-age-band", others="open"),
    row("api-my-age-band", "put", others="open", body={"age_band": "35-49", "consent": True}),
    row("api-my-age-band", "delete", others="open"),
    row("account_reauthenticate", others="open"),  # the cast has no passwords: led to a page that gives one
    *signed_in("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes", "session_list"),
    *signed_in("session_end", method="post"),
    row("mfa_deactivate_totp", others="absent"),  # the cast has set up nothing
    row("mfa_view_recovery_codes", others="absent"),
    row("mfa_remove_webauthn", others="absent"),
    row("mfa_reauthenticate", others="open"),
    row("mfa_reauthenticate_webauthn", others="open"),
    row("mfa_authenticate", others="open"),  # only on the way in; whoever is in is led on
    row("mfa_login_webauthn", visitor="open", others="open"),
    row("openid_begin", visitor="absent", others="absent"),  # no provider is configured
    row("openid_back", visitor="absent", others="absent"),
    row("openid_link", others="absent"),
    row("openid_prove", others="absent"),
    # The desk
    row("desk", others="refused", open="facilitator president secretary directorate centre"),
    row("impact_panel", others="refused", open="secretary directorate"),
    row("impact_table", others="refused", open="secretary directorate"),
    row("impact_proposals_file", others="refused", open="secretary directorate"),
    row("api-impact-panel", others="refused", open="secretary directorate"),
    row("residence_desk", others="refused", open="secretary directorate"),
    row("residence_person", others="refused", open="secretary directorate"),
    row("residence_person", "post", others="refused", form="secretary directorate"),
    *public("open_data", "impact_reports", "api-annual-reports"),
    row("impact_report_file", visitor="absent", others="absent", open="secretary directorate"),
    row("impact_report_make", "post", others="refused", body={"year": "1999"}, open="secretary directorate"),
    row("impact_report_publish", "post", others="refused", open="secretary directorate"),
    row("open_data_file", visitor="absent", others="absent"),  # no day has been written
    row("api-open-data", visitor="absent", others="absent"),
    row("proposal_office", others="refused", open="secretary directorate"),
    row("proposal_office_file", others="refused", open="secretary directorate"),
    row("proposal_office_bulk", others="refused", open="secretary directorate"),
    row("proposal_office_bulk", "post", others="refused", body={"is": "etiketle"}, form="secretary directorate"),
    row("proposal_office_view", "post", others="refused", body={"name": "Acil"}, open="secretary directorate"),
    row("proposal_office_view_remove", "post", others="refused", absent="directorate", open="secretary"),
    row("report_list", others="open"),  # of what one does not moderate it shows nothing
    # Drafts are their author's alone
    *signed_in("proposal_new"),
    row("proposal_draft", others="absent", open="ayse"),
    row("proposal_draft_step", others="absent", open="ayse"),
    row("proposal_draft_step", "post", others="absent", body=REVISION, open="ayse"),
    row("proposal_discard", others="absent", open="ayse"),
    row("proposal_discard", "post", others="open"),  # for others as for a draft that is gone: nothing happens
    *signed_in("proposal_new", method="post"),
    # Proposals
    *signed_in("proposal_receipt"),
    row("proposal_support", "post", others="refused", open=RESIDENTS),
    *signed_in("proposal_withdraw_support", "proposal_follow", method="post"),
    row("proposal_attachment_remove", "post", others="refused", open="ayse"),
    row("proposal_attachments", others="refused", open="ayse"),
    row("proposal_attachments", "post", others="refused", form="ayse"),
    row("proposal_revise", others="refused", open="ayse"),
    row("proposal_revise", "post", others="refused", body=REVISION, open="ayse"),
    row("proposal_withdraw", others="refused", open="ayse"),
    row("proposal_withdraw", "post", others="refused", body=WHY, open="ayse"),
    row("proposal_admissibility", others="refused", open="secretary"),
    row("proposal_admissibility", "post", others="refused", body=WHY | {"decision": "inadmissible"}, open="secretary"),
    row("proposal_open_ballot", others="refused", open="facilitator"),
    row("proposal_open_ballot", "post", others="refused", body="ballot", open="facilitator"),
    row("proposal_decline", others="refused", open="facilitator"),
    row("proposal_decline", "post", others="refused", body=WHY, open="facilitator"),
    row("proposal_put_on_agenda", others="refused", open="secretary"),
    row("proposal_put_on_agenda", "post", others="refused", open="secretary"),
    row("proposal_give_back", others="refused", open="secretary"),
    row("proposal_give_back", "post", others="refused", body=WHY, open="secretary"),
    row("proposal_answer", others="refused", open="directorate"),
    row("proposal_answer", "post", others="refused", body=ANSWER, open="directorate"),
    row("proposal_implementation", others="refused", open="directorate"),
    row("proposal_implementation", "post", others="refused", body=TOLD, open="directorate"),
    row("proposal_review", others="refused", open="ayse"),
    row("proposal_review", "post", others="refused", body={"answer": "yes"}, open="ayse"),
    row("proposal_merge", others="refused", open="facilitator secretary"),
    row("proposal_merge", "post", others="refused", body=WHY, form="facilitator secretary"),
    row("proposal_split", others="refused", open="facilitator secretary"),
    row("proposal_split", "post", others="refused", body=WHY, form="facilitator secretary"),
    # Amendments: residents and members ask, the author decides (and the body once it discusses, case 19)
    row("amendment_propose", others="refused", open=AMENDERS),
    row("amendment_propose", "post", others="refused", body=AMENDMENT | {"digest": DIGEST}, open=AMENDERS),
    row("amendment_decide", others="refused", open="ayse"),
    row("amendment_decide", "post", others="refused", body=REASON | {"decision": "decline", "reason_code": "other"}, open="ayse"),
    row("amendment_withdraw", others="refused", open="mehmet"),
    row("amendment_withdraw", "post", others="refused", open="mehmet"),
    row("api-amendments", "post", others="refused", body=AMENDMENT | {"position": 1}, open=AMENDERS),
    row("api-accept-amendment", "post", others="refused", body={}, open="ayse"),
    row("api-decline-amendment", "post", others="refused", body=REASON | {"reason_code": "other"}, open="ayse"),
    row("api-withdraw-amendment", "post", others="refused", body={}, open="mehmet"),
    *signed_in("api-my-amendments"),
    # Discussions
    *signed_in("thread_people"),
    row("comment_add", "post", others="open", body=COMMENT),
    row("comment_reply", visitor="open", others="open"),
    row("comment_edit", others="refused", open="ayse"),
    row("comment_edit", "post", others="refused", body=COMMENT, open="ayse"),
    row("comment_delete", others="refused", open="ayse"),
    row("comment_delete", "post", others="refused", open="ayse"),
    row("comment_report", others="open", refused="ayse"),
    row("comment_report", "post", others="open", body={"reason": "spam"}, refused="ayse"),
    row("comment_hide", others="refused", open="facilitator secretary"),
    row("comment_hide", "post", others="refused", body={"reason": "Hakaret içeriyor."}, open="facilitator secretary"),
    row("comment_restore", others="refused", open="facilitator secretary"),
    row("comment_restore", "post", others="refused", open="facilitator secretary"),
    row("report_settle", "post", others="absent", open="facilitator secretary"),
    # Ballots
    row("ballot_vote", "post", others="refused", body={"choice": "yes"}, open="member facilitator"),
    row("ballot_roll_call", others="refused", open="member facilitator secretary"),
    row("ballot_close", others="refused", open="facilitator"),
    row("ballot_decide_tie", others="absent"),  # this ballot gives no tie to a chair
    row("ballot_decide_tie", "post", others="absent", body={"chosen": "yes", "reason": "Başkan olarak böyle uygun."}),
    row("ballot_proxy", others="absent"),  # this ballot knows no proxies
    row("ballot_proxy", "post", others="absent", body={"email": "kimse@ornek.invalid"}),
    row("ballot_vote_for", others="absent"),
    row("ballot_vote_for", "post", others="absent", body={"choice": "yes"}),
    row("council_ballot_open", others="refused", open="facilitator president secretary"),
    row("council_ballot_open", "post", others="refused", form="facilitator president secretary"),
    # Money and plan: everybody reads, the directorate writes
    *public(
        "budget_lines", "budget_line", "budget_csv", "strategic_plan", "objective_detail", "plan_csv", "units",
        "api-budget-lines", "api-budget-line", "api-budget-line-proposals", "api-strategic-plans", "api-objectives",
        "api-objective", "api-objective-proposals", "api-units",
    ),
    *(
        row(name, others="refused", open="directorate")
        for name in (
            "budget_line_add", "budget_line_edit", "budget_import", "plan_add", "plan_edit", "plan_import", "objective_add",
            "objective_edit", "unit_edit", "proposal_money",
        )
    ),
    *(
        row(name, method, others="refused", body=body, open="directorate")
        for name, method, body in (
            ("budget_line_add", "post", LINE), ("budget_line_edit", "post", LINE), ("budget_import", "post", LINES),
            ("plan_add", "post", PERIOD), ("plan_edit", "post", PERIOD), ("plan_import", "post", PLAN),
            ("objective_add", "post", AIM), ("objective_edit", "post", AIM), ("unit_edit", "post", UNIT),
            ("api-budget-lines", "post", LINE), ("api-budget-line", "put", LINE), ("api-import-budget-lines", "post", LINES),
            ("api-strategic-plans", "post", PERIOD), ("api-strategic-plan", "put", PERIOD),
            ("api-objective", "put", AIM), ("api-import-objectives", "post", PLAN), ("api-unit", "put", UNIT),
            ("api-stop-funding", "post", {"line": NO_KEY}), ("api-stop-serving", "post", {"objective": NO_KEY}),
        )
    ),
    row("api-objectives", "post", others="refused", body=AIM | {"plan": NO_KEY}, absent="directorate"),
    row("api-merge-unit", "post", others="refused", body={"into": NO_KEY}, form="directorate"),
    row("proposal_money", "post", others="refused", body={"do": "serve"}, form="directorate"),
    row("api-fund", "post", others="refused", body={"line": NO_KEY}, form="directorate"),
    row("api-serve-objective", "post", others="refused", body={"objective": NO_KEY}, form="directorate"),
    *public("holidays", "api-holidays"),
    row("holiday_set", others="refused", open="secretary"),
    row("holiday_set", "post", others="refused", body=HOLIDAY, open="secretary"),
    row("api-holidays", "post", others="refused", body=HOLIDAY, open="secretary"),
    *public("procedures", "procedure_detail", "api-procedures"),
    row("procedure_set", others="refused", open="secretary"),
    row("procedure_set", "post", others="refused", body=RULE, form="secretary"),
    row("api-procedures", "post", others="form", body=RULE),
    *public("proxy_rules", "api-proxy-rules"),
    row("proxy_rule_set", others="refused", open="secretary"),
    row("proxy_rule_set", "post", others="refused", body=RULE | {"place": "bodies"}, open="secretary"),
    row("api-proxy-rules", "post", others="refused", body=RULE | {"scope": "bodies"}, open="secretary"),
    row("ballot_close", "post", others="refused", body={"reason": "Herkes oyunu verdi."}, open="facilitator"),
    # Opinions
    *public(
        "opinion_list", "opinion_detail", "opinion_pdf", "api-opinions", "api-opinion", "api-opinion-document",
    ),
    row("opinion_minutes", visitor="absent", others="absent", open="ayse secretary directorate"),  # not confirmed yet
    row("api-opinion-minutes", visitor="absent", others="absent", open="ayse secretary directorate"),
    *(
        row(name, others="refused", open="secretary")
        for name in (
            "opinion_new", "opinion_draft", "opinion_discard", "opinion_open_ballot", "opinion_tally", "opinion_send",
            "api-opinion-drafts", "api-opinion-draft",
        )
    ),
    row("opinion_settle", others="refused", open="secretary directorate"),
    *(
        row(name, "post", others="refused", form="secretary")
        for name in ("opinion_new", "opinion_draft", "opinion_open_ballot", "opinion_tally", "opinion_send")
    ),
    row("opinion_discard", "post", others="refused", open="secretary"),
    row("opinion_settle", "post", others="refused", body={"decision": "confirm"}, open="secretary directorate"),
    row("api-opinion-drafts", "post", others="refused", body={}, form="secretary"),
    row("api-opinion-draft", "put", others="refused", body={}, form="secretary"),
    row("api-opinion-draft", "delete", others="refused", open="secretary"),
    row("api-open-opinion-ballot", "post", others="refused", body={}, form="secretary"),
    row("api-enter-opinion-tally", "post", others="refused", body={}, form="secretary"),
    row("api-settle-opinion-tally", "post", others="refused", body={"confirm": True}, open="secretary directorate"),
    row("api-send-opinion", "post", others="form", body={}),
    # The municipal council's calendar
    *public(
        "municipal_meetings", "municipal_meetings_ical", "municipal_meetings_csv",
        "api-municipal-meetings", "api-municipal-meeting", "api-municipal-calendar",
    ),
    *(
        row(name, others="refused", open="secretary directorate")
        for name in (
            "municipal_meetings_manage", "municipal_calendar", "municipal_meeting_add", "municipal_meeting_edit",
            "municipal_import",
        )
    ),
    row("municipal_meetings_manage", "post", others="refused", open="secretary directorate"),
    row("municipal_calendar", "post", others="refused", form="secretary directorate"),
    row("municipal_meeting_add", "post", others="refused", form="secretary directorate"),
    row("municipal_meeting_edit", "post", others="refused", form="secretary directorate"),
    row("municipal_import", "post", others="refused", body=CALENDAR, open="secretary directorate"),
    row("api-municipal-meetings", "post", others="refused", body=MEETING, open="secretary directorate"),
    row("api-municipal-meeting", "put", others="refused", body=MEETING, open="secretary directorate"),
    row("api-municipal-calendar", "put", others="refused", body=USUAL, open="secretary directorate"),
    row("api-plan-municipal-meetings", "post", others="refused", body={}, open="secretary directorate"),
    row("api-import-municipal-meetings", "post", others="refused", body=CALENDAR, open="secretary directorate"),
    # The municipal council's decisions: what waits exists for those who keep it, and its own author confirms nothing
    *public("decision_list", "decision_detail", "api-decisions", "api-decision", "api-opinion-in-council"),
    row("decision_document", visitor="absent", others="absent"),  # this decision has none
    row("api-decision-file", visitor="absent", others="absent"),
    row("decision_settle", "post", others="absent", body={"confirm": "1"}, open="secretary", refused="directorate"),
    row("decision_document_add", "post", others="absent", form="secretary directorate"),
    row("opinion_in_council", others="refused", open="secretary directorate"),
    row("opinion_in_council", "post", others="refused", body={"adim": "gundem"}, form="secretary directorate"),
    row("decision_enter", others="refused", open="secretary directorate"),
    row("decision_enter", "post", others="refused", form="secretary directorate"),
    row("api-confirm-decision", "post", others="absent", body={}, open="secretary", refused="directorate"),
    row("api-withdraw-decision", "post", others="absent", body={}, open="secretary directorate"),
    row("api-decision-documents", "post", others="absent", body={}, form="secretary directorate"),
    row("api-opinion-agenda", "post", others="refused", body={}, form="secretary directorate"),
    row("api-opinion-off-agenda", "post", others="refused", body=REASON),  # it is on no agenda
    row("api-opinion-commission", "post", others="refused", body={"commission": "Ulaşım"}),
    row("api-commission-report", "post", others="refused", body={"report": "Yerinde bulundu."}),
    row("api-enter-decision", "post", others="refused", body={}, form="secretary directorate"),
    # Receipts exist for those who voted, and with their code; nobody has voted here and nothing is sealed
    row("ballot_receipt", others="absent"),
    row("ballot_receipt_proof", others="absent"),
    row("receipt_lookup", "post", visitor="absent", others="absent", body={"code": "7K3M9-QXT2B-4D1HJ"}),
    row("receipt_proof", "post", visitor="absent", others="absent", body={"code": "7K3M9-QXT2B-4D1HJ"}),
    row("proof_check", "post", visitor="form", others="form", body={"proof": ""}),
    row("seal_detail", visitor="absent", others="absent"),
    # Groups
    *signed_in("group_join", "group_leave"),
    row("group_join", "post", others="open", body={"message": "Ulaşımda çalışmak isterim."}, refused="member facilitator"),
    row("group_leave", "post", others="refused", open="member"),
    row("group_requests", others="refused", open="facilitator"),
    row("group_request_accept", "post", others="refused", open="facilitator"),
    row("group_request_decline", "post", others="refused", body=REASON, open="facilitator"),
    row("group_request_withdraw", "post", others="absent", open="mehmet"),
    row("group_member_end", others="refused", open="facilitator"),
    row("group_member_end", "post", others="refused", body=REASON, open="facilitator"),
    # The API
    *signed_in("api-support", "api-drafts", "api-receipts"),
    *(
        row(name, visitor="absent", others="absent")
        for name in ("api-receipt", "api-receipt-proof", "api-seal", "api-seal-growth", "api-entry-proof")
    ),
    row("api-support", "put", others="refused", body={}, open=RESIDENTS),
    row("api-support", "delete", others="open"),
    row("api-drafts", "post", others="open", body={}),
    row("api-draft", others="absent", open="ayse"),
    row("api-draft", "patch", others="absent", body={"title": "Benim"}, open="ayse"),
    row("api-draft", "delete", others="absent", open="ayse"),
    row("api-submit", "post", others="absent", body={}, open="ayse"),
    row("api-admit", "post", others="refused", body={}, open="secretary"),
    row("api-reject", "post", others="refused", body=WHY, open="secretary"),
    row("api-withdraw", "post", others="refused", body=WHY, open="ayse"),
    row("api-decline", "post", others="refused", body=WHY, open="facilitator"),
    row("api-put-on-agenda", "post", others="refused", body={}, open="secretary"),
    row("api-give-back", "post", others="refused", body=WHY, open="secretary"),
    row("api-accept-directly", "post", others="refused", body=REASON, open="directorate"),
    row("api-decline-directly", "post", others="refused", body=WHY, open="directorate"),
    row("api-plan-implementation", "post", others="refused", body={"unit": "Fen İşleri"}, open="directorate"),
    row("api-add-milestone", "post", others="refused", body=STEP, open="directorate"),
    row("api-move-milestone", "post", others="refused", body=MOVED, form="directorate"),
    row("api-finish-milestone", "post", others="form", body={}),  # JSON is no file
    row("api-write-progress", "post", others="refused", body={"text": SAID}, open="directorate"),
    row("api-finish-implementation", "post", others="refused", body={"outcome": SAID}, open="directorate"),
    row("api-abandon-implementation", "post", others="refused", body=GIVEN_UP, open="directorate"),
    row("api-answer-review", "post", others="refused", body={"answer": "yes"}, open="ayse"),
    row("api-merge", "post", others="form", body=WHY),
    row("api-split", "post", others="form", body=WHY),
    row("api-versions", "post", others="refused", body={k: v for k, v in REVISION.items() if k != "base"}, form="ayse"),
    *signed_in("api-follow"),
    *signed_in("api-follow", method="delete"),
    row("api-follow", "put", others="open", body={}),
    row("api-attachments", "post", others="form", body={}),  # JSON is no file
    row("api-attachment", "delete", others="refused", open="ayse"),
    row("api-draft-attachments", others="absent", open="ayse"),
    row("api-draft-attachments", "post", others="absent", body={}, form="ayse"),
    # Groups and offices by the API
    row("api-join-requests", others="refused", open="facilitator"),
    row("api-join-requests", "post", others="open", body={"message": "Varım."}, refused="member facilitator"),
    row("api-leave", "post", others="refused", body={}, open="member"),
    row("api-member-end", "post", others="refused", body=REASON, open="facilitator"),
    row("api-join-accept", "post", others="refused", body={}, open="facilitator"),
    row("api-join-decline", "post", others="refused", body=REASON, open="facilitator"),
    row("api-join-withdraw", "post", others="absent", body={}, open="mehmet"),
    row("api-desk", others="refused", open="facilitator president secretary directorate centre"),
    row("api-desk-tasks", others="refused", absent="facilitator president directorate centre", open="secretary"),
    row("api-residents", others="refused", open="secretary directorate"),
    row("api-resident", others="refused", open="secretary directorate"),
    row("api-verify-residence", "post", others="refused", body={"national_number": "1"}, form="secretary directorate"),
    row("api-reports", others="open"),  # of what one does not moderate it shows nothing
    row("api-report-settle", "post", others="absent", body={}, open="facilitator secretary"),
    *signed_in("api-thread-people"),
    row("api-comment-report", others="absent", open="mehmet"),
    row("api-comment-report", "post", others="open", body={"reason": "spam"}, refused="ayse"),
    row("api-comment-hide", "post", others="refused", body={"reason": "Hakaret içeriyor."}, open="facilitator secretary"),
    row("api-comment-restore", "post", others="refused", body={}, open="facilitator secretary"),
    row("api-roll-call", others="refused", open="member facilitator secretary"),
    # The one who asks
    *signed_in("api-me", "api-my-proposals", "api-my-followed", "api-my-news", "api-my-join-requests", "api-my-data"),
    *signed_in("api-my-tokens"),
    *signed_in("api-my-changes", "api-my-notices", "api-my-mail-choices"),
    row("api-my-notices", "post", others="open", body={"until": 1}),
    row("api-notice-read", "put", others="absent", body={}),
    row("api-my-mail-choices", "patch", others="open", body={"author": "daily"}),
    row("api-me", "patch", others="open", body={"language": "en"}),
    row("api-my-residence", others="open", absent="outsider superuser secretary directorate centre neighbour"),
    row("api-my-residence", "put", others="open", body={"council": K, "district": "izmit"}),
    row("api-my-token", "delete", others="absent"),
    *signed_in("api-my-sessions"),
    *signed_in("api-my-sessions", method="delete"),
    row("api-proxy", others="absent"),  # this ballot knows no proxies
    row("api-proxy", "put", others="absent", body={"email": "kimse@ornek.invalid"}),
    row("api-proxy", "delete", others="absent"),
    row("api-vote-for", "put", others="absent", body={"paper": "yes"}),
    row("api-my-session", "delete", others="absent"),
    row("api-council-ballots", visitor="open", others="open"),
    row("api-council-ballots", "post", others="refused", body="council ballot", open="secretary"),
    row("api-open-ballot", "post", others="refused", body="ballot", open="facilitator"),
    row("api-vote", others="absent"),
    row("api-vote", "put", others="refused", body={"paper": "yes"}, open="member facilitator"),
    row("api-vote-by-key", others="absent"),
    row("api-decide-tie", "post", others="refused", body={"chosen": ["yes"], "reason": "Başkan olarak böyle uygun."}),
    row("api-close-ballot", "post", others="refused", body={"reason": "Herkes oyunu verdi."}, open="facilitator"),
    row("api-comments", "post", others="open", body=COMMENT),
    row("api-comment", "patch", others="refused", body={"text": "Bence kötü bir fikir."}, open="ayse"),
    row("api-comment", "delete", others="refused", open="ayse"),
]  # fmt: skip


def test_046_every_address_has_a_row():
    names = set(dict(addresses()))
    assert names - {each.name for each in ROWS} == set()
    assert {each.name for each in ROWS} - names == set()


def sent(each: Row) -> dict[str, Any]:
    """The body as the address takes it."""
    body = each.body
    is_api = each.name.startswith("api-")
    if body == "ballot":
        closing = timezone.localtime() + timedelta(days=3)
        body = {"closes_at": closing.isoformat()}
        if not is_api:
            body = {
                "opening": "now",
                "visibility": "live",
                "closes_on": f"{closing:%Y-%m-%d}",
                "closes_time": f"{closing:%H:%M}",
            }
    if body == "council ballot":
        closing = timezone.localtime() + timedelta(days=3)
        body = {"electorate": "residents", "question": "Meydan yayalara açılsın mı?", "closes_at": closing.isoformat()}
    if is_api and body is not None:
        return {"body": json.dumps(body), "content_type": "application/json"}
    return {"body": body}


@pytest.mark.parametrize("role", ROLES)
def test_046_everybody_gets_what_the_rows_say(world, role):
    wrong = []
    client = world.client(role)
    for each in ROWS:
        if role not in each.roles:
            continue
        path = reverse(each.name, args=args(world, each.name))
        found = outcome(world.ask(role, each.method, path, client=client, **sent(each)))
        if found != each.expected(role):
            wrong.append(f"{each.method} {each.name}: {found}, not {each.expected(role)}")
    assert wrong == []


METHODS = ("head", "options", "post", "put", "delete")
LEAD_ON = {"account_logout", "account_confirm_login_code", "mfa_authenticate", "mfa_login_webauthn"}


@pytest.mark.parametrize("role", ["ayse"])
def test_046_no_method_without_a_row_does_anything(world, role):
    """Whatever an address does not know is refused; HEAD is a GET, OPTIONS tells methods and nothing else."""
    client = world.client(role)
    rows = {(each.name, each.method): each for each in ROWS}
    wrong = []
    for name in sorted(set(dict(addresses()))):
        # allauth sends who is signed in away before it looks at the method.
        asking, who = (Client(), "visitor") if name.startswith("account_") else (client, role)
        if name.startswith("api-"):
            cache.clear()  # all addresses together are more than a person may ask in a minute
        path = reverse(name, args=args(world, name))
        for method in METHODS:
            if (name, method) in rows or (method == "head" and (name, "get") not in rows):
                continue
            found = outcome(world.ask(role, method, path, client=asking))
            allowed = {"wrong", "login", "refused", "absent"}
            if method == "head":
                allowed = {rows[name, "get"].expected(who), "wrong"}
            elif method == "options":
                allowed |= {"open"}
            elif method == "post" and not name.startswith("api-"):
                allowed |= {"form"}  # a form that says what is missing
            if name.startswith("mfa_reauthenticate") or name in LEAD_ON:
                allowed |= {"open"}  # they lead on
            elif name.startswith("account_"):
                allowed |= {"429"}
            if found not in allowed:
                wrong.append(f"{method} {name}: {found}")
    assert not wrong, "\n".join(wrong)


def test_056_parts_of_a_page_have_the_guard_of_the_page(world):
    """Case 56: asked for by htmx or by the live engine, an address refuses the same people."""
    guarded = [each for each in ROWS if each.method == "get" and each.named and not each.name.startswith("api-")]
    for role in ("visitor", "mehmet", "neighbour"):
        client = world.client(role)
        for each in guarded:
            path = reverse(each.name, args=args(world, each.name))
            for header in ({"HX-Request": "true"}, {"X-Requested-With": "live"}):
                answer = world.ask(role, "get", path, client=client, headers=header)
                assert outcome(answer) == each.expected(role), (role, each.name, header)


def test_046_the_administration_is_closed_to_everybody_but_superusers(world):
    inside = [
        reverse("admin:index"),
        *(reverse(f"admin:{m._meta.label_lower.replace('.', '_')}_changelist") for m in site._registry),
    ]
    for role in ROLES:
        client = world.client(role)
        for path in inside if role in {"visitor", "secretary", "superuser"} else inside[:1]:
            found = outcome(world.ask(role, "get", path, client=client))
            assert (found == "open") is (role == "superuser"), (role, path, found)


def test_054_addresses_of_one_council_show_nothing_of_another(world):
    """Case 54: whatever hangs below a council, a group or a thread is found only there."""
    t = world.things
    there = ["adana", t.group_there.slug]
    other_thread = t.submitted.thread_id
    for role, name, arguments in (
        ("facilitator", "proposal_detail", ["adana", t.gathering.number]),
        ("secretary", "proposal_admissibility", ["adana", t.submitted.number]),
        ("ayse", "proposal_draft", ["adana", t.draft.key]),
        ("ayse", "proposal_attachment", ["adana", t.document.pk]),
        ("secretary", "group_detail", ["adana", t.group.slug]),
        ("neighbour", "group_requests", ["adana", t.group.slug]),
        ("neighbour", "group_member_end", [*there, t.seat.pk]),
        ("neighbour", "residence_person", ["adana", world.people["mehmet"].pk]),
        ("secretary", "comment_page", [other_thread, t.comment.pk]),
        ("secretary", "comment_hide", [other_thread, t.comment.pk]),
        ("ayse", "comment_edit", [other_thread, t.comment.pk]),
    ):
        found = outcome(world.ask(role, "get", reverse(name, args=arguments)))
        assert found == "absent", (role, name, found)
    for name in ("group_request_accept", "group_request_decline"):
        answer = world.ask("neighbour", "post", reverse(name, args=[*there, t.wish.pk]), REASON)
        assert outcome(answer) == "absent", name
    hidden = outcome(world.ask("secretary", "post", reverse("comment_restore", args=[other_thread, t.hidden.pk])))
    assert hidden == "absent"
    assert (
        outcome(world.ask("neighbour", "get", reverse("organisation_detail", args=["adana", t.organisation.slug])))
        == "absent"
    )


def test_057_a_draft_and_its_files_exist_for_their_author_only(world):
    """Cases 57 and 119: page, file, HEAD and Range follow one rule."""
    file = reverse("proposal_attachment", args=[K, world.things.secret.pk])
    for role in ROLES:
        client = world.client(role)
        for method, header in (("get", {}), ("head", {}), ("get", {"Range": "bytes=0-3"})):
            found = outcome(world.ask(role, method, file, client=client, headers=header))
            assert found == ("open" if role == "ayse" else "absent"), (role, method)
    for role in ("mehmet", "secretary", "superuser"):
        world.client(role).post(reverse("proposal_discard", args=[K, world.things.draft.key]))
    world.things.draft.refresh_from_db()
    assert world.things.draft.attachments.count() == 1


def test_136_what_is_hidden_looks_exactly_like_what_is_not_there(world):
    """Case 136: nobody learns from an error page that a draft exists."""
    pages = []
    for key in (world.things.draft.key, uuid.uuid4()):
        text = world.ask("mehmet", "get", reverse("proposal_draft", args=[K, key])).content.decode()
        pages.append(
            re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9]{64}|data-live-at=\"\d+\"|nonce=\"[^\"]+\"", "", text)
        )
    assert pages[0] == pages[1]
    for text in pages:
        assert not re.search(r"Traceback|Django|/site-packages/|DoesNotExist|urlconf", text)
