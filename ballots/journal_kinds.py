from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class BallotKind(models.TextChoices):
    OPENED = "ballots.opened"
    CLOSED_EARLY = "ballots.closed_early"
    DECLARED = "ballots.declared"
    ELECTED = "ballots.elected"
    UNDECIDED = "ballots.undecided"


kinds.register(
    BallotKind,
    {
        BallotKind.OPENED: _l("Oylama açıldı: {question}"),
        BallotKind.CLOSED_EARLY: _l("{actor} oylamayı duyurulan kapanıştan önce kapattı. Gerekçe: {reason}"),
        BallotKind.DECLARED: _l("Oylama sonuçlandı: {yes} kabul, {no} ret, {abstain} çekimser."),
        BallotKind.ELECTED: _l("Oylama sonuçlandı. Kazanan: {winners}."),
        BallotKind.UNDECIDED: _l("Oylama bir kazanan belirlemeden sonuçlandı."),
    },
)
