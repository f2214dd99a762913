from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class PersonKind(models.TextChoices):
    IDENTITY_CHECKED = "people.identity_checked"
    ACCOUNT_CLOSED = "people.account_closed"
    TOKEN_MADE = "people.token_made"  # noqa: S105
    TOKEN_REVOKED = "people.token_revoked"  # noqa: S105
    RIGHTS_CHANGED = "people.rights_changed"
    SECOND_STEP_REMOVED = "people.second_step_removed"


kinds.register(
    PersonKind,
    {
        PersonKind.IDENTITY_CHECKED: _l("{actor} bir kişinin kimliğini doğruladı."),
        PersonKind.ACCOUNT_CLOSED: _l("Bir hesap, sahibinin isteğiyle silindi."),
        PersonKind.TOKEN_MADE: _l("{actor} bir erişim anahtarı oluşturdu."),
        PersonKind.TOKEN_REVOKED: _l("{actor} bir erişim anahtarını iptal etti."),
        PersonKind.RIGHTS_CHANGED: _l("{actor} bir hesabın yetkilerini değiştirdi."),
        PersonKind.SECOND_STEP_REMOVED: _l("{actor} bir hesabın ikinci adımını kaldırdı."),
    },
)
