from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class PersonKind(models.TextChoices):
    IDENTITY_CHECKED = "people.identity_checked"
    ACCOUNT_CLOSED = "people.account_closed"


kinds.register(
    PersonKind,
    {
        PersonKind.IDENTITY_CHECKED: _l("{actor} bir kişinin kimliğini doğruladı."),
        PersonKind.ACCOUNT_CLOSED: _l("Bir hesap, sahibinin isteğiyle silindi."),
    },
)
