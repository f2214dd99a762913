"""Who may read a ballot, vote in it and close it. What its owner has a word in is asked of the owner's policy."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from ballots.models import Ballot, Elector, Phase
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
        case "not_on_roll":
            return _(
                "Bu oylamada oy hakkınız yok. Oy hakkı listesi oylama açılırken alındı, adınız bu listede bulunmuyor."
            )
        case "key_reused":
            return _("Bu form daha önce başka bir oyla gönderildi. Oyunuzu değiştirmek için yeniden seçin.")
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
        on_roll = Elector.objects.filter(ballot=ballot, person_id=person.pk).exists()
    return YES if on_roll else no(why_not("not_on_roll", ballot), code="not_on_roll")


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


def may_see_roll_call(person: AnyPerson, ballot: Ballot, *, at: datetime) -> Verdict:
    """Those the owner names, once results may be read at all."""
    verdict = ballot.rules.may_see_roll_call(person, ballot, at=at)
    if verdict and not ballot.shows_results:
        return no(_("Kimin ne oy verdiği, sonuç açıklanınca görünür."), code="results_hidden")
    return verdict
