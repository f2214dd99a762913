"""The objects of the world that each address is tried with."""

from __future__ import annotations

import uuid

from notifications.leaving import leaving_token
from tests.attacks.access.asking import addresses
from tests.attacks.access.row import K
from tests.attacks.conftest import World


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
        "request_new": [K, "sikayet"],
        "request_enter": [K, "sikayet"],
        **{name: [K, t.mail.pk] for name in ("mail_detail", "mail_accept", "mail_attach", "mail_discard")},
        "mail_file": [K, t.mail.pk, t.mail_file.pk],
        **{name: [K, "egitim"] for name in ("request_type_detail", "request_type_edit", "api-request-type-versions")},
        "desk_unit_edit": [K, "stk-hizmetleri"],
        **{name: [K, "ulasim"] for name in ("request_matter_edit", "api-matter")},
        "article_detail": [K, t.article.slug],
        "article_helpful": [K, t.article.slug],
        "article_write": [K, t.article.pk],
        "article_settle": [K, t.article.pk],
        "api-article": [K, t.article.slug],
        "api-article-helpful": [K, t.article.slug],
        "request_file": [K, t.request.number, t.request_file.pk],
        "api-request-file": [K, t.request.number, t.request_file.pk],
        **{
            name: [K, t.request.number]
            for name in (
                "request_detail",
                "request_publish",
                "request_take_back",
                "api-request-publish",
                "api-published-request",
                "api-request-take-back",
                "request_assign",
                "request_matter_set",
                "api-request-matter",
                "api-request-answer",
                "api-request-tell",
                "api-request-ask",
                "api-request-note",
                "api-request-wait",
                "api-request-take-up",
                "api-request-assign",
                "request_reply",
                "request_reopen",
                "request_receipt",
                "request_article",
                "request_join",
                "api-request-joined",
                "request_withdraw",
                "request_answer",
                "api-request",
                "api-request-messages",
                "api-request-files",
                "api-request-reopen",
                "api-request-withdraw",
            )
        },
        **{
            name: [K, t.partnership.pk]
            for name in (
                "partnership",
                "partnership_act",
                "partnership_edit",
                "api-partnership",
                "api-partnership-file",
                "api-partnership-facts",
                "api-partnership-partners",
                "api-partnership-state",
                "api-partnership-publication",
                "api-partnership-steps",
                "api-partnership-notes",
            )
        },
        "partnership_protocol": [K, t.partnership.pk, 1],
        "api-partnership-step": [K, t.partnership.pk, t.partnership.steps.filter(is_milestone=False).get().pk],
        **{
            name: [K, t.post.pk]
            for name in (
                "solidarity_post",
                "solidarity_act",
                "api-post",
                "api-post-renew",
                "api-post-close",
                "api-post-messages",
                "api-post-report",
                "api-post-hide",
                "api-post-show",
                "api-post-matches",
            )
        },
        **{name: [K, t.post.pk, t.match.pk] for name in ("api-match-answer", "api-match-fulfil")},
        **{
            name: [K, t.lent_item.slug]
            for name in ("lending_item", "lending_picture", "lending_item_edit", "lending_piece", "api-lent-item")
        },
        **{
            name: [K, t.loan.pk]
            for name in (
                "lending_loan",
                "lending_loan_act",
                "lending_slip",
                "api-loan",
                "api-loan-hand-out",
                "api-loan-take-back",
                "api-loan-cancel",
                "api-loan-longer",
                "api-loan-longer-decision",
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
