"""Who holds which office in a council: the questions every higher app asks."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ballots.models import Ballot
from councils.models import (
    LEADING_ROLES,
    Body,
    BodyKind,
    Council,
    CouncilBallot,
    Holder,
    Membership,
    Officer,
    OfficerRole,
    Residence,
    Role,
)
from people.models import AnyPerson, Person
from people.verdicts import YES, Verdict, no


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def people_of_council(council: Council, *, on: date) -> QuerySet[Person]:
    """Those whose names the council shows anyway: members of its working groups, and who leads any of its bodies.

    Where somebody lives, and a seat in an assembly or an organ, is not for everybody to look up (KVKK).
    """
    seats = Membership.objects.on(on).filter(body__council=council)
    shown = seats.filter(Q(body__kind=BodyKind.WORKING_GROUP) | Q(role__in=LEADING_ROLES))
    return Person.objects.filter(pk__in=shown.values("person"), is_active=True)


def is_resident(person: AnyPerson, council: Council) -> bool:
    """Whether an officer has verified that the person lives in the council's city."""
    return (
        person.is_authenticated
        and Residence.objects.filter(person_id=person.pk, council=council, verified_at__isnull=False).exists()
    )


def is_secretary(person: AnyPerson, council: Council, *, at: datetime) -> bool:
    """Whether the person sits in the council's secretariat (genel sekreterlik) as secretary."""
    return (
        person.is_authenticated
        and Membership.objects.on(_day(at))
        .filter(person_id=person.pk, role=Role.SECRETARY, body__council=council, body__kind=BodyKind.SECRETARIAT)
        .exists()
    )


def is_directorate_officer(person: AnyPerson, council: Council) -> bool:
    return (
        person.is_authenticated
        and Officer.objects.filter(
            person_id=person.pk, council=council, role=OfficerRole.DIRECTORATE, is_active=True
        ).exists()
    )


def leads(person: AnyPerson, body: Body, *, at: datetime) -> bool:
    """Whether the person is the body's facilitator, president or secretary."""
    return (
        person.is_authenticated
        and Membership.objects.on(_day(at)).leading().filter(person_id=person.pk, body=body).exists()
    )


def leads_organ(person: AnyPerson, council: Council, kind: BodyKind, *, at: datetime) -> bool:
    """Whether the person leads the council's organ of a kind, such as the executive board."""
    seats = Membership.objects.on(_day(at)).leading()
    return (
        person.is_authenticated
        and seats.filter(person_id=person.pk, body__council=council, body__kind=kind, body__is_active=True).exists()
    )


def acts_for(person: AnyPerson, holder: str, council: Council, body: Body | None, *, at: datetime) -> bool:
    """Whether the person acts for whoever holds a proposal that was addressed to `body`.

    The municipal council itself has no account here: the council's secretary and the directorate's officers write down
    what it did.
    """
    match holder:
        case Holder.SECRETARIAT:
            return is_secretary(person, council, at=at)
        case Holder.BODY:
            return body is not None and leads(person, body, at=at)
        case Holder.EXECUTIVE_BOARD:
            return leads_organ(person, council, BodyKind.EXECUTIVE_BOARD, at=at)
        case Holder.GENERAL_ASSEMBLY:
            return is_secretary(person, council, at=at) or leads_organ(
                person, council, BodyKind.GENERAL_ASSEMBLY, at=at
            )
        case Holder.MUNICIPAL_COUNCIL:
            return is_secretary(person, council, at=at) or is_directorate_officer(person, council)
        case Holder.DIRECTORATE:
            return is_directorate_officer(person, council)
    return False


def is_member(person: AnyPerson, body: Body, *, at: datetime) -> bool:
    return person.is_authenticated and Membership.objects.on(_day(at)).filter(person_id=person.pk, body=body).exists()


def is_moderator(person: AnyPerson, council: Council, body: Body | None, *, at: datetime) -> bool:
    """Moderators of a discussion: who leads the body, and the council's secretary. One query."""
    office = Q(role=Role.SECRETARY, body__council=council, body__kind=BodyKind.SECRETARIAT)
    if body is not None:
        office |= Q(role__in=LEADING_ROLES, body=body)
    seats = Membership.objects.on(_day(at))
    return person.is_authenticated and seats.filter(office, person_id=person.pk).exists()


