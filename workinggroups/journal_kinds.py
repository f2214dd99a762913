from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class GroupKind(models.TextChoices):
    JOIN_ACCEPTED = "workinggroups.join_accepted"
    JOIN_REQUESTED = "workinggroups.join_requested"
    JOIN_DECLINED = "workinggroups.join_declined"
    JOIN_WITHDRAWN = "workinggroups.join_withdrawn"


kinds.register(
    GroupKind,
    {
        GroupKind.JOIN_REQUESTED: _l("{actor} gruba katılmak istedi."),
        GroupKind.JOIN_ACCEPTED: _l("Gruba yeni bir üye katıldı."),
        GroupKind.JOIN_DECLINED: _l("Bir katılma isteği kabul edilmedi."),
        GroupKind.JOIN_WITHDRAWN: _l("Bir katılma isteği geri çekildi."),
    },
)
