from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class OrganisationKind(models.TextChoices):
    LISTED = "organisations.listed"
    VERIFIED = "organisations.verified"


kinds.register(
    OrganisationKind,
    {
        OrganisationKind.LISTED: _l("{name} rehbere eklendi."),
        OrganisationKind.VERIFIED: _l("{name} doğrulandı."),
    },
)
