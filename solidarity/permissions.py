"""Who posts, writes, answers, reports and keeps the board."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council, CouncilOrganisation
from organisations.models import Organisation
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no
from servicerequests.permissions import works_at_desk
from solidarity.models import Match, Post


def day_of(at: datetime) -> date:
    return timezone.localtime(at).date()


def mandates(person: AnyPerson, council: Council, *, at: datetime) -> list[Organisation]:
    """Verified organisations of the council's directory that the person represents."""
    listed = CouncilOrganisation.objects.filter(council=council).values("organisation")
    rows = Organisation.objects.represented_by(person, on=day_of(at)).filter(pk__in=listed)
    return list(rows.alphabetical())


def represents(person: AnyPerson, organisation_id: int, *, at: datetime) -> bool:
    return Organisation.objects.represented_by(person, on=day_of(at)).filter(pk=organisation_id).exists()


def may_post(person: AnyPerson, council: Council, *, at: datetime) -> Verdict:
    """Representatives of verified organisations of the city."""
    if mandates(person, council, at=at):
        return YES
    return no(_("Panoya doğrulanmış kuruluşların temsilcileri ilan verir."), code="not_representative")


def may_run(person: AnyPerson, post: Post, *, at: datetime) -> Verdict:
    """Whoever represents the organisation renews, closes and answers."""
    if represents(person, post.organisation_id, at=at):
        return YES
    return no(_("Bu ilanı yalnız veren kuruluşun temsilcileri yürütür."), code="not_representative")


def may_keep(person: AnyPerson, council: Council) -> Verdict:
    """The directorate's officers match, hide and note what came of it."""
    if works_at_desk(person, council):
        return YES
    return no(_("Panoyu müdürlük görevlileri yürütür."), code="not_officer")


def is_on_board(post: Post, *, at: datetime) -> bool:
    return post.closed_at is None and post.hidden_at is None and post.expires_on >= day_of(at)


def may_see(person: AnyPerson, post: Post, *, at: datetime) -> bool:
    """What stands on the board, everybody; what was hidden or is over, its organisation and the desk; a match, its two sides."""
    if is_on_board(post, at=at) or works_at_desk(person, post.council):
        return True
    if not person.is_authenticated:
        return False
    others = Match.objects.filter(need=post).values_list("offer__organisation", flat=True)
    others = others.union(Match.objects.filter(offer=post).values_list("need__organisation", flat=True))
    return any(represents(person, each, at=at) for each in {post.organisation_id, *others})


def may_write(person: AnyPerson, post: Post, organisation: Organisation | None, *, at: datetime) -> Verdict:
    """Another organisation of the city writes to that of a post that stands on the board."""
    if organisation is None or organisation not in mandates(person, post.council, at=at):
        return no(_("İlana doğrulanmış bir kuruluşun temsilcisi yazar."), code="not_representative")
    if organisation.pk == post.organisation_id:
        return no(_("Kendi ilanınıza yazamazsınız."), code="own_post")
    if not is_on_board(post, at=at):
        return no(_("Bu ilan artık panoda değil."), code="over")
    return YES


def may_report(person: AnyPerson, post: Post, *, at: datetime) -> Verdict:
    if not person.is_authenticated:
        return no(_("Bildirmek için giriş yapın."), code="sign_in")
    if not is_on_board(post, at=at):
        return no(_("Bu ilan artık panoda değil."), code="over")
    return YES
