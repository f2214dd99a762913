"""Letters to representatives: written with the deed, sent afterwards, so that no mail server is waited for."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from organisations.models import Organisation, Representative
from people.letters import send_letter
from people.models import Person
from solidarity.models import Post, Telling

AT_A_TIME = 200
WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "message": (
        _l("Panodaki ilana yanıt: %(title)s"),
        _l("Dayanışma panosunda kuruluşunuza bir ileti yazıldı: %(title)s."),
    ),
    "matched": (
        _l("Müdürlük bir eşleşme öneriyor: %(title)s"),
        _l("Müdürlük, panodaki ilanınıza uyan bir ilan buldu: %(title)s. Sayfasında kabul edin ya da geri çevirin."),
    ),
    "answered": (
        _l("Eşleşme yanıtlandı: %(title)s"),
        _l("Önerilen eşleşmede öbür kuruluş yanıt verdi: %(title)s."),
    ),
    "hidden": (
        _l("İlanınız panodan kaldırıldı: %(title)s"),
        _l("Müdürlük ilanınızı gizledi: %(title)s. Gerekçesi sayfasında yazar."),
    ),
}


def note_telling(post: Post, organisation: Organisation, what: str, at: datetime) -> None:
    Telling.objects.create(post=post, organisation=organisation, what=what, made_at=at)


def send_tellings(*, at: datetime) -> int:
    """Send what has not been sent; safe to run twice. Returns how many were done."""
    done = 0
    while done < AT_A_TIME and _send_one(at):
        done += 1
    return done


@transaction.atomic
def _send_one(at: datetime) -> bool:
    waiting = Telling.objects.select_for_update(skip_locked=True, of=("self",)).filter(sent_at__isnull=True)
    telling = waiting.select_related("post__council").order_by("pk").first()
    if telling is None:
        return False
    mandates = Representative.objects.filter(organisation=telling.organisation_id)
    running = mandates.on(timezone.localtime(at).date()).values("person")
    for person in Person.objects.filter(pk__in=running, is_active=True).order_by("pk"):
        with translation.override(person.language):
            facts = {"title": telling.post.title}
            subject, text = (str(words) % facts for words in WORDS[telling.what])
            send_letter(person, subject, text, url=telling.post.get_absolute_url())
    telling.sent_at = at
    telling.save(update_fields=["sent_at"])
    return True
