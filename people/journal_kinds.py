from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class PersonKind(models.TextChoices):
    IDENTITY_CHECKED = "people.identity_checked"
    ACCOUNT_CLOSED = "people.account_closed"
    TOKEN_MADE = "people.token_made"  # noqa: S105
    TOKEN_REVOKED = "people.token_revoked"  # noqa: S105


kinds.register(
    PersonKind,
    {
        PersonKind.IDENTITY_CHECKED: _l("{actor} bir kişinin kimliğini doğruladı."),
        PersonKind.ACCOUNT_CLOSED: _l("Bir hesap, sahibinin isteğiyle silindi."),
        PersonKind.TOKEN_MADE: _l("{actor} bir erişim anahtarı oluşturdu."),
        PersonKind.TOKEN_REVOKED: _l("{actor} bir erişim anahtarını iptal etti."),
    },
)
