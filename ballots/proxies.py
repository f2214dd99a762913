"""Proxies: one elector votes for another in one ballot, where its rule allows it.

No chains: who holds a proxy cannot give theirs away, who has given theirs away can hold none. The database decides, under the
ballot's row, so that two proxies given at once cannot break a rule together (migration 0008).
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from ballots.actions import database_now
from ballots.models import Ballot, Elector, Proxy, Vote
from people.models import Person
from people.verdicts import Refused


def _refusals() -> dict[str, tuple[str, str]]:
    return {
        "ballot_takes_no_proxies": ("no_proxies", _("Bu oylamada vekâlet verilemez.")),
        "proxy_is_given_before_closing": ("closed", _("Oylama kapandı, vekâlet verilemez ve geri alınamaz.")),
        "proxy_is_given_before_voting": ("has_voted", _("Oy verdiniz; artık vekâlet veremezsiniz.")),
        "proxy_holder_has_a_limit": ("limit", _("Bu kişi, kuralın izin verdiği kadar kişinin vekili zaten.")),
        "proxies_make_no_chain": ("chain", _("Vekil olan vekâlet veremez, vekâlet veren vekil olamaz.")),
        "proxies_are_among_electors": (
            "not_on_roll",
            _("Vekâlet yalnızca oy hakkı listesindeki kişiler arasında verilir."),
        ),
        "nobody_is_their_own_proxy": ("self", _("Kendinize vekâlet veremezsiniz.")),
        "one_proxy_for_a_giver": ("given", _("Zaten vekâlet verdiniz. Önce onu geri alın.")),
    }


def give_proxy_to(*, actor: Person, ballot: Ballot, address: str) -> Proxy:
    """`give_proxy` to whoever on the roll has an address. What hinders the giver is told first, whoever that may be: else
    somebody who can give none could ask for hours, unseen, whose address belongs to an elector.
    """
    electors = Elector.objects.filter(ballot=ballot, struck_at__isnull=True)
    proxies = Proxy.objects.filter(ballot=ballot, revoked_at__isnull=True)
    hindrances = (
        ("proxy_is_given_before_closing", ballot.declared_at is not None or database_now() >= ballot.closes_at),
        ("proxies_are_among_electors", not electors.filter(person=actor).exists()),
        ("proxy_is_given_before_voting", Vote.objects.filter(ballot=ballot, person=actor).exists()),
        ("one_proxy_for_a_giver", proxies.filter(giver=actor).exists()),
        ("proxies_make_no_chain", proxies.filter(holder=actor).exists()),
    )
    for name, is_so in hindrances:
        if is_so:
            code, sentence = _refusals()[name]
            raise Refused(sentence, code=code)
    people = Person.objects.filter(is_active=True, pk__in=electors.values("person"))
    holder = people.filter(email__iexact=address).first()
    if holder is None:
        code, sentence = _refusals()["proxies_are_among_electors"]
        raise Refused(sentence, code=code)
    return give_proxy(actor=actor, ballot=ballot, holder=holder)


def give_proxy(*, actor: Person, ballot: Ballot, holder: Person) -> Proxy:
    """Let `holder` vote for the actor. Refuses with ``no_proxies``, ``closed``, ``has_voted``, ``limit``, ``chain``,
    ``not_on_roll``, ``self`` or ``given``."""
    try:
        with transaction.atomic():
            return Proxy.objects.create(ballot=ballot, giver=actor, holder=holder, given_at=Now())
    except IntegrityError as error:
        raise _refused(error) from error


def revoke_proxy(*, actor: Person, ballot: Ballot) -> None:
    """Take the actor's proxy back; without one nothing changes. A vote the holder has cast stays until the actor changes it."""
    try:
        with transaction.atomic():
            Ballot.objects.select_for_update().get(pk=ballot.pk)
            Proxy.objects.filter(ballot=ballot, giver=actor, revoked_at__isnull=True).update(revoked_at=Now())
    except IntegrityError as error:
        raise _refused(error) from error


def _refused(error: IntegrityError) -> Exception:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    code, sentence = _refusals().get(name or "", ("", ""))
    return Refused(sentence, code=code) if code else error


def proxies_held(ballot: Ballot, person: Person) -> list[Proxy]:
    """Whom the person votes for."""
    found = Proxy.objects.filter(ballot=ballot, holder=person, revoked_at__isnull=True)
    return list(found.select_related("giver").order_by("given_at", "pk"))
