from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class PartnershipKind(models.TextChoices):
    OPENED = "partnerships.opened"
    CHANGED = "partnerships.changed"
    MOVED = "partnerships.moved"
    PROTOCOL_ADDED = "partnerships.protocol_added"
    STEP_ADDED = "partnerships.step_added"
    STEP_DONE = "partnerships.step_done"
    NOTED = "partnerships.noted"
    PUBLISHED = "partnerships.published"


kinds.register(
    PartnershipKind,
    {
        PartnershipKind.OPENED: _l("Proje ortaklığı dosyası açıldı: {title}."),
        PartnershipKind.CHANGED: _l("Proje ortaklığının bilgileri değişti: {title}."),
        PartnershipKind.MOVED: _l("Proje ortaklığının durumu değişti: {title}."),
        PartnershipKind.PROTOCOL_ADDED: _l("Proje ortaklığına protokol eklendi: {title}."),
        PartnershipKind.STEP_ADDED: _l("Proje ortaklığına iş eklendi: {title}."),
        PartnershipKind.STEP_DONE: _l("Proje ortaklığında bir iş bitti: {title}."),
        PartnershipKind.NOTED: _l("Proje ortaklığına not yazıldı: {title}."),
        PartnershipKind.PUBLISHED: _l("Proje ortaklığı yayımlandı: {title}."),
    },
)
