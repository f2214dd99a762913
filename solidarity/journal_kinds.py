from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class SolidarityKind(models.TextChoices):
    POSTED = "solidarity.posted"
    RENEWED = "solidarity.renewed"
    CLOSED = "solidarity.closed"
    HIDDEN = "solidarity.hidden"
    SHOWN = "solidarity.shown"
    WRITTEN = "solidarity.written"
    MATCHED = "solidarity.matched"
    ANSWERED = "solidarity.answered"
    FULFILLED = "solidarity.fulfilled"


kinds.register(
    SolidarityKind,
    {
        SolidarityKind.POSTED: _l("Dayanışma panosuna eklendi: {title}."),
        SolidarityKind.RENEWED: _l("Panodaki ilanın süresi uzatıldı: {title}."),
        SolidarityKind.CLOSED: _l("Panodaki ilan kapandı: {title}."),
        SolidarityKind.HIDDEN: _l("Panodaki bir ilan gizlendi, gerekçesi: {reason}"),
        SolidarityKind.SHOWN: _l("Panoda gizlenen ilan yeniden görünüyor: {title}."),
        SolidarityKind.WRITTEN: _l("Panodaki ilana ileti yazıldı: {title}."),
        SolidarityKind.MATCHED: _l("Bir ihtiyaç bir destekle eşleştirildi: {title}."),
        SolidarityKind.ANSWERED: _l("Panodaki eşleşme yanıtlandı: {title}."),
        SolidarityKind.FULFILLED: _l("Dayanışma panosunda bir ihtiyaç karşılandı: {title}."),
    },
)
