"""Who may file, read, answer and lead the desk."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council, OfficerRole
from councils.permissions import is_directorate_officer, is_resident
from organisations.models import Organisation
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no
from servicerequests.models import DeskUnit, Filer, Publicity, RequestTypeVersion, ServiceRequest
from servicerequests.states import ENDED, OPEN, REOPENED_WITHIN, Status


def works_at_desk(person: AnyPerson, council: Council) -> bool:
    """Whether the person is an officer of the directorate."""
    return is_directorate_officer(person, council)


def may_file(
    person: AnyPerson, council: Council, version: RequestTypeVersion, *, on_behalf_of: Organisation | None, at: datetime
) -> Verdict:
    """Everybody with an account, or those the type is for."""
    if not person.is_authenticated:
        return no(_("Başvurmak için giriş yapın."), code="sign_in")
    if version.filer == Filer.RESIDENTS and not is_resident(person, council):
        return no(_("Bu başvuru hemşehriliği doğrulananlar içindir."), code="not_resident")
    if version.filer == Filer.ORGANISATIONS and on_behalf_of is None:
        return no(_("Bu başvuruyu bir kuruluşun adına temsilcisi yapar."), code="not_representative")
    return YES


def may_keep_rules(person: AnyPerson, council: Council) -> Verdict:
    """Who leads a unit of the directorate keeps types, units and hours; every officer while nobody leads one."""
    if not works_at_desk(person, council):
        return no(_("Başvuru kurallarını müdürlük görevlileri yazar."), code="not_officer")
    heads = DeskUnit.objects.filter(
        council=council, is_active=True, head__is_active=True, head__role=OfficerRole.DIRECTORATE
    )
    leading = set(heads.values_list("head__person", flat=True))
    if leading and person.pk not in leading:
        return no(_("Başvuru kurallarını birim sorumluları yazar."), code="not_head")
    return YES


def may_enter(person: AnyPerson, council: Council) -> Verdict:
    """An officer writes down what was said by phone, in a visit or a letter."""
    if works_at_desk(person, council):
        return YES
    return no(_("Telefonla ya da yüz yüze gelen başvuruyu müdürlük görevlisi girer."), code="not_officer")


def may_sort_mail(person: AnyPerson, council: Council | None) -> Verdict:
    """An officer looks at the mails that are held."""
    if council is not None and works_at_desk(person, council):
        return YES
    return no(_("Bekleyen e-postalara müdürlük görevlileri bakar."), code="not_officer")


def may_sort(person: AnyPerson, council: Council) -> Verdict:
    """The desk says what requests are about, and keeps the words of the rule."""
    if works_at_desk(person, council):
        return YES
    return no(_("Konu alanlarını müdürlük görevlileri düzenler."), code="not_officer")


def is_applicant(person: AnyPerson, request: ServiceRequest, *, at: datetime) -> bool:
    """Who filed it, and whoever represents the organisation it was filed for."""
    if not person.is_authenticated:
        return False
    if request.applicant_id == person.pk:
        return True
    mandates = Organisation.objects.represented_by(person, on=timezone.localtime(at).date())
    return request.on_behalf_of_id is not None and mandates.filter(pk=request.on_behalf_of_id).exists()


def may_read(person: AnyPerson, request: ServiceRequest, *, at: datetime) -> Verdict:
    """The original and the conversation: the applicant's side and the desk. What is published has words of its own."""
    if is_applicant(person, request, at=at) or works_at_desk(person, request.council):
        return YES
    return no(_("Bu başvuruyu yalnız başvuran ve müdürlük görür."), code="private")


def may_read_published(request: ServiceRequest) -> bool:
    return request.publicity == Publicity.PUBLIC


def may_publish(person: AnyPerson, request: ServiceRequest) -> Verdict:
    """The desk, of what its applicant allows; what one asked oneself another officer publishes."""
    if not works_at_desk(person, request.council):
        return no(_("Başvuruları müdürlük görevlileri yayımlar."), code="not_officer")
    if request.applicant_id == person.pk:
        return no(_("Kendi başvurunuzu siz yayımlayamazsınız."), code="own_request")
    if request.publicity == Publicity.PRIVATE:
        return no(_("Başvuran yayımlanmasına izin vermedi."), code="not_allowed")
    return YES


