from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class CouncilKind(models.TextChoices):
    LOADED = "councils.loaded"
    UPDATED = "councils.updated"
    MEMBER_ADDED = "councils.member_added"
    MEMBER_REMOVED = "councils.member_removed"
    OFFICER_CHANGED = "councils.officer_changed"
    RESIDENCE_VERIFIED = "councils.residence_verified"
    RESIDENCE_CHANGED = "councils.residence_changed"
    PROXIES_OF_RESIDENTS = "councils.proxies_of_residents"
    PROXIES_OF_BODIES = "councils.proxies_of_bodies"
    PROXIES_OF_BODY = "councils.proxies_of_body"
    PROXIES_AS_USUAL = "councils.proxies_as_usual"
    PROCEDURE_CHANGED = "councils.procedure_changed"
    HOLIDAYS_SEEDED = "councils.holidays_seeded"
    HOLIDAY_CHANGED = "councils.holiday_changed"


kinds.register(
    CouncilKind,
    {
        CouncilKind.LOADED: _l("{name} Meydan’da açıldı."),
        CouncilKind.UPDATED: _l("{name} bilgileri güncellendi."),
        CouncilKind.MEMBER_ADDED: _l("{body} yeni bir üye kazandı."),
        CouncilKind.MEMBER_REMOVED: _l("{body} üyeliklerinden biri sona erdi."),
        CouncilKind.OFFICER_CHANGED: _l("{actor} bir görevliyi kaydetti ya da görevini değiştirdi."),
        CouncilKind.RESIDENCE_VERIFIED: _l("{actor} bir hemşehrinin kaydını doğruladı."),
        CouncilKind.RESIDENCE_CHANGED: _l("{actor} oturduğu yeri değiştirdi; doğrulama yenilenecek."),
        CouncilKind.PROXIES_OF_RESIDENTS: _l(
            "Hemşehrilere sorulan oylamalarda vekâlet kuralı değişti; bir kişinin alabileceği vekâlet: {limit}. Dayanak: {reason}"
        ),
        CouncilKind.PROXIES_OF_BODIES: _l(
            "Organların oylamalarında vekâlet kuralı değişti; bir kişinin alabileceği vekâlet: {limit}. Dayanak: {reason}"
        ),
        CouncilKind.PROXIES_OF_BODY: _l(
            "{body}: oylamalarında vekâlet kuralı değişti; bir kişinin alabileceği vekâlet: {limit}. Dayanak: {reason}"
        ),
        CouncilKind.PROXIES_AS_USUAL: _l(
            "{body}: oylamalarında organların ortak vekâlet kuralı geçerli. Dayanak: {reason}"
        ),
        CouncilKind.HOLIDAYS_SEEDED: _l("{first}–{last} yıllarının resmî tatilleri yazıldı."),
        CouncilKind.HOLIDAY_CHANGED: _l("Tatil günleri değişti: {day}, {name}. Dayanak: {reason}"),
        CouncilKind.PROCEDURE_CHANGED: _l(
            "Önerilerin usulü değişti, yeni sürüm {number}. Önceki öneriler kendi usulüyle sürer. Dayanak: {reason}"
        ),
    },
)
