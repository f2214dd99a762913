"""Attachments: given out as downloads, pictures shown from our own copy, added and removed by the author."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.attachment_files import file_answer
from people.access import public, signed_in
from people.verdicts import Refused
from proposals import actions
from proposals.actions.attaching import MAX_ATTACHMENTS, may_attach
from proposals.forms import AttachmentForm, take_errors
from proposals.models import Attachment, AttachmentKind, Proposal
from proposals.views.finding import find_proposal


def _find(request: HttpRequest, attachment_id: int) -> Attachment:
    """An attachment of a proposal the reader may see; 404 for any other."""
    proposals = Proposal.objects.visible_to(request.user).filter(council=request.council)
    attachment = (
        Attachment.objects.select_related("proposal__council").filter(pk=attachment_id, proposal__in=proposals).first()
    )
    if attachment is None:
        raise Http404
    return attachment


@public
@require_safe
def proposal_attachment(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """The file as a download."""
    return file_answer(_find(request, attachment_id), as_attachment=True)


@public
@require_safe
def proposal_attachment_image(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """A picture for the page; everything else is not found here."""
    attachment = _find(request, attachment_id)
    if attachment.kind != AttachmentKind.IMAGE:
        raise Http404
    return file_answer(attachment, as_attachment=False)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_attachments(request: HttpRequest, number: str) -> HttpResponse:
    """The author adds files to a submitted proposal."""
    proposal = find_proposal(request, number)
    verdict = may_attach(request.user, proposal, at=timezone.now())
    form, refused, status = add_from(request, proposal)
    if form is None:
        return HttpResponseRedirect(reverse("proposal_attachments", args=[request.council.slug, proposal.number]))
    if not verdict:
        refused, status = str(verdict.reason), 403
    context = {
        "proposal": proposal,
        "form": form,
        "refused": refused,
        "allowed": bool(verdict),
        "attachments": list(proposal.attachments.all()),
        "most": MAX_ATTACHMENTS,
    }
    return render(request, "proposals/attachments.html", context, status=status)


def add_from(request: HttpRequest, proposal: Proposal) -> tuple[AttachmentForm | None, str, int]:
    """Add the posted file. The form is None when it was added; else the form, a refusal's sentence and the status."""
    if request.method != "POST":
        return AttachmentForm(), "", 200
    form = AttachmentForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.add_attachment(
                actor=request.user,
                proposal=proposal,
                upload=form.cleaned_data["file"],
                description=form.cleaned_data["description"],
                at=timezone.now(),
            )
            return None, "", 303
        except ValidationError as error:
            take_errors(form, error)
        except Refused as refusal:
            return form, refusal.reason, 403
    return form, "", 422


@signed_in
@require_POST
def proposal_attachment_remove(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """Remove a file; one that is gone already is no error, so that a second click does nothing."""
    slug = request.council.slug
    attachment = (
        Attachment.objects.select_related("proposal__council")
        .filter(
            pk=attachment_id, proposal__in=Proposal.objects.visible_to(request.user).filter(council=request.council)
        )
        .first()
    )
    if attachment is None:
        back = request.POST.get("key", "")
        own = Proposal.objects.filter(council=request.council, author=request.user)
        try:
            proposal = own.filter(key=back).first() if back else None
        except ValidationError:
            proposal = None
        if proposal is None:
            raise Http404
    else:
        proposal = attachment.proposal
        actions.remove_attachment(actor=request.user, attachment=attachment, at=timezone.now())
    if proposal.is_draft:
        return HttpResponseRedirect(reverse("proposal_draft_step", args=[slug, proposal.key, "ekler"]))
    return HttpResponseRedirect(reverse("proposal_attachments", args=[slug, proposal.number]))