def may_take_back(person: AnyPerson, request: ServiceRequest, *, at: datetime) -> Verdict:
    """The desk, and the applicant's side at any time."""
    if works_at_desk(person, request.council) or is_applicant(person, request, at=at):
        return YES
    return no(_("Yayını yalnız başvuran ve müdürlük kaldırır."), code="private")


def may_answer(person: AnyPerson, request: ServiceRequest) -> Verdict:
    """An officer, as long as it is open; nobody answers what they asked themselves."""
    if not works_at_desk(person, request.council):
        return no(_("Başvuruları müdürlük görevlileri yanıtlar."), code="not_officer")
    if request.applicant_id == person.pk:
        return no(_("Kendi başvurunuzu siz yanıtlayamazsınız."), code="own_request")
    if request.status not in OPEN:
        return no(_("Bu başvuru sonuçlandı."), code="ended")
    return YES


def may_reply(person: AnyPerson, request: ServiceRequest, *, at: datetime) -> Verdict:
    """The applicant's side adds to what is open."""
    if not is_applicant(person, request, at=at):
        return no(_("Bu başvuruya yalnız başvuran yazabilir."), code="not_applicant")
    if request.status not in OPEN:
        return no(_("Bu başvuru sonuçlandı; gerekiyorsa yeniden açabilirsiniz."), code="ended")
    return YES


def may_reopen(person: AnyPerson, request: ServiceRequest, *, at: datetime) -> Verdict:
    """The applicant's side, once, within 30 days of the answer; not what was withdrawn or put together with another."""
    if not is_applicant(person, request, at=at):
        return no(_("Bu başvuruyu yalnız başvuran yeniden açabilir."), code="not_applicant")
    if request.status not in ENDED or request.merged_into_id is not None:
        return no(_("Bu başvuru yeniden açılamaz."), code="not_ended")
    if request.reopened_at is not None:
        return no(_("Bir başvuru bir kez yeniden açılabilir. Yeni bir başvuru yapabilirsiniz."), code="reopened_once")
    if not reopens_in_time(request, at=at):
        return no(_("Yanıtın üstünden 30 günden fazla geçti. Yeni bir başvuru yapabilirsiniz."), code="too_late")
    return YES


def reopens_in_time(request: ServiceRequest, *, at: datetime) -> bool:
    """Whether what has ended may still be opened again, whoever asks."""
    is_new = request.status in ENDED and request.merged_into_id is None and request.reopened_at is None
    return is_new and request.ended_at is not None and at <= request.ended_at + REOPENED_WITHIN


def may_withdraw(person: AnyPerson, request: ServiceRequest, *, at: datetime) -> Verdict:
    if not is_applicant(person, request, at=at):
        return no(_("Bu başvuruyu yalnız başvuran geri çekebilir."), code="not_applicant")
    if request.status not in OPEN:
        return no(_("Bu başvuru sonuçlandı."), code="ended")
    return YES


def may_join(person: AnyPerson, request: ServiceRequest) -> Verdict:
    """Everybody with an account, as long as a published request is open. Of any other nobody learns that it is there."""
    if not person.is_authenticated:
        return no(_("“Ben de” demek için giriş yapın."), code="sign_in")
    if request.publicity != Publicity.PUBLIC:
        return no(_("Bu başvuru yayımlanmadı."), code="private")
    if request.applicant_id == person.pk:
        return no(_("Bu sizin başvurunuz."), code="own_request")
    if request.status not in OPEN:
        return no(_("Bu başvuru sonuçlandı; yanıtını okuyabilirsiniz."), code="ended")
    return YES


def may_make_article(person: AnyPerson, request: ServiceRequest) -> Verdict:
    """An officer, of what was answered."""
    if not works_at_desk(person, request.council):
        return no(_("Bilgi bankasının yazılarını müdürlük görevlileri yazar."), code="not_officer")
    if request.answered_at is None or request.status in OPEN:
        return no(_("Yalnız yanıtlanmış bir başvurudan makale yapılır."), code="not_answered")
    return YES


def waits_for_applicant(request: ServiceRequest) -> bool:
    return request.status == Status.WAITING_APPLICANT
