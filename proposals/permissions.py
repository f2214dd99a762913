"""Who may do what with a proposal, and when."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ballots.models import Ballot
from councils.models import Body, BodyKind, Council, Holder, Membership, Officer, OfficerRole, Role
from councils.permissions import (
    acts_for,
    is_directorate_officer,
    is_member,
    is_moderator,
    is_resident,
    is_secretary,
    leads,
    people_of_council,
)
from discussions.models import Thread
from journal.models import Audience
from organisations.models import Organisation
from people.models import AnyPerson, Person
from people.verdicts import YES, Verdict, no
from proposals.amending import AmendmentState
from proposals.models import Amendment, Proposal, ProposalBallot, Review
from proposals.stages import BEFORE_A_VOTE, ENDED, MOVES, Stage


def may_write(person: AnyPerson, council: Council) -> Verdict:
    """Anybody with an account may start a draft."""
    if not person.is_authenticated:
        return no(_("Öneri yazmak için giriş yapın."), code="sign_in")
    return YES


def may_edit_draft(person: AnyPerson, proposal: Proposal) -> Verdict:
    if proposal.author_id != person.pk:
        return no(_("Taslağı yalnız yazarı değiştirebilir."), code="not_author")
    if not proposal.is_draft:
        return no(_("Bu öneri sunuldu. Metni yeni bir sürümle değiştirebilirsiniz."), code="already_submitted")
    return YES


def may_act_for(person: AnyPerson, organisation: Organisation, *, at: datetime) -> Verdict:
    """Representatives of a verified organisation with a running mandate."""
    day = timezone.localtime(at).date()
    if not Organisation.objects.represented_by(person, on=day).filter(pk=organisation.pk).exists():
        return no(_("Bu kuruluş adına yazmak için geçerli bir temsil yetkisi gerekir."), code="no_mandate")
    return YES


def may_submit(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    verdict = may_edit_draft(person, proposal)
    if not verdict:
        return verdict
    if proposal.on_behalf_of is not None:
        return may_act_for(person, proposal.on_behalf_of, at=at)
    return YES


def may_decide_admissibility(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    holder = proposal.holder if proposal.stage == Stage.SUBMITTED else Holder.SECRETARIAT
    if not acts_for(person, holder or Holder.SECRETARIAT, proposal.council, None, at=at):
        if holder == Holder.EXECUTIVE_BOARD:
            return no(_("Uygunluğa yürütme kurulu karar verir."), code="not_board")
        return no(_("Uygunluğa konsey sekreteri karar verir."), code="not_secretary")
    if proposal.stage != Stage.SUBMITTED:
        return no(_("Bu öneri uygunluk kararı beklemiyor."), code="wrong_stage")
    return YES


def may_support(person: AnyPerson, proposal: Proposal, *, at: datetime, resident: bool | None = None) -> Verdict:
    """Verified residents of the council's city, while support is gathered. `resident` when it is known already."""
    if not proposal.gathers_support(at):
        return no(_("Bu öneri şu anda destek toplamıyor."), code="not_gathering")
    if not person.is_authenticated:
        return no(_("Destek vermek için giriş yapın."), code="sign_in")
    if resident is None:
        resident = is_resident(person, proposal.council)
    if not resident:
        return no(_("Destek vermek için hemşehriliğinizin doğrulanmış olması gerekir."), code="not_resident")
    return YES


