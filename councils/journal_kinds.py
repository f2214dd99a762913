from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class CouncilKind(models.TextChoices):
    LOADED = "councils.loaded"
    UPDATED = "councils.updated"
    MEMBER_ADDED = "councils.member_added"
    MEMBER_REMOVED = "councils.member_removed"
    RESIDENCE_VERIFIED = "councils.residence_verified"
    RESIDENCE_CHANGED = "councils.residence_changed"


kinds.register(
    CouncilKind,
    {
        CouncilKind.LOADED: _l("{name} Meydan’da açıldı."),
        CouncilKind.UPDATED: _l("{name} bilgileri güncellendi."),
        CouncilKind.MEMBER_ADDED: _l("{body} yeni bir üye kazandı."),
        CouncilKind.MEMBER_REMOVED: _l("{body} üyeliklerinden biri sona erdi."),
        CouncilKind.RESIDENCE_VERIFIED: _l("{actor} bir hemşehrinin kaydını doğruladı."),
        CouncilKind.RESIDENCE_CHANGED: _l("{actor} oturduğu yeri değiştirdi; doğrulama yenilenecek."),
    },
)
