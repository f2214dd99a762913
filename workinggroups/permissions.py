"""Who may read, write and decide in a working group."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import LEADING_ROLES, Body, BodyKind, Council, Membership, Role
from councils.permissions import is_member, is_moderator, leads, people_of_council
from discussions.models import Thread
from journal.models import Audience
from people.models import AnyPerson, Person
from people.verdicts import YES, Verdict, no
from workinggroups.models import Charter, JoinRequest, JoinState


def may_ask_to_join(person: AnyPerson, body: Body, *, at: datetime) -> Verdict:
    """Anybody with an account may ask once at a time, unless already a member."""
    if not person.is_authenticated:
        return no(_("Gruba katılmak için giriş yapın."), code="sign_in")
    if body.kind != BodyKind.WORKING_GROUP or not body.is_active:
        return no(_("Katılma isteği yalnız çalışan gruplara gönderilir."), code="not_a_group")
    if is_member(person, body, at=at):
        return no(_("Bu grubun üyesisiniz."), code="already_member")
    if JoinRequest.objects.filter(body=body, person_id=person.pk, state=JoinState.PENDING).exists():
        return no(_("İsteğiniz kolaylaştırıcıda bekliyor."), code="already_asked")
    return YES


def may_decide_on_joining(person: AnyPerson, body: Body, *, at: datetime) -> Verdict:
    if not leads(person, body, at=at):
        return no(_("Katılma isteklerine grubun kolaylaştırıcısı karar verir."), code="not_facilitator")
    return YES


def may_withdraw_request(person: AnyPerson, request: JoinRequest) -> Verdict:
    if request.person_id != person.pk:
        return no(_("Katılma isteğini yalnız gönderen geri çekebilir."), code="not_yours")
    if request.state != JoinState.PENDING:
        return no(_("Bu katılma isteği sonuçlandı."), code="already_decided")
    return YES


def may_leave(person: AnyPerson, body: Body, *, at: datetime) -> Verdict:
    """Members leave a working group whenever they like; the last who leads it hands over first."""
    if body.kind != BodyKind.WORKING_GROUP:
        return no(_("Meclis ve organ üyelikleri genel sekreterlikçe sona erdirilir."), code="not_a_group")
    if not person.is_authenticated or not is_member(person, body, at=at):
        return no(_("Bu grubun üyesi değilsiniz."), code="not_member")
    day = timezone.localtime(at).date()
    leading = Membership.objects.on(day).leading().filter(body=body)
    if leads(person, body, at=at) and not leading.exclude(person_id=person.pk).exists():
        return no(
            _(
                "Grubun tek kolaylaştırıcısısınız. Ayrılmadan önce genel sekreterlik yeni bir kolaylaştırıcı kaydetmeli."
            ),
            code="last_leader",
        )
    return YES


def may_end_membership(person: AnyPerson, membership: Membership, *, at: datetime) -> Verdict:
    """Who leads a working group ends an ordinary member's seat, with a reason; never their own this way."""
    if membership.body.kind != BodyKind.WORKING_GROUP:
        return no(_("Meclis ve organ üyelikleri genel sekreterlikçe sona erdirilir."), code="not_a_group")
    if not leads(person, membership.body, at=at):
        return no(_("Üyeliği grubun kolaylaştırıcısı sona erdirir."), code="not_facilitator")
    if membership.person_id == person.pk:
        return no(_("Kendi üyeliğiniz için gruptan ayrılma sayfasını kullanın."), code="own_seat")
    if membership.role in LEADING_ROLES:
        return no(_("Kolaylaştırıcının üyeliğini genel sekreterlik sona erdirir."), code="leading_seat")
    return YES


class GroupThreadPolicy:
    """A group's discussion: members write, everybody reads unless the group keeps it among members."""

    def _charter(self, thread: Thread) -> Charter:
        return Charter.objects.select_related("body__council").get(thread=thread)

    def may_read(self, person: AnyPerson, thread: Thread) -> bool:
        charter = self._charter(thread)
        return charter.is_discussion_public or (
            person.is_authenticated and bool(self._seated(charter, {person.pk}, at=timezone.now()))
        )

    def readers(self, thread: Thread, among: set[int]) -> set[int]:
        charter = self._charter(thread)
        return among if charter.is_discussion_public else self._seated(charter, among, at=timezone.now())

    def _seated(self, charter: Charter, among: set[int], *, at: datetime) -> set[int]:
        """Those of the people who are members of the group, or moderate it as the council's secretary."""
        secretary = Q(role=Role.SECRETARY, body__council=charter.body.council_id, body__kind=BodyKind.SECRETARIAT)
        seats = Membership.objects.on(timezone.localtime(at).date()).filter(person__in=among)
        return set(seats.filter(Q(body=charter.body) | secretary).values_list("person_id", flat=True))

    def may_comment(self, person: AnyPerson, thread: Thread, *, at: datetime) -> Verdict:
        if not person.is_authenticated:
            return no(_("Yazmak için giriş yapın."), code="sign_in")
        if not is_member(person, self._charter(thread).body, at=at):
            return no(_("Grubun tartışmasına üyeleri yazar."), code="not_member")
        return YES

    def may_moderate(self, person: AnyPerson, thread: Thread, *, at: datetime) -> Verdict:
        charter = self._charter(thread)
        if is_moderator(person, charter.body.council, charter.body, at=at):
            return YES
        return no(_("Yorumları kolaylaştırıcı ve konsey sekreteri gizleyebilir."), code="not_moderator")

    def address(self, thread: Thread) -> str:
        return self._charter(thread).body.get_absolute_url()

    def title(self, thread: Thread) -> str:
        return self._charter(thread).body.name

    def people(self, thread: Thread) -> QuerySet[Person]:
        """Those whose names the council shows; of a discussion among members only the members."""
        charter, today = self._charter(thread), timezone.localdate()
        if charter.is_discussion_public:
            return people_of_council(charter.body.council, on=today)
        return Person.objects.filter(pk__in=Membership.objects.on(today).filter(body=charter.body).values("person"))

    def place(self, thread: Thread) -> tuple[Council, Body]:
        body = self._charter(thread).body
        return body.council, body

    def audience(self, thread: Thread) -> str:
        return Audience.PUBLIC if self._charter(thread).is_discussion_public else Audience.INVOLVED
