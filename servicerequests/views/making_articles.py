"""From an answer to an article."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people.access import signed_in
from servicerequests import actions
from servicerequests.forms.making_articles import ArticleFromAnswerForm
from servicerequests.permissions import may_make_article
from servicerequests.sources import begun_from
from servicerequests.views.finding import find_readable


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def request_article(request: HttpRequest, number: str) -> HttpResponse:
    """The subject and the answer as a draft, to be freed of everything private."""
    at = timezone.now()
    found = find_readable(request, number, at=at)
    may_make_article(request.user, found).require()
    actions.note_reading(reader=request.user, request=found, at=at)
    if request.method != "POST":
        form = ArticleFromAnswerForm(initial=begun_from(found))
        return render(request, "servicerequests/article.html", {"found": found, "form": form})
    form = ArticleFromAnswerForm(request.POST)
    if form.is_valid():
        try:
            made = actions.make_article(
                actor=request.user,
                request=found,
                words=form.words(),
                is_checked=form.cleaned_data["is_checked"],
                at=at,
            )
        except ValidationError as error:
            form.take(error.message_dict)
        else:
            messages.success(request, _("Taslak saklandı. Bitince onaya verin; başka bir görevli okuyup yayımlar."))
            return HttpResponseRedirect(made.desk_url)
    return render(request, "servicerequests/article.html", {"found": found, "form": form}, status=422)
