"""Who prepares an opinion, asks the general assembly, writes down what it decided, and sends it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from ballots.models import Ballot
from councils.models import Body, BodyKind, Council, Holder
from councils.permissions import acts_for, is_directorate_officer, is_member, is_secretary, leads_organ
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no
from proposals.models import AssemblyTally, Opinion, OpinionBallot, TallyState
from proposals.opinion_states import OpinionState


def may_prepare_opinions(person: AnyPerson, council: Council, *, at: datetime) -> Verdict:
    """The council's secretary, and who leads the executive board."""
    if is_secretary(person, council, at=at) or leads_organ(person, council, BodyKind.EXECUTIVE_BOARD, at=at):
        return YES
    return no(_("Görüşü konsey sekreteri, yürütme kurulunun başkanı ya da sekreteri hazırlar."), code="not_secretary")


def may_edit_opinion(person: AnyPerson, opinion: Opinion, *, at: datetime) -> Verdict:
    """Those who prepare opinions, until the general assembly is asked."""
    verdict = may_prepare_opinions(person, opinion.council, at=at)
    if verdict and opinion.state != OpinionState.DRAFT:
        return no(_("Genel kurula sunulan görüşün metni ve önerileri değişmez."), code="wrong_state")
    return verdict


def may_ask_assembly(person: AnyPerson, opinion: Opinion, *, at: datetime) -> Verdict:
    """Who acts for the general assembly opens its ballot, or enters how a meeting of it voted."""
    if not acts_for(person, Holder.GENERAL_ASSEMBLY, opinion.council, None, at=at):
        return no(_("Genel kurula konsey sekreteri ya da genel kurulun başkanı sorar."), code="not_secretary")
    if opinion.state != OpinionState.DRAFT:
        return no(_("Bu görüş hazırlanırken genel kurula sunulur."), code="wrong_state")
    return YES


def may_settle_tally(person: AnyPerson, tally: AssemblyTally, *, at: datetime) -> Verdict:
    """A second person compares the figures with the minutes: never the one who entered them."""
    council = tally.opinion.council
    if not (
        acts_for(person, Holder.GENERAL_ASSEMBLY, council, None, at=at)
        or acts_for(person, Holder.EXECUTIVE_BOARD, council, None, at=at)
        or is_directorate_officer(person, council)
    ):
        return no(
            _(
                "Sonucu konsey sekreteri, genel kurulun ya da yürütme kurulunun başkanı ya da müdürlük görevlisi onaylar."
            ),
            code="not_officer",
        )
    if tally.entered_by_id == person.pk:
        return no(_("Girdiğiniz sonucu ikinci bir kişi onaylar."), code="own_entry")
    if tally.state != TallyState.PENDING:
        return no(_("Bu sonuç onay beklemiyor."), code="wrong_state")
    return YES


def may_read_minutes(person: AnyPerson, tally: AssemblyTally, *, at: datetime) -> bool:
    """Everybody once a second person has confirmed the tally; before that who entered it and for whom it waits."""
    if tally.state == TallyState.PENDING:
        return tally.entered_by_id == person.pk or bool(may_settle_tally(person, tally, at=at))
    return tally.state == TallyState.CONFIRMED


def may_send_opinion(person: AnyPerson, opinion: Opinion, holders: Iterable[str], *, at: datetime) -> Verdict:
    """Whoever holds the step by the proposals' procedure, most often the secretary."""
    asked = {holder or Holder.SECRETARIAT for holder in holders} or {Holder.SECRETARIAT}
    if not any(acts_for(person, holder, opinion.council, None, at=at) for holder in sorted(asked)):
        return no(_("Görüşü belediye meclisine konsey sekreteri gönderir."), code="not_secretary")
    if opinion.state != OpinionState.ADOPTED:
        return no(_("Genel kurulun kabul ettiği ve henüz gönderilmeyen görüş gönderilir."), code="wrong_state")
    return YES


class OpinionBallotPolicy:
    """A ballot of the general assembly on an opinion: public to read, its roll call to the assembly's members."""

    def _opinion(self, ballot: Ballot) -> Opinion:
        return OpinionBallot.objects.select_related("opinion__council").get(ballot=ballot).opinion

    def _assembly(self, opinion: Opinion) -> Body | None:
        return assembly_of(opinion.council)

    def may_read(self, person: AnyPerson, ballot: Ballot) -> bool:
        return True

    def may_manage(self, person: AnyPerson, ballot: Ballot, *, at: datetime) -> Verdict:
        if acts_for(person, Holder.GENERAL_ASSEMBLY, self._opinion(ballot).council, None, at=at):
            return YES
        return no(_("Oylamayı konsey sekreteri ya da genel kurulun başkanı yönetir."), code="not_secretary")

    def may_see_roll_call(self, person: AnyPerson, ballot: Ballot, *, at: datetime) -> Verdict:
        opinion = self._opinion(ballot)
        assembly = self._assembly(opinion)
        if assembly is not None and is_member(person, assembly, at=at):
            return YES
        if is_secretary(person, opinion.council, at=at):
            return YES
        return no(_("Ad ad oy listesini genel kurul üyeleri görür."), code="not_member")

    def address(self, ballot: Ballot) -> str:
        return self._opinion(ballot).get_absolute_url()

    def title(self, ballot: Ballot) -> str:
        return str(self._opinion(ballot))

    def place(self, ballot: Ballot) -> tuple[Council, Body | None]:
        opinion = self._opinion(ballot)
        return opinion.council, self._assembly(opinion)

    def declared(self, ballot: Ballot, *, at: datetime) -> None:
        from proposals.actions import conclude_opinion_ballot

        conclude_opinion_ballot(ballot=ballot, at=at)


def assembly_of(council: Council) -> Body | None:
    """The council's general assembly; None where none has been entered yet."""
    return Body.objects.filter(council=council, kind=BodyKind.GENERAL_ASSEMBLY, is_active=True).order_by("pk").first()
