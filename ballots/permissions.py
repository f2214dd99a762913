"""Who may read a ballot, vote in it and close it. What its owner has a word in is asked of the owner's policy."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from ballots.models import Ballot, Elector, Phase, RollRule
from ballots.policies import KnowsElectorate
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no
from turkish.templatetags.turkish_text import weekday_moment


def may_read(person: AnyPerson, ballot: Ballot) -> bool:
    """Whether the ballot exists for the person; a ballot without its owner exists for nobody."""
    try:
        rules = ballot.rules
        return rules.may_read(person, ballot) and bool(rules.address(ballot))
    except (LookupError, ObjectDoesNotExist):
        return False


def why_not(code: str, ballot: Ballot) -> str:
    """The sentence of a refused vote."""
    match code:
        case "not_open_yet":
            return _("Oylama henüz açılmadı. Açılış: %(moment)s.") % {"moment": weekday_moment(ballot.opens_at)}
        case "closed":
            return _("Oylama kapandı, yeni oy alınmıyor.")
        case "sign_in":
            return _("Oy vermek için giriş yapın.")
        case "not_on_roll" if ballot.roll_rule != RollRule.FIXED:
            return _(
                "Bu oylamada oy hakkınız yok. Oy hakkı listesi oylama sürerken güncellenir, adınız şu anda listede değil."
            )
        case "not_on_roll":
            return _(
                "Bu oylamada oy hakkınız yok. Oy hakkı listesi oylama açılırken alındı, adınız bu listede bulunmuyor."
            )
        case "key_reused":
            return _("Bu form daha önce başka bir oyla gönderildi. Oyunuzu değiştirmek için yeniden seçin.")
        case "given_away":
            return _("Oyunuzu vekiliniz kullanıyor. Kendiniz oy vermek için önce vekâleti geri alın.")
        case "no_proxy":
            return _("Bu kişinin vekili değilsiniz ya da vekâlet geri alındı.")
        case "outcome_unknown":
            return _("Oyunuzun sayılıp sayılmadığı bilinmiyor. Aynı oyu yeniden gönderin, iki kez sayılmaz.")
    return _("Oyunuz kaydedilemedi. Lütfen yeniden deneyin.")


def may_vote(person: AnyPerson, ballot: Ballot, *, at: datetime, on_roll: bool | None = None) -> Verdict:
    """Those on the roll, between the two moments. `at` is the database's clock; `on_roll` when it is known already."""
    match ballot.phase(at):
        case Phase.BEFORE:
            return no(why_not("not_open_yet", ballot), code="not_open_yet")
        case Phase.CLOSED | Phase.DECLARED:
            return no(why_not("closed", ballot), code="closed")
    if not person.is_authenticated:
        return no(why_not("sign_in", ballot), code="sign_in")
    if on_roll is None:
        on_roll = is_on_roll(person, ballot, at=at)
    return YES if on_roll else no(why_not("not_on_roll", ballot), code="not_on_roll")


def is_on_roll(person: AnyPerson, ballot: Ballot, *, at: datetime) -> bool:
    """Whether the person may vote by the roll and its rule: where it moves, by what holds now, not by what was written."""
    if person.pk is None:
        return False
    entry = Elector.objects.filter(ballot=ballot, person_id=person.pk).first()
    rules = ballot.rules if ballot.roll_rule != RollRule.FIXED else None
    if not isinstance(rules, KnowsElectorate):
        return entry is not None and entry.struck_at is None
    if (entry is None or entry.struck_at is not None) and ballot.roll_rule != RollRule.FOLLOWS:
        return False
    return rules.has_the_right(ballot, person.pk, at=at)


def may_close(person: AnyPerson, ballot: Ballot, *, at: datetime) -> Verdict:
    """Whoever manages the ballot, while it is open."""
    verdict = ballot.rules.may_manage(person, ballot, at=at)
    if not verdict:
        return verdict
    match ballot.phase(at):
        case Phase.BEFORE:
            return no(_("Henüz açılmamış bir oylama kapatılamaz."), code="not_open_yet")
        case Phase.CLOSED | Phase.DECLARED:
            return no(_("Oylama zaten kapandı."), code="closed")
    return YES


def may_decide_tie(person: AnyPerson, ballot: Ballot) -> Verdict:
    """The chair the ballot names, once, where the count ended in a tie that the rule gives to them."""
    if ballot.open_tie is None:
        return no(_("Bu oylamada başkanın karar vereceği bir eşitlik yok."), code="no_tie")
    if person.pk is None or person.pk != ballot.chair_id:
        return no(_("Eşitlikte kararı, oylama açılırken adı yazılan başkan verir."), code="not_chair")
    if not ballot.awaits_chair:
        return no(_("Bu eşitlikte karar verildi; karar bir kez verilir."), code="decided")
    return YES


def may_see_roll_call(person: AnyPerson, ballot: Ballot, *, at: datetime) -> Verdict:
    """Those the owner names, once results may be read at all."""
    verdict = ballot.rules.may_see_roll_call(person, ballot, at=at)
    if verdict and not ballot.shows_results:
        return no(_("Kimin ne oy verdiği, sonuç açıklanınca görünür."), code="results_hidden")
    return verdict
