from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class PersonKind(models.TextChoices):
    IDENTITY_CHECKED = "people.identity_checked"


kinds.register(PersonKind, {PersonKind.IDENTITY_CHECKED: _l("{actor} bir kişinin kimliğini doğruladı.")})
