"""The language switch."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from people.access import before_second_step, own_path, public
from people.language import speak
from people.models import Language, Person


@before_second_step
@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak the chosen language from now on, here and in the account, and go back to where the person was."""
    language = request.POST.get("language", "")
    if language not in Language.values:
        raise BadRequest("unknown language")
    if request.user.is_authenticated:
        Person.objects.filter(pk=request.user.pk).update(language=language)
    speak(request, language)
    back = request.POST.get("next") or request.headers.get("Referer", "/")
    return HttpResponseRedirect(own_path(request, back))
