"""Writing a proposal: one question per screen, saved while typing, then a receipt."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_safe

from councils.actions.procedures import rules_of
from councils.models import Body, BodyKind, Route
from councils.procedure_reading import drawn, way_of
from organisations.models import Organisation
from people.access import signed_in
from people.verdicts import Refused
from proposals import actions, reading
from proposals.actions.attaching import MAX_ATTACHMENTS
from proposals.completeness import Gap, gaps
from proposals.forms import AddressForm, StepForm, TextForm, TitleForm, TopicForm, take_errors
from proposals.models import Proposal
from proposals.stages import Stage
from proposals.views.attachments import add_from
from proposals.views.finding import find_proposal, own_drafts
from proposals.views.listing import map_context


@dataclass(frozen=True)
class Question:
    """A screen of the wizard: its word in the address, its name, its form."""

    word: str
    label: str | Promise
    form: type[StepForm] | None = None

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(self.form.base_fields) if self.form else frozenset()


QUESTIONS = (
    Question("baslik", _l("Başlık"), TitleForm),
    Question("metin", _l("Metin"), TextForm),
    Question("konu", _l("Konu ve yer"), TopicForm),
    Question("adres", _l("Kime"), AddressForm),
    Question("ekler", _l("Ekler")),
    Question("onizleme", _l("Gözden geçirme")),
)
_BY_WORD = {question.word: question for question in QUESTIONS}
FEW_BODIES = 6
ATTACHMENTS, REVIEW = QUESTIONS[4], QUESTIONS[5]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_new(request: HttpRequest) -> HttpResponse:
    """What writing a proposal is like; POST begins a draft."""
    refused = ""
    if request.method == "POST":
        try:
            draft = actions.start_draft(actor=request.user, council=request.council, at=timezone.now())
            return HttpResponseRedirect(_address(draft, QUESTIONS[0]))
        except Refused as refusal:
            refused = refusal.reason
    drafts = Proposal.objects.filter(own_drafts(request), stage=Stage.DRAFT).select_related("council")
    context = {
        "drafts": list(drafts.order_by("-changed_at")[:20]),
        "way": way_of(request.council, Route.WORKING_GROUP),
        "refused": refused,
        "questions": QUESTIONS[:-1],
    }
    return render(request, "proposals/proposal_new.html", context, status=403 if refused else 200)


def _draft(request: HttpRequest, key: UUID) -> Proposal:
    """The reader's own proposal by its key, draft or not; 404 for anybody else."""
    proposal = Proposal.objects.filter(own_drafts(request), key=key).with_names().defer("search").first()
    if proposal is None:
        raise Http404
    proposal.council = request.council
    return proposal


def _address(draft: Proposal, question: Question) -> str:
    return reverse("proposal_draft_step", args=[draft.council.slug, draft.key, question.word])


def _receipt(proposal: Proposal) -> HttpResponse:
    return HttpResponseRedirect(reverse("proposal_receipt", args=[proposal.council.slug, proposal.number]))


@signed_in
@require_safe
def proposal_draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """To the first question that still needs an answer."""
    draft = _draft(request, key)
    if not draft.is_draft:
        return HttpResponseRedirect(draft.get_absolute_url())
    missing = {gap.field for gap in gaps(draft)}
    question = next((question for question in QUESTIONS if question.fields & missing), REVIEW)
    return HttpResponseRedirect(_address(draft, question))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_draft_step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """One question of a draft."""
    draft = _draft(request, key)
    if step not in _BY_WORD:
        raise Http404
    if not draft.is_draft:
        return _receipt(draft) if request.method == "POST" else HttpResponseRedirect(draft.get_absolute_url())
    question = _BY_WORD[step]
    if question == ATTACHMENTS:
        return _attachments(request, draft)
    if question == REVIEW:
        return _review(request, draft)
    return _question(request, draft, question)