def may_verify_residence(actor: AnyPerson, council: Council, person: Person | None = None, *, at: datetime) -> Verdict:
    """Secretaries and directorate officers check identity and residence, never their own."""
    if not (is_secretary(actor, council, at=at) or is_directorate_officer(actor, council)):
        return no(_("Hemşehrilik doğrulamasını konsey sekreteri ya da müdürlük görevlisi yapar."), code="not_officer")
    if person is not None and person.pk == actor.pk:
        return no(_("Kendi kaydınızı doğrulayamazsınız."), code="own_record")
    return YES


def leading_seats(person: F) -> QuerySet[Membership]:
    """For `people.offices`: the seats in which a person leads a body of any council today."""
    return Membership.objects.on(timezone.localdate()).filter(role__in=LEADING_ROLES, person=person)


def posts(person: F) -> QuerySet[Officer]:
    """For `people.offices`: the posts of a person on the staff of any municipality."""
    return Officer.objects.filter(is_active=True, person=person)


# --- Ballots ----------------------------------------------------------------------------------------------------------
def may_open_ballot(actor: AnyPerson, council: Council, body: Body | None, *, at: datetime) -> Verdict:
    """The council's secretary asks anybody, who leads a body asks that body."""
    if is_secretary(actor, council, at=at) or (body is not None and leads(actor, body, at=at)):
        return YES
    if body is None:
        return no(_("Hemşehrilere sorulan oylamayı konsey sekreteri açar."), code="not_secretary")
    return no(
        _("Bu organın oylamasını başkanı, kolaylaştırıcısı, sekreteri ya da konsey sekreteri açar."), code="not_leading"
    )


def may_set_proxy_rule(actor: AnyPerson, council: Council, *, at: datetime) -> Verdict:
    """The council's secretary writes its procedure; whoever opens a ballot does not choose it."""
    if is_secretary(actor, council, at=at):
        return YES
    return no(_("Vekâlet kuralını konsey sekreteri yazar."), code="not_secretary")


def may_set_procedure(actor: AnyPerson, council: Council, *, at: datetime) -> Verdict:
    """The council's secretary writes its procedure, on the ground of a decision that is named."""
    if is_secretary(actor, council, at=at):
        return YES
    return no(_("Konseyin usulünü konsey sekreteri yazar."), code="not_secretary")


def may_keep_holidays(actor: AnyPerson, council: Council, *, at: datetime) -> Verdict:
    """The council's secretary keeps the table of holidays that due dates are counted by."""
    if is_secretary(actor, council, at=at):
        return YES
    return no(_("Tatil günlerini konsey sekreteri yazar."), code="not_secretary")


class CouncilBallotPolicy:
    """A ballot of a council: public to read; managed by those who may open one, its roll call read by those who vote together.

    Where somebody lives is not for everybody to look up (KVKK): the roll of residents is read by the council's secretary.
    """

    def _rule(self, ballot: Ballot) -> CouncilBallot:
        return CouncilBallot.objects.select_related("council", "body", "district").get(ballot=ballot)

    def may_read(self, person: AnyPerson, ballot: Ballot) -> bool:
        return True

    def may_manage(self, person: AnyPerson, ballot: Ballot, *, at: datetime) -> Verdict:
        rule = self._rule(ballot)
        return may_open_ballot(person, rule.council, rule.body, at=at)

    def may_see_roll_call(self, person: AnyPerson, ballot: Ballot, *, at: datetime) -> Verdict:
        rule = self._rule(ballot)
        if is_secretary(person, rule.council, at=at):
            return YES
        if rule.body is None:
            return no(_("Hemşehrilerin ad ad oy listesini yalnızca konsey sekreteri görür."), code="not_secretary")
        if is_member(person, rule.body, at=at):
            return YES
        return no(_("Ad ad oy listesini organın üyeleri görür."), code="not_member")

    def address(self, ballot: Ballot) -> str:
        return reverse("ballot_detail", args=[ballot.pk])

    def has_the_right(self, ballot: Ballot, person_id: int, *, at: datetime) -> bool:
        from councils.electorates import has_the_right

        return has_the_right(self._rule(ballot), person_id, at=at)

    def people_with_the_right(self, ballot: Ballot, *, at: datetime) -> set[int]:
        from councils.electorates import people_with_the_right

        return people_with_the_right(self._rule(ballot), at=at)

    def back(self, ballot: Ballot) -> str:
        return reverse("council_ballots", args=[self._rule(ballot).council.slug])

    def title(self, ballot: Ballot) -> str:
        return _("Oylamalar")

    def place(self, ballot: Ballot) -> tuple[Council, Body | None]:
        rule = self._rule(ballot)
        return rule.council, rule.body

    def declared(self, ballot: Ballot, *, at: datetime) -> None:
        """A council's ballot moves nothing else: its result stands on its own page."""
