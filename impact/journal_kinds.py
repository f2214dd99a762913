from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class ImpactKind(models.TextChoices):
    REPORT_PUBLISHED = "impact.report_published"


kinds.register(
    ImpactKind,
    {ImpactKind.REPORT_PUBLISHED: _l("{actor} {year} yılının katılım raporunu yayımladı.")},
)
