"""Publishing a request in the desk's words, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from people.access import signed_in
from servicerequests import actions
from servicerequests.forms.publishing import PublishForm, TakeBackForm
from servicerequests.models import ServiceRequest
from servicerequests.permissions import may_publish, may_take_back
from servicerequests.private_words import private_words
from servicerequests.reading import last_answer
from servicerequests.views.finding import find_readable


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def request_publish(request: HttpRequest, number: str) -> HttpResponse:
    """The words everybody reads, begun from the original; what looks private in them is pointed out."""
    at = timezone.now()
    found = find_readable(request, number, at=at)
    may_publish(request.user, found).require()
    actions.note_reading(reader=request.user, request=found, at=at)
    begun = {
        "subject": found.public_subject or found.subject,
        "text": found.public_text or found.text,
        "answer": found.public_answer or last_answer(found),
    }
    form, status = PublishForm(request.POST or None, initial=begun), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            words = {name: form.cleaned_data[name] for name in begun}
            try:
                actions.publish_request(actor=request.user, request=found, at=at, **words)
            except ValidationError as error:
                for name, sentences in error.message_dict.items():
                    form.add_error(name if name in form.fields else None, sentences)
            else:
                messages.success(request, _("Başvuru yayımlandı."))
                return HttpResponseRedirect(found.get_absolute_url())
    written = " ".join(str(form[name].value() or "") for name in begun)
    context = {"found": found, "form": form, "private": private_words(written, names_of(found))}
    return render(request, "servicerequests/publish.html", context, status=status)


def names_of(found: ServiceRequest) -> list[str]:
    """Names that tell who asked."""
    people = [found.applicant.display_name] if found.applicant else []
    return [*people, found.named, found.contact]


@signed_in
@require_POST
def request_take_back(request: HttpRequest, number: str) -> HttpResponse:
    """Not public any more, or not to become so."""
    at = timezone.now()
    found, form = find_readable(request, number, at=at), TakeBackForm(request.POST)
    may_take_back(request.user, found, at=at).require()
    if form.is_valid():
        try:
            actions.take_back(actor=request.user, request=found, reason=form.cleaned_data["reason"], at=at)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Başvuru artık yayında değil."))
    else:
        messages.error(request, _("Gerekçeyi 5 ile 300 harf arasında yazın."))
    return HttpResponseRedirect(found.get_absolute_url())