# --- A question with a form -------------------------------------------------------------------------
def seen(form: type[StepForm], draft: Proposal) -> str:
    """A fingerprint of a question's stored answers: what the page was made from."""
    values = [_plain(getattr(draft, name)) for name in form.base_fields]
    return hashlib.blake2s(repr(values).encode(), digest_size=8).hexdigest()


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _question(request: HttpRequest, draft: Proposal, question: Question) -> HttpResponse:
    kind = question.form
    assert kind is not None
    if request.method != "POST":
        return _page(request, draft, question, kind(proposal=draft, person=request.user))
    is_autosave = request.headers.get("X-Requested-With") == "autosave"
    do = request.POST.get("do", "next")
    form = kind(request.POST, proposal=draft, person=request.user)
    if do == "preview" and request.htmx:
        return render(request, "proposals/_preview.html", {"preview": _preview(request.POST.get("text", ""))})
    if not form.is_valid():
        return _said(_unsaved(form), 422) if is_autosave else _page(request, draft, question, form, status=422)
    if _changed_elsewhere(request, draft, kind, form.cleaned_data):
        sentence = _(
            "Bu soru başka bir pencerede değiştirildi. Burada yazdıklarınız duruyor; saklamak için yeniden kaydedin."
        )
        if is_autosave:
            return _said(sentence, 409)
        form.add_error(None, sentence)
        return _page(request, draft, question, form, status=409, elsewhere=True)
    try:
        draft = actions.save_draft(actor=request.user, proposal=draft, changes=form.cleaned_data, at=timezone.now())
    except ValidationError as error:
        take_errors(form, error)
        return _said(_unsaved(form), 422) if is_autosave else _page(request, draft, question, form, status=422)
    except Refused as refusal:
        if is_autosave:
            return _said(refusal.reason, 403)
        return _page(request, draft, question, form, status=403, refused=refusal.reason)
    if is_autosave:
        return _said(
            _("kaydedildi %(time)s") % {"time": date_format(timezone.localtime(draft.changed_at), "H.i")},
            200,
            seen=seen(kind, draft),
        )
    return _after_saving(request, _draft(request, draft.key), question, form, do)


def _after_saving(request: HttpRequest, draft: Proposal, question: Question, form: StepForm, do: str) -> HttpResponse:
    if do == "preview":
        return _page(request, draft, question, form, preview=_preview(draft.text))
    if do == "leave":
        messages.success(request, _("Taslağınız saklandı. Buradan devam edebilirsiniz."))
        return HttpResponseRedirect(reverse("proposal_new", args=[draft.council.slug]))
    missing = [gap for gap in gaps(draft) if gap.field in question.fields]
    for gap in missing:
        form.add_error(gap.field, str(gap.sentence))
    if missing:  # what was typed is saved all the same
        return _page(request, draft, question, form, status=422)
    return HttpResponseRedirect(_address(draft, QUESTIONS[QUESTIONS.index(question) + 1]))


def _said(sentence: Any, status: int, **more: str) -> HttpResponse:
    return JsonResponse({"said": str(sentence), **more}, status=status)


def _unsaved(form: StepForm) -> str:
    messages_of = [str(message) for errors in form.errors.values() for message in errors]
    return _("Kaydedilmedi: %(why)s") % {"why": " ".join(messages_of)}


def _changed_elsewhere(request: HttpRequest, draft: Proposal, kind: type[StepForm], typed: Mapping[str, Any]) -> bool:
    """Whether the stored answers are neither those the page was made from nor those it sends."""
    before = request.POST.get("seen", "")
    if not before or before == seen(kind, draft):
        return False
    return any(_plain(getattr(draft, name)) != _plain(value) for name, value in typed.items())


def _preview(text: str) -> Any:
    return reading.text_html(text.replace("\0", "")[:20_000])


def _page(
    request: HttpRequest, draft: Proposal, question: Question, form: StepForm | None, *, status: int = 200, **extra: Any
) -> HttpResponse:
    context: dict[str, Any] = {
        "draft": draft,
        "question": question,
        "form": form,
        "steps": wizard_steps(draft, question),
        "previous": _address(draft, QUESTIONS[QUESTIONS.index(question) - 1]) if question != QUESTIONS[0] else "",
        "saved_at": draft.changed_at,
        **extra,
    }
    if question.form is not None:
        context["seen"] = seen(question.form, draft)
    if question.form is TitleForm:
        title = form["title"].value() if form is not None else draft.title
        context["similar"] = reading.similar_proposals(request.council, request.user, title or "", without=draft)
    if question.form is TopicForm:
        context["map"] = map_context(request)
    if question.form is AddressForm and form is not None:
        context["chosen_body"] = str(_plain(form["addressed_to"].value()) or "")
        bodies = list(form.fields["addressed_to"].queryset)  # type: ignore[attr-defined]
        context["kinds"] = _by_kind(bodies, context["chosen_body"])
        context["has_organisations"] = form.fields["on_behalf_of"].queryset.exists()  # type: ignore[attr-defined]
    return render(request, f"proposals/draft_{question.word}.html", context, status=status)


