from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class BallotKind(models.TextChoices):
    OPENED = "ballots.opened"
    CLOSED_EARLY = "ballots.closed_early"
    DECLARED = "ballots.declared"
    ELECTED = "ballots.elected"
    UNDECIDED = "ballots.undecided"
    QUESTION_AWAITS_CHAIR = "ballots.question_awaits_chair"
    AWAITS_CHAIR = "ballots.awaits_chair"
    CHAIR_PASSED = "ballots.chair_passed"
    CHAIR_REJECTED = "ballots.chair_rejected"
    CHAIR_ELECTED = "ballots.chair_elected"


kinds.register(
    BallotKind,
    {
        BallotKind.OPENED: _l("Oylama açıldı: {question}"),
        BallotKind.CLOSED_EARLY: _l("{actor} oylamayı duyurulan kapanıştan önce kapattı. Gerekçe: {reason}"),
        BallotKind.DECLARED: _l("Oylama sonuçlandı: {yes} kabul, {no} ret, {abstain} çekimser."),
        BallotKind.ELECTED: _l("Oylama sonuçlandı. Kazanan: {winners}."),
        BallotKind.UNDECIDED: _l("Oylama bir kazanan belirlemeden sonuçlandı."),
        BallotKind.QUESTION_AWAITS_CHAIR: _l(
            "Oylar eşit çıktı: {yes} kabul, {no} ret, {abstain} çekimser. Başkanın kararı bekleniyor."
        ),
        BallotKind.AWAITS_CHAIR: _l("Oylama eşitlikle bitti: {tied}. Başkanın kararı bekleniyor."),
        BallotKind.CHAIR_PASSED: _l("{actor} eşitlikte başkan olarak karar verdi: kabul edildi. Gerekçe: {reason}"),
        BallotKind.CHAIR_REJECTED: _l("{actor} eşitlikte başkan olarak karar verdi: kabul edilmedi. Gerekçe: {reason}"),
        BallotKind.CHAIR_ELECTED: _l(
            "{actor} eşitlikte başkan olarak karar verdi. Kazanan: {winners}. Gerekçe: {reason}"
        ),
    },
)
