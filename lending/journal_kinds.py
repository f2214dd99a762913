from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class LendingKind(models.TextChoices):
    ITEM_ADDED = "lending.item_added"
    ITEM_CHANGED = "lending.item_changed"
    RESERVED = "lending.reserved"
    HANDED_OUT = "lending.handed_out"
    TAKEN_BACK = "lending.taken_back"
    CANCELLED = "lending.cancelled"
    LONGER_ASKED = "lending.longer_asked"
    LONGER_DECIDED = "lending.longer_decided"


kinds.register(
    LendingKind,
    {
        LendingKind.ITEM_ADDED: _l("Ödünç verilen malzemelere eklendi: {item}."),
        LendingKind.ITEM_CHANGED: _l("Ödünç malzemenin bilgileri ya da sayısı değişti: {item}."),
        LendingKind.RESERVED: _l("{item} ayrıldı: {quantity} adet."),
        LendingKind.HANDED_OUT: _l("{item} teslim edildi: {quantity} adet."),
        LendingKind.TAKEN_BACK: _l("{item} geri alındı: {quantity} adet."),
        LendingKind.CANCELLED: _l("{item} ayırtması iptal edildi."),
        LendingKind.LONGER_ASKED: _l("{item} için süre uzatma istendi."),
        LendingKind.LONGER_DECIDED: _l("{item} için süre uzatma isteği karara bağlandı."),
    },
)