def may_withdraw_support(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    if not person.is_authenticated:
        return no(_("Desteğinizi geri almak için giriş yapın."), code="sign_in")
    if not proposal.gathers_support(at):
        return no(_("Destek süresi bitti, destek artık geri alınamaz."), code="not_gathering")
    return YES


def may_revise(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The author, from submission until a ballot opens."""
    if proposal.author_id != person.pk:
        return no(_("Yeni sürümü yalnız önerinin yazarı yayımlayabilir."), code="not_author")
    if proposal.stage not in BEFORE_A_VOTE:
        return no(_("Metin bu aşamada değiştirilemez."), code="wrong_stage")
    if proposal.on_behalf_of is not None:
        return may_act_for(person, proposal.on_behalf_of, at=at)
    return YES


def may_amend(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """Who supports proposals may ask for a change of their text, and so may the members of the body; never after the vote began.

    The author writes a new version instead.
    """
    if proposal.stage not in BEFORE_A_VOTE:
        return no(_("Metin bu aşamada değiştirilemez."), code="wrong_stage")
    if not person.is_authenticated:
        return no(_("Değişiklik önermek için giriş yapın."), code="sign_in")
    if proposal.author_id == person.pk:
        return no(_("Kendi önerinizi yeni bir sürümle değiştirirsiniz."), code="own_proposal")
    body = proposal.addressed_to
    if not is_resident(person, proposal.council) and not (body is not None and is_member(person, body, at=at)):
        return no(
            _(
                "Değişiklik önermek için hemşehriliğinizin doğrulanmış ya da öneriyi görüşenlerin üyesi olmanız gerekir."
            ),
            code="not_resident",
        )
    return YES


def may_accept_amendment(person: AnyPerson, amendment: Amendment, *, at: datetime) -> Verdict:
    """The proposal's author; while its body discusses it also who leads the body. Nobody accepts their own."""
    proposal = amendment.proposal
    verdict = _may_decide(person, amendment, at=at)
    if not verdict or _leads_discussion(person, proposal, at=at):
        return verdict
    if proposal.author_id != person.pk:
        return _not_the_decider(proposal)
    if proposal.on_behalf_of is not None:
        return may_act_for(person, proposal.on_behalf_of, at=at)
    return YES


def may_decline_amendment(person: AnyPerson, amendment: Amendment, *, at: datetime) -> Verdict:
    """The proposal's author; once its body discusses it only who leads the body: a refusal is the body's then."""
    proposal = amendment.proposal
    if proposal.stage != Stage.IN_GROUP:
        return may_accept_amendment(person, amendment, at=at)
    verdict = _may_decide(person, amendment, at=at)
    if not verdict or _leads_discussion(person, proposal, at=at):
        return verdict
    return no(
        _("Görüşülen bir önergeyi yalnız görüşenlerin kolaylaştırıcısı ya da başkanı reddeder."),
        code="not_facilitator",
    )


def _may_decide(person: AnyPerson, amendment: Amendment, *, at: datetime) -> Verdict:
    if amendment.proposal.stage not in BEFORE_A_VOTE:
        return no(_("Metin bu aşamada değiştirilemez."), code="wrong_stage")
    if amendment.state == AmendmentState.OVERTAKEN:
        return no(_("Önergenin paragrafı bu arada değişti; önerge yenilenmeli."), code="overtaken")
    if not amendment.is_open:
        return no(_("Bu önerge karara bağlandı."), code="already_decided")
    if amendment.author_id == person.pk:
        return no(_("Kendi önergenizi karara bağlayamazsınız."), code="own_amendment")
    return YES


def _leads_discussion(person: AnyPerson, proposal: Proposal, *, at: datetime) -> bool:
    body = proposal.addressed_to
    return proposal.stage == Stage.IN_GROUP and body is not None and leads(person, body, at=at)


def _not_the_decider(proposal: Proposal) -> Verdict:
    if proposal.stage == Stage.IN_GROUP:
        return no(
            _("Önergeyi, öneriyi görüşenlerin kolaylaştırıcısı ya da başkanı karara bağlar; yazarı da kabul edebilir."),
            code="not_facilitator",
        )
    return no(_("Önergeyi önerinin yazarı karara bağlar."), code="not_author")


def may_withdraw_amendment(person: AnyPerson, amendment: Amendment, *, at: datetime) -> Verdict:
    """Who wrote it, as long as nothing was decided; also on a text that does not change any more."""
    if amendment.author_id != person.pk:
        return no(_("Önergeyi yalnız veren geri çekebilir."), code="not_author")
    if not amendment.is_open:
        return no(_("Bu önerge karara bağlandı."), code="already_decided")
    return YES


def may_withdraw(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    if proposal.author_id != person.pk:
        return no(_("Öneriyi yalnız yazarı geri çekebilir."), code="not_author")
    if Stage.WITHDRAWN not in MOVES[Stage(proposal.stage)]:
        return no(_("Öneri bu aşamada geri çekilemez."), code="wrong_stage")
    return YES


def may_open_ballot(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    if proposal.addressed_to is None or not leads(person, proposal.addressed_to, at=at):
        return no(_("Oylamayı, öneriyi görüşenlerin kolaylaştırıcısı ya da başkanı açar."), code="not_facilitator")
    if proposal.stage != Stage.IN_GROUP:
        return no(_("Oylama, öneri görüşülürken açılır."), code="wrong_stage")
    return YES


def may_decline_in_group(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The leader of the body may end a proposal without a ballot, with a reason."""
    if proposal.addressed_to is None or not leads(person, proposal.addressed_to, at=at):
        return no(_("Bu kararı, öneriyi görüşenlerin kolaylaştırıcısı ya da başkanı girer."), code="not_facilitator")
    if proposal.stage != Stage.IN_GROUP:
        return no(_("Bu karar, öneri görüşülürken girilir."), code="wrong_stage")
    return YES


def may_put_on_agenda(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """Whoever holds the board's step puts what a body has adopted on the general assembly's agenda."""
    holder = proposal.holder if proposal.stage == Stage.BOARD else Holder.EXECUTIVE_BOARD
    if not acts_for(person, holder, proposal.council, proposal.addressed_to, at=at):
        if holder == Holder.SECRETARIAT:
            return no(_("Genel kurulun gündemine genel sekreterlik alır."), code="not_secretary")
        return no(_("Genel kurulun gündemine yürütme kurulunun başkanı ya da sekreteri alır."), code="not_board")
    if proposal.stage != Stage.BOARD:
        return no(_("Bu öneri yürütme kurulunda beklemiyor."), code="wrong_stage")
    return YES


def may_give_back(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The board or the general assembly gives a proposal back to its body, with a reason."""
    if proposal.stage not in {Stage.BOARD, Stage.GENERAL_ASSEMBLY}:
        return no(_("Öneri, yürütme kurulunda ya da genel kurulda beklerken geri verilir."), code="wrong_stage")
    if not acts_for(person, proposal.holder, proposal.council, proposal.addressed_to, at=at):
        return no(_("Öneriyi, elinde tutan organın başkanı ya da sekreteri geri verir."), code="not_holder")
    return YES


def may_answer_directly(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The directorate accepts or declines what was proposed to it."""
    if not is_directorate_officer(person, proposal.council):
        return no(_("Bu öneriyi müdürlük görevlisi yanıtlar."), code="not_officer")
    if proposal.author_id == person.pk:
        return no(_("Kendi önerinizi yanıtlayamazsınız."), code="own_proposal")
    if proposal.stage != Stage.DIRECTORATE:
        return no(_("Bu öneri müdürlüğün yanıtını beklemiyor."), code="wrong_stage")
    return YES


def may_implement(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The directorate says who carries a proposal out, in which steps, and what has been done."""
    if not is_directorate_officer(person, proposal.council):
        return no(_("Uygulamayı müdürlük görevlisi yazar."), code="not_officer")
    if proposal.stage != Stage.IMPLEMENTATION:
        return no(_("Bu öneri uygulama aşamasında değil."), code="wrong_stage")
    return YES


def may_review(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The author and who supports the proposal say once whether it has been done, while the review is open."""
    if not person.is_authenticated:
        return no(_("Değerlendirmek için giriş yapın."), code="sign_in")
    if person.pk != proposal.author_id and not proposal.supports.filter(person_id=person.pk).exists():
        return no(_("Öneriyi yazan ve destekleyenler değerlendirir."), code="not_supporter")
    review = Review.objects.filter(proposal=proposal).first()
    if review is None:
        return no(_("Bu önerinin değerlendirmesi daha açılmadı."), code="not_open")
    if review.closed_at is not None or at >= review.closes_at:
        return no(_("Değerlendirme süresi bitti."), code="closed")
    if review.answers.filter(person_id=person.pk).exists():
        return no(_("Yanıtınız kayıtlı. Yanıt bir kez verilir."), code="already_answered")
    return YES


def may_merge(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The council's secretary and who leads the body put proposals together before anybody has voted."""
    if not is_moderator(person, proposal.council, proposal.addressed_to, at=at):
        return no(_("Önerileri konsey sekreteri ve öneriyi görüşenlerin başkanı birleştirir."), code="not_moderator")
    if proposal.stage not in BEFORE_A_VOTE:
        return no(_("Öneriler oylamaya sunulmadan önce birleştirilir."), code="wrong_stage")
    return YES


def may_split(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """The same people take a proposal apart that asks for several things."""
    if not is_moderator(person, proposal.council, proposal.addressed_to, at=at):
        return no(_("Öneriyi konsey sekreteri ve öneriyi görüşenlerin başkanı ayırır."), code="not_moderator")
    if proposal.stage not in BEFORE_A_VOTE:
        return no(_("Öneri oylamaya sunulmadan önce ayrılır."), code="wrong_stage")
    return YES


def may_manage_proposals(person: AnyPerson, council: Council, *, at: datetime) -> Verdict:
    """The council's secretary and the directorate's officers share one list with notes of their own."""
    if is_secretary(person, council, at=at) or is_directorate_officer(person, council):
        return YES
    return no(_("Gelen öneriler listesi konsey sekreteri ve müdürlük görevlileri içindir."), code="not_office")


def office_staff(council: Council, *, at: datetime) -> QuerySet[Person]:
    """Those whom a proposal can be assigned to: the council's secretaries and the directorate's officers of the day."""
    seats = Membership.objects.on(timezone.localtime(at).date()).filter(
        role=Role.SECRETARY, body__council=council, body__kind=BodyKind.SECRETARIAT
    )
    posts = Officer.objects.filter(council=council, role=OfficerRole.DIRECTORATE, is_active=True)
    return Person.objects.filter(Q(pk__in=seats.values("person")) | Q(pk__in=posts.values("person")), is_active=True)


def may_hand_over(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """Whoever decides on admissibility sends a proposal to another body first, where it was addressed to the wrong one."""
    return may_decide_admissibility(person, proposal, at=at)


def may_follow(person: AnyPerson, proposal: Proposal) -> Verdict:
    if not person.is_authenticated:
        return no(_("Takip etmek için giriş yapın."), code="sign_in")
    return YES


class ProposalThreadPolicy:
    """A proposal's discussion: everybody reads, people with an account write until the proposal has ended."""

    def _proposal(self, thread: Thread) -> Proposal:
        if isinstance(thread.owner, Proposal):
            return thread.owner
        return Proposal.objects.select_related("council", "addressed_to").get(thread=thread)

    def may_read(self, person: AnyPerson, thread: Thread) -> bool:
        return Proposal.objects.visible_to(person).filter(thread=thread).exists()

    def may_comment(self, person: AnyPerson, thread: Thread, *, at: datetime) -> Verdict:
        if not person.is_authenticated:
            return no(_("Yazmak için giriş yapın."), code="sign_in")
        proposal = self._proposal(thread)
        if proposal.stage in ENDED:
            return no(_("Öneri sonuçlandı, tartışma yeni yorumlara kapandı."), code="discussion_closed")
        return YES

    def may_moderate(self, person: AnyPerson, thread: Thread, *, at: datetime) -> Verdict:
        proposal = self._proposal(thread)
        if is_moderator(person, proposal.council, proposal.addressed_to, at=at):
            return YES
        return no(_("Yorumları kolaylaştırıcı ve konsey sekreteri gizleyebilir."), code="not_moderator")

    def address(self, thread: Thread) -> str:
        return self._proposal(thread).get_absolute_url()

    def title(self, thread: Thread) -> str:
        return str(self._proposal(thread))

    def people(self, thread: Thread) -> QuerySet[Person]:
        """The author and those whose names the council shows."""
        proposal = self._proposal(thread)
        known = people_of_council(proposal.council, on=timezone.localdate())
        return Person.objects.filter(Q(pk=proposal.author_id) | Q(pk__in=known.values("pk")))

    def place(self, thread: Thread) -> tuple[Council, Body | None]:
        proposal = self._proposal(thread)
        return proposal.council, proposal.addressed_to

    def audience(self, thread: Thread) -> str:
        return Audience.PUBLIC


class ProposalBallotPolicy:
    """A ballot on a proposal: public to read, its roll call to the members of the body that votes."""

    def _proposal(self, ballot: Ballot) -> Proposal:
        return (
            ProposalBallot.objects.select_related("proposal__council", "proposal__addressed_to")
            .get(ballot=ballot)
            .proposal
        )

    def may_read(self, person: AnyPerson, ballot: Ballot) -> bool:
        return True

    def may_manage(self, person: AnyPerson, ballot: Ballot, *, at: datetime) -> Verdict:
        body = self._proposal(ballot).addressed_to
        if body is None or not leads(person, body, at=at):
            return no(
                _("Oylamayı, öneriyi görüşenlerin kolaylaştırıcısı ya da başkanı yönetir."), code="not_facilitator"
            )
        return YES

    def may_see_roll_call(self, person: AnyPerson, ballot: Ballot, *, at: datetime) -> Verdict:
        proposal = self._proposal(ballot)
        body = proposal.addressed_to
        if body is not None and is_member(person, body, at=at):
            return YES
        if is_secretary(person, proposal.council, at=at):
            return YES
        return no(_("Ad ad oy listesini öneriyi oylayanlar görür."), code="not_member")

    def address(self, ballot: Ballot) -> str:
        return self._proposal(ballot).get_absolute_url()

    def title(self, ballot: Ballot) -> str:
        return str(self._proposal(ballot))

    def place(self, ballot: Ballot) -> tuple[Council, Body | None]:
        proposal = self._proposal(ballot)
        return proposal.council, proposal.addressed_to

    def declared(self, ballot: Ballot, *, at: datetime) -> None:
        from proposals.actions import conclude_ballot

        conclude_ballot(ballot=ballot, at=at)
