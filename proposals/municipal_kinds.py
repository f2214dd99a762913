"""Journal kinds of the way through the municipal council."""

from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class MunicipalKind(models.TextChoices):
    ON_AGENDA = "proposals.on_municipal_agenda"
    ON_LATER_AGENDA = "proposals.on_later_municipal_agenda"
    TAKEN_OFF = "proposals.taken_off_municipal_agenda"
    IN_COMMISSION = "proposals.in_municipal_commission"
    BACK_FROM_COMMISSION = "proposals.back_from_municipal_commission"
    MEETING_MISSED = "proposals.municipal_meeting_missed"
    DECISION_ENTERED = "proposals.decision_entered"
    DECISION_WITHDRAWN = "proposals.decision_withdrawn"
    DECISION_DOCUMENT_ADDED = "proposals.decision_document_added"
    DECIDED_ACCEPTED = "proposals.decided_accepted"
    DECIDED_PARTLY = "proposals.decided_partly"
    DECIDED_DECLINED = "proposals.decided_declined"
    DECIDED_DEFERRED = "proposals.decided_deferred"


kinds.register(
    MunicipalKind,
    {
        MunicipalKind.ON_AGENDA: _l(
            "{opinion} numaralı görüş belediye meclisinin gündeminde: {meeting}, {day}, {agenda}. madde"
        ),
        MunicipalKind.ON_LATER_AGENDA: _l(
            "{opinion} numaralı görüş sonraki bir toplantının gündemine alındı: {meeting}, {day}, {agenda}. madde"
        ),
        MunicipalKind.TAKEN_OFF: _l(
            "{opinion} numaralı görüş belediye meclisinin gündeminden çıkarıldı. Gerekçe: {reason}"
        ),
        MunicipalKind.IN_COMMISSION: _l("{opinion} numaralı görüş komisyona gönderildi: {commission}"),
        MunicipalKind.BACK_FROM_COMMISSION: _l("{commission} raporunu verdi: {report}"),
        MunicipalKind.MEETING_MISSED: _l(
            "{meeting} ({day}) geçti; {opinion} numaralı görüş gündeme alınmadı. Yasaya göre ilk toplantıda görüşülmeliydi."
        ),
        MunicipalKind.DECISION_ENTERED: _l(
            "{actor} belediye meclisinin {decision} sayılı kararını girdi; onay bekliyor."
        ),
        MunicipalKind.DECISION_WITHDRAWN: _l("{actor} onay bekleyen {decision} sayılı karar girişini geri çekti."),
        MunicipalKind.DECISION_DOCUMENT_ADDED: _l("{decision} sayılı karara belge eklendi: {name}"),
        MunicipalKind.DECIDED_ACCEPTED: _l(
            "Belediye meclisi öneriyi kabul etti: {title}. Karar {decision}, {day}; {tally}."
        ),
        MunicipalKind.DECIDED_PARTLY: _l(
            "Belediye meclisi önerinin bir bölümünü kabul etti: {title}. Karar {decision}, {day}; {tally}. Kabul edilen: {parts}"
        ),
        MunicipalKind.DECIDED_DECLINED: _l(
            "Belediye meclisi öneriyi kabul etmedi: {title}. Karar {decision}, {day}; {tally}. Gerekçe: {reason}"
        ),
        MunicipalKind.DECIDED_DEFERRED: _l(
            "Belediye meclisi öneriyi erteledi: {title}. Karar {decision}, {day}. Sonraki toplantı: {meeting}"
        ),
    },
)