def _by_kind(bodies: list[Body], chosen: str) -> list[dict[str, Any]]:
    """Assemblies and groups apart; both are open until one is chosen, then only where it stands, unless there are few."""
    labels = {
        BodyKind.ASSEMBLY: _("Meclisler"),
        BodyKind.WORKING_GROUP: _("Çalışma grupları"),
        BodyKind.DIRECTORATE: _("Belediye"),
    }
    found = []
    for kind in BodyKind:
        of_kind = [body for body in bodies if body.kind == kind]
        if of_kind:
            is_open = len(bodies) <= FEW_BODIES or not chosen or any(str(body.pk) == chosen for body in of_kind)
            found.append({"label": labels.get(kind, kind.label), "bodies": of_kind, "is_open": is_open})
    return found


def wizard_steps(draft: Proposal, present: Question) -> list[dict[str, Any]]:
    """The screens with their addresses; one is past when nothing is missing in it and it lies before the present one."""
    missing = {gap.field for gap in gaps(draft)}
    place = QUESTIONS.index(present)
    found = []
    for index, question in enumerate(QUESTIONS):
        done = not question.fields & missing and question != REVIEW and (question.fields or index < place)
        state = "now" if index == place else "past" if done else "ahead"
        found.append(
            {"label": question.label, "state": state, "url": "" if index == place else _address(draft, question)}
        )
    return found


# --- Attachments, review, discarding, receipt -------------------------------------------------------
def _attachments(request: HttpRequest, draft: Proposal) -> HttpResponse:
    """Files; going on with a chosen file keeps it."""
    if request.method == "POST" and request.POST.get("do") == "next" and not request.FILES:
        return HttpResponseRedirect(_address(draft, REVIEW))
    form, refused, status = add_from(request, draft)
    if form is None:
        goes_on = request.POST.get("do") == "next"
        return HttpResponseRedirect(_address(draft, REVIEW if goes_on else ATTACHMENTS))
    return _page(
        request,
        draft,
        ATTACHMENTS,
        None,
        status=status,
        attachment_form=form,
        refused=refused,
        attachments=list(draft.attachments.all()),
        most=MAX_ATTACHMENTS,
    )


def _review(request: HttpRequest, draft: Proposal) -> HttpResponse:
    """Everything as it will be read; POST submits."""
    refused, status = "", 200
    if request.method == "POST":
        try:
            return _receipt(actions.submit_proposal(actor=request.user, proposal=draft, at=timezone.now()))
        except ValidationError:
            status = 422
            draft = _draft(request, draft.key)
        except Refused as refusal:
            refused, status = refusal.reason, 403
    return _page(
        request,
        draft,
        REVIEW,
        None,
        status=status,
        refused=refused,
        tried=request.method == "POST",
        missing=missing_answers(draft),
        body_html=reading.text_html(draft.text),
        attachments=list(draft.attachments.all()),
        similar=reading.similar_proposals(request.council, request.user, draft.title, without=draft, limit=3),
        way=way_of(request.council, Route.to(draft.addressed_to) if draft.addressed_to else Route.WORKING_GROUP),
        has_organisations=draft.on_behalf_of_id is not None
        or Organisation.objects.represented_by(request.user, on=timezone.localdate()).exists(),
        addresses={question.word: _address(draft, question) for question in QUESTIONS},
    )


def missing_answers(draft: Proposal) -> list[dict[str, Any]]:
    """Every gap with the address of its question."""

    def question_of(gap: Gap) -> Question:
        return next((question for question in QUESTIONS if gap.field in question.fields), QUESTIONS[0])

    return [{"sentence": gap.sentence, "url": _address(draft, question_of(gap))} for gap in gaps(draft)]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_discard(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask once more, then delete the draft with its files."""
    if request.method == "POST":
        draft = Proposal.objects.filter(own_drafts(request), key=key).first()
        if draft is not None and not draft.is_draft:
            return HttpResponseRedirect(draft.get_absolute_url())
        if draft is not None:
            actions.discard_draft(actor=request.user, proposal=draft)
            messages.success(request, _("Taslak silindi."))
        return HttpResponseRedirect(reverse("proposal_new", args=[request.council.slug]))
    draft = _draft(request, key)
    if not draft.is_draft:
        return HttpResponseRedirect(draft.get_absolute_url())
    return render(request, "proposals/discard.html", {"draft": draft})


@signed_in
@require_safe
def proposal_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """What the author gets: the number, and what happens next."""
    proposal = find_proposal(request, number)
    if proposal.author_id != request.user.pk:
        return HttpResponseRedirect(proposal.get_absolute_url())
    way = drawn(rules_of(proposal.procedure)) if proposal.procedure is not None else []
    return render(request, "proposals/receipt.html", {"proposal": proposal, "way": way})
