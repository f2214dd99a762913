"""What the site stores about a person: seen on a page, downloaded as a file (law 6698, article 11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.models import Helpful
from ballots.models import ChairDecision, Proxy, Vote, VoteRecord
from councils.models import Membership, Officer, Residence
from discussions.models import Comment, Mention, Report
from journal.models import Entry
from lending.models import Loan, Prolongation
from notifications.models import Letter, Mail, MailChoice, Notice
from organisations.models import Representative
from partnerships.models import Note as PartnershipNote
from people.access import signed_in
from people.data_reads import reads_of
from people.models import AccessToken, IdentityCheck, KeptAnswer, Person
from proposals.models import Amendment, Assignment, Follow, Proposal, ReviewAnswer, SavedView, Support
from servicerequests.models import IncomingMail, Joined, Message, RequestFile, ServiceRequest
from solidarity.models import Message as BoardMessage
from solidarity.models import Post
from solidarity.models import Report as BoardReport
from workinggroups.models import JoinRequest

READS_SHOWN = 20

Rows = Callable[[Person], QuerySet[Any, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of what is stored."""

    key: str
    label: str | Promise
    rows: Rows


PARTS: tuple[Part, ...] = (
    Part(
        "account",
        _l("Hesap"),
        lambda me: Person.objects.filter(pk=me.pk).values(
            "id", "email", "display_name", "language", "age_band", "age_band_given_at", "joined_at", "last_login"
        ),
    ),
    Part(
        "addresses",
        _l("E-posta adresleri"),
        lambda me: EmailAddress.objects.filter(user=me).order_by("pk").values("email", "verified", "primary"),
    ),
    Part(
        "residence",
        _l("Oturduğunuz yer"),
        lambda me: Residence.objects.filter(person=me).values(
            "council__name", "district__name", "declared_at", "verified_at"
        ),
    ),
    # The hash of the number is no use to anybody and stays inside.
    Part(
        "identity_check",
        _l("Kimlik doğrulaması"),
        lambda me: IdentityCheck.objects.filter(person=me).values("checked_at"),
    ),
    Part(
        "seats",
        _l("Üyelikler"),
        lambda me: (
            Membership.objects.filter(person=me)
            .order_by("pk")
            .values("body__council__name", "body__name", "role", "has_vote", "starts_on", "ends_on")
        ),
    ),
    Part(
        "join_requests",
        _l("Katılma istekleri"),
        lambda me: (
            JoinRequest.objects.filter(person=me)
            .order_by("pk")
            .values("body__name", "message", "state", "reason", "created_at", "decided_at")
        ),
    ),
    Part(
        "offices",
        _l("Görevler"),
        lambda me: Officer.objects.filter(person=me).order_by("pk").values("council__name", "role", "is_active"),
    ),
    Part(
        "mandates",
        _l("Temsil yetkileri"),
        lambda me: (
            Representative.objects.filter(person=me)
            .order_by("pk")
            .values("organisation__name", "title", "starts_on", "ends_on")
        ),
    ),
    Part(
        "proposals",
        _l("Öneriler ve taslaklar"),
        lambda me: (
            Proposal.objects.filter(author=me)
            .order_by("pk")
            .values("number", "title", "summary", "text", "stage", "on_behalf_of__name", "created_at", "submitted_at")
        ),
    ),
    Part(
        "service_requests",
        _l("Müdürlüğe başvurular"),
        lambda me: (
            ServiceRequest.objects.filter(applicant=me)
            .order_by("pk")
            .values(
                "number",
                "type__name",
                "on_behalf_of__name",
                "subject",
                "text",
                "answers",
                "status",
                "resolution",
                "filed_at",
                "answered_at",
            )
        ),
    ),
    Part(
        "requests_joined",
        _l("“Ben de” dediğiniz başvurular"),
        lambda me: (
            Joined.objects.filter(person=me).order_by("pk").values("request__number", "request__public_subject", "at")
        ),
    ),
    Part(
        "articles_found_helpful",
        _l("İşe yarayıp yaramadığını söylediğiniz yazılar"),
        lambda me: Helpful.objects.filter(person=me).order_by("pk").values("article__title", "is_helpful", "at"),
    ),
    Part(
        "request_messages",
        _l("Başvurulardaki iletiler"),
        lambda me: Message.objects.filter(author=me).order_by("pk").values("request__number", "side", "text", "at"),
    ),
    Part(
        "request_files",
        _l("Başvurulara eklediğiniz dosyalar"),
        lambda me: (
            RequestFile.objects.filter(added_by=me)
            .order_by("pk")
            .values("request__number", "name", "kind", "size", "added_at")
        ),
    ),
    Part(
        "request_mails",
        _l("Müdürlüğe gönderdiğiniz e-postalar"),
        lambda me: (
            IncomingMail.objects.filter(person=me)
            .order_by("pk")
            .values("request__number", "sender", "subject", "whole", "state", "received_at")
        ),
    ),
    Part(
        "letters",
        _l("Son bir ayda başvurular için gönderilen e-postalar"),
        lambda me: (
            Letter.objects.filter(person=me).order_by("pk").values("request__number", "role", "state", "created_at")
        ),
    ),
    Part(
        "partnership_notes",
        _l("Proje ortaklıklarındaki notlarınız"),
        lambda me: (
            PartnershipNote.objects.filter(author=me)
            .order_by("pk")
            .values("partnership__title", "is_inside", "text", "at")
        ),
    ),
    Part(
        "solidarity_posts",
        _l("Dayanışma panosundaki ilanlar"),
        lambda me: (
            Post.objects.filter(posted_by=me)
            .order_by("pk")
            .values("organisation__name", "side", "sort", "title", "text", "posted_at", "expires_on", "closed_at")
        ),
    ),
    Part(
        "solidarity_messages",
        _l("Dayanışma panosundaki iletiler"),
        lambda me: BoardMessage.objects.filter(author=me).order_by("pk").values("post__title", "text", "at"),
    ),
    Part(
        "solidarity_reports",
        _l("Bildirdiğiniz ilanlar"),
        lambda me: BoardReport.objects.filter(reporter=me).order_by("pk").values("post__title", "reason", "at"),
    ),
    Part(
        "loans",
        _l("Ödünç aldıklarınız"),
        lambda me: (
            Loan.objects.filter(person=me)
            .order_by("pk")
            .values("item__name", "quantity", "returned", "starts_on", "ends_on", "state", "organisation__name")
        ),
    ),
    Part(
        "prolongations",
        _l("Süre uzatma istekleri"),
        lambda me: (
            Prolongation.objects.filter(asked_by=me)
            .order_by("pk")
            .values("loan__item__name", "until", "reason", "asked_at", "is_granted", "answer")
        ),
    ),
    Part(
        "supports",
        _l("Destekler"),
        lambda me: (
            Support.objects.filter(person=me)
            .order_by("pk")
            .values("proposal__number", "proposal__title", "shows_name", "created_at")
        ),
    ),
    Part(
        "follows",
        _l("İzlenen öneriler"),
        lambda me: (
            Follow.objects.filter(person=me).order_by("pk").values("proposal__number", "proposal__title", "created_at")
        ),
    ),
    Part(
        "amendments",
        _l("Değişiklik önergeleri"),
        lambda me: (
            Amendment.objects.filter(author=me)
            .order_by("pk")
            .values("proposal__number", "number", "kind", "paragraph", "text", "reason", "state", "created_at")
        ),
    ),
    Part(
        "assignments",
        _l("Sorumlusu olduğunuz öneriler"),
        lambda me: (
            Assignment.objects.filter(assignee=me)
            .order_by("pk")
            .values("proposal__number", "proposal__title", "assigned_at", "ended_at")
        ),
    ),
    Part(
        "review_answers",
        _l("Yapılan önerilere yanıtlarınız"),
        lambda me: (
            ReviewAnswer.objects.filter(person=me)
            .order_by("pk")
            .values("review__proposal__number", "review__proposal__title", "answer", "sentence", "at")
        ),
    ),
    Part(
        "saved_views",
        _l("Kaydettiğiniz görünümler"),
        lambda me: (
            SavedView.objects.filter(person=me)
            .order_by("pk")
            .values("council__name", "name", "query", "is_shared", "saved_at")
        ),
    ),
    Part(
        "comments",
        _l("Yorumlar"),
        lambda me: (
            Comment.objects.filter(author=me)
            .order_by("pk")
            .values(
                "id", "thread_id", "text", "mark", "created_at", "edited_at", "deleted_at", "hidden_at", "hidden_reason"
            )
        ),
    ),
    Part(
        "mentions",
        _l("Sizden söz eden yorumlar"),
        lambda me: Mention.objects.filter(person=me).order_by("pk").values("comment_id", "comment__created_at"),
    ),
    Part(
        "reports",
        _l("Bildirdiğiniz yorumlar"),
        lambda me: (
            Report.objects.filter(reporter=me).order_by("pk").values("comment_id", "reason", "note", "created_at")
        ),
    ),
    Part(
        "votes",
        _l("Oylamalar"),
        lambda me: (
            Vote.objects.filter(person=me)
            .order_by("pk")
            .values("ballot_id", "ballot__question", "paper", "cast_at", "changed_at")
        ),
    ),
    # Of a token there is nothing more to give: only its hash is kept.
    Part(
        "access_tokens",
        _l("Erişim anahtarları"),
        lambda me: (
            AccessToken.objects.of(me)
            .order_by("pk")
            .values("name", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
        ),
    ),
    Part(
        "kept_answers",
        _l("Yinelenen istekler için bir gün saklanan yanıtlar"),
        lambda me: KeptAnswer.objects.filter(person=me).order_by("pk").values("key", "status", "body", "created_at"),
    ),
    Part(
        "vote_records",
        _l("Oy makbuzları"),
        lambda me: (
            VoteRecord.objects.filter(person=me)
            .order_by("pk")
            .values("ballot_id", "paper", "times", "at", "key", "receipt")
        ),
    ),
    Part(
        "proxies",
        _l("Verdiğiniz ve aldığınız vekâletler"),
        lambda me: (
            Proxy.objects.filter(Q(giver=me) | Q(holder=me))
            .order_by("pk")
            .values(
                "ballot_id", "ballot__question", "giver__display_name", "holder__display_name", "given_at", "revoked_at"
            )
        ),
    ),
    Part(
        "ties_decided",
        _l("Başkan olarak eşitlikte verdiğiniz kararlar"),
        lambda me: (
            ChairDecision.objects.filter(actor=me)
            .order_by("pk")
            .values("ballot_id", "ballot__question", "chosen", "reason", "at")
        ),
    ),
    Part(
        "notices",
        _l("Size verilen haberler"),
        lambda me: (
            Notice.objects.filter(person=me)
            .order_by("pk")
            .values("proposal__number", "step__entry__kind", "role", "created_at", "read_at")
        ),
    ),
    Part(
        "mail_choices",
        _l("E-posta tercihleri"),
        lambda me: MailChoice.objects.filter(person=me).order_by("role").values("role", "frequency"),
    ),
    Part(
        "mails",
        _l("Son bir ayda gönderilen haber postaları"),
        lambda me: Mail.objects.filter(person=me).order_by("pk").values("state", "created_at"),
    ),
    # Who it was is kept for whoever answers for the data; here stands that an officer did, what and when.
    Part(
        "data_reads",
        _l("Görevlilerin kayıtlarınızı okuması"),
        lambda me: reads_of(me).values("what", "key", "at"),
    ),
    Part(
        "record",
        _l("Kayıt defterindeki satırlar"),
        lambda me: Entry.objects.filter(actor_id=me.pk).order_by("pk").values("id", "kind", "topic", "at", "audience"),
    ),
)


def everything_of(person: Person) -> dict[str, Any]:
    """All that is stored about a person, by kind, and when it was gathered."""
    return {"made_at": timezone.now(), **{part.key: list(part.rows(person)) for part in PARTS}}


@signed_in
@never_cache
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """How much of each kind is stored."""
    counts = [(part.label, part.rows(request.user).count()) for part in PARTS]
    context = {"counts": counts, "reads": reads_of(request.user)[:READS_SHOWN]}
    return render(request, "people/my_data.html", context)


@signed_in
@never_cache
@require_safe
def my_data_file(request: HttpRequest) -> HttpResponse:
    """All of it as one JSON file."""
    answer = JsonResponse(
        everything_of(request.user), DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer["Content-Disposition"] = 'attachment; filename="meydan-verilerim.json"'
    return answer
