"""A small city in which every kind of page has something to show. Written by the actions, so that the record tells of it."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from articles.actions import hand_in_article
from articles.models import Article
from ballots import actions as voting
from ballots.models import Ballot, Proxy, VoteRecord
from ballots.proxies import give_proxy
from councils.actions import set_proxy_rule
from councils.balloting import open_council_ballot
from councils.meetings.actions import plan_meetings
from councils.models import Body, BodyKind, Council, CouncilBallot, Membership, MunicipalMeeting, Role
from discussions import actions as talking
from discussions.models import Comment
from impact.actions import recount_all
from journal.sealing import seal
from lending import actions as lending
from lending.models import Loan
from notifications.actions import tell_steps
from organisations.models import Organisation
from partnerships import actions as together
from partnerships.models import Partnership
from people.models import Person
from proposals import actions
from proposals.budget import actions as budget
from proposals.budget.importing import read_lines, read_objectives
from proposals.models import Amendment, BudgetLine, Objective, Opinion, Proposal
from proposals.stages import PATH, Stage
from servicerequests import actions as desk
from servicerequests.models import IncomingMail, ServiceRequest
from solidarity import actions as board
from solidarity.models import Post
from tests import factories as f
from tests.people.steps import give_app, give_passkey
from tests.proposals.municipal import before_the_council, sent_opinion
from workinggroups import actions as joining
from workinggroups.models import ActivityState, JoinRequest, PartnerInstitution, PlannedActivity

PASSWORD = "uzun yollar kisa gunler"
REASON = "Bu konu büyükşehrin değil ilçe belediyesinin görevidir; dilekçenizi onlara ilettik."
TEXT = """Körfez’in kuzey kıyısında bisiklet yolu **üç yerde** kesiliyor.

## Ne yapılsın?

- Kopuk parçalar birleştirilsin.
- Kavşaklara bisiklet ışığı konsun.

> Her gün oradan geçiyorum, en çok köprüde zorlanıyorum.

[Ölçüm](https://example.org/olcum) ve `kod` da burada."""
LONG_WORD = "Muvaffakiyetsizleştiricileştiriveremeyebileceklerimizdenmişsinizcesine"


@dataclass
class City:
    """The people, and what they have left behind."""

    council: Council
    people: dict[str, Person]
    group: Body
    assembly: Body
    organisation: Organisation
    proposals: dict[Stage, Proposal] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)

    # What the pages are made of; set by `build`.
    draft: Proposal = None  # type: ignore[assignment]
    passkey: Authenticator = None  # type: ignore[assignment]
    ballot: Ballot = None  # type: ignore[assignment]
    past_ballot: Ballot = None  # type: ignore[assignment]
    ranked_ballot: Ballot = None  # type: ignore[assignment]
    approval_ballot: Ballot = None  # type: ignore[assignment]
    counted_ballot: Ballot = None  # type: ignore[assignment]
    tied_ballot: Ballot = None  # type: ignore[assignment]
    proxy: Proxy = None  # type: ignore[assignment]
    receipt: str = ""
    request: JoinRequest = None  # type: ignore[assignment]
    seat: Membership = None  # type: ignore[assignment]
    meeting: MunicipalMeeting = None  # type: ignore[assignment]
    line: BudgetLine = None  # type: ignore[assignment]
    objective: Objective = None  # type: ignore[assignment]
    opinions: dict[str, Opinion] = field(default_factory=dict)
    mail: IncomingMail = None  # type: ignore[assignment]
    articles: dict[str, Article] = field(default_factory=dict)
    requests: dict[str, ServiceRequest] = field(default_factory=dict)
    loans: dict[str, Loan] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    partnership: Partnership = None  # type: ignore[assignment]
    before_council: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, stage: Stage) -> Proposal:
        return self.proposals[stage]


def build(council: Council, group: Body, assembly: Body, organisation: Organisation, people: dict[str, Person]) -> City:
    city = City(council, people, group, assembly, organisation)
    _fill_group(city)
    _plan_meetings(city)
    for stage in Stage:
        if stage not in LATE:
            city.proposals[stage] = _proposal(city, stage)
    _go_on(city)
    _vote(city)
    _discuss(city)
    _write(city)
    _ask_to_join(city)
    _amend(city)
    _give_opinions(city)
    _reach_the_council(city)
    _ask_the_desk(city)
    _lend(city)
    _help_each_other(city)
    _work_together(city)
    tell_steps()
    recount_all()
    return city


def _plan_meetings(city: City) -> None:
    """A year of the municipal council's calendar with something of everything in it."""
    now = timezone.now()
    plan_meetings(actor=city.people["hakan"], council=city.council, at=now)
    of_council = {"council": city.council}
    city.meeting = f.MunicipalMeetingFactory(
        **of_council, starts_at=now + timedelta(days=1), name="Olağanüstü birleşim", is_extraordinary=True
    )
    f.MunicipalMeetingFactory(
        **of_council,
        starts_at=now - timedelta(days=30),
        state="held",
        name="Geçen ayın birleşimi",
        agenda_url="https://example.org/gundem",
    )
    f.MunicipalMeetingFactory(
        **of_council, starts_at=now - timedelta(days=60), state="cancelled", note="Toplantı yeter sayısı bulunamadı."
    )


def _ask_the_desk(city: City) -> None:
    """A request that waits for its applicant, one that is answered and published, one of an organisation."""
    ayse, selin, now = city.people["ayse"], city.people["selin"], timezone.now()
    asked = f.request_of(ayse, city.council, text=TEXT, at=now - timedelta(days=3))
    desk.write_to_applicant(actor=selin, request=asked, text="Hangi salon, saat kaçta?", asks=True, at=now)
    desk.note_inside(actor=selin, request=asked, text="Merkezin nöbet çizelgesine bakılacak.", at=now)
    answered = f.request_of(ayse, city.council, kind="bilgi-edinme", subject=LONG_WORD, at=now - timedelta(days=2))
    desk.answer_request(actor=selin, request=answered, text=TEXT, resolution="informed", at=now)
    ServiceRequest.objects.filter(pk=answered.pk).update(
        publicity="public", public_subject="Merkezler kaçta kapanır?", public_text=TEXT, published_at=now
    )
    city.requests = {"asked": asked, "answered": answered}
    city.mail = f.mail_of(city.council, text=TEXT, whole=TEXT, subject=LONG_WORD, suggested=asked)
    reader = f.PersonFactory(display_name="Ozan Tekin")
    f.OfficerFactory(council=city.council, person=reader)
    city.articles = {
        "released": f.article_of(city.council, reader, selin, title=LONG_WORD),
        "stale": f.article_of(city.council, reader, selin, body=TEXT, at=now - timedelta(days=400)),
    }
    waiting = f.article_of(city.council, reader, title="Salon desteği nasıl istenir?", body=TEXT)
    city.articles["waiting"] = hand_in_article(actor=reader, article=waiting, at=now)


def _lend(city: City) -> None:
    """A loan that is asked to be longer, one that is late, one that is over; something counted by number."""
    selin, now = city.people["selin"], timezone.now()
    start = timezone.localtime(now).date()
    item = f.lent_item_of(city.council, selin, about=TEXT, kept_at="İzmit Sivil Toplum Merkezi")
    chairs = f.lent_item_of(city.council, selin, name=LONG_WORD, stock=3)
    numbered = f.lent_item_of(city.council, selin, name="Projektör", is_by_piece=True)
    for number in ("DMB-001", "DMB-002"):
        lending.add_piece(actor=selin, item=numbered, inventory_number=number, condition="good", at=now)
    past = now - timedelta(days=9)
    for name, what, at in (
        ("reserved", item, now),
        ("late", chairs, past),
        ("over", item, past),
        ("piece", numbered, now),
    ):
        city.loans[name] = f.loan_of(what, selin, organisation=city.organisation, at=at)
    for name in ("late", "over"):
        lending.hand_out(actor=selin, loan=city.loans[name], condition="good", at=past)
    lending.take_back(
        actor=selin, loan=city.loans["over"], quantity=2, lost=1, condition="damaged", text="Bacağı kırık.", at=now
    )
    elif_ = city.people["elif"]
    until = start + timedelta(days=5)
    lending.ask_longer(actor=elif_, loan=city.loans["reserved"], until=until, reason="Şenlik uzadı.", at=now)


def _help_each_other(city: City) -> None:
    """A need that was met, one with a match, an offer that fits it and one that somebody reported."""
    selin, ayse, elif_, now = city.people["selin"], city.people["ayse"], city.people["elif"], timezone.now()
    need, _match = f.matched_posts(city.council, city.organisation, elif_, selin)
    other, whose = f.another_organisation(city.council, "Kandıra Çevre ve Doğa Koruma Derneği")
    met = f.post_of(city.council, city.organisation, elif_, title="Otuz sandalye")
    offer = f.post_of(city.council, other, whose, side="offer", title=LONG_WORD, text=TEXT, quantity=30)
    done = board.propose_match(actor=selin, need=met, offer=offer, at=now)
    for person in (elif_, whose):
        board.answer_match(actor=person, match=done, accepts=True, at=now)
    board.fulfil(actor=selin, match=done, outcome="Sandalyeler üç gün kullanıldı.", at=now)
    board.write(actor=whose, found=need, organisation=other, text="Salonumuz perşembe boş.", at=now)
    board.report_post(actor=ayse, found=offer, text="Reklam gibi.", at=now)
    city.posts = {"need": need, "met": met, "offer": offer}


def _work_together(city: City) -> None:
    """A signed partnership with tasks, a protocol and notes, and an idea that was dropped."""
    selin, now = city.people["selin"], timezone.now()
    city.partnership = f.signed_partnership(city.council, selin, city.organisation)
    together.write_note(actor=selin, partnership=city.partnership, text="Fide sayısını sorduk.", is_inside=True, at=now)
    together.write_note(actor=city.people["elif"], partnership=city.partnership, text="İki yüz fide yeter.", at=now)
    idea = f.partnership_of(city.council, selin, title=LONG_WORD, purpose=TEXT)
    together.move(actor=selin, partnership=idea, state="dropped", reason="Program kapandı.", at=now)


def _give_opinions(city: City) -> None:
    """An opinion in each of its states, and one more proposal that waits for the next."""
    hakan, now = city.people["hakan"], timezone.now()
    who = {"council": city.council, "addressed_to": city.group, "procedure": f.whole_way(city.council)}
    stages = {"draft": Stage.GENERAL_ASSEMBLY, "voting": Stage.GENERAL_ASSEMBLY, "declined": Stage.DECLINED}
    stages |= {"adopted": Stage.OPINION, "sent": Stage.SENT}
    for days, (state, stage) in enumerate(stages.items(), 1):
        proposal = f.ProposalFactory(**who, stage=stage, created_at=now - timedelta(days=days))
        city.opinions[state] = f.OpinionFactory(
            council=city.council, state=state, prepared_by=hakan, proposals=[proposal]
        )
    f.AssemblyTallyFactory(opinion=city.opinions["voting"], entered_by=hakan)
    f.AssemblyTallyFactory(opinion=city.opinions["sent"], entered_by=hakan, confirmed_by=city.people["selin"])
    f.ProposalFactory(**who, stage=Stage.GENERAL_ASSEMBLY, created_at=now - timedelta(days=9))


LATE = {*PATH[PATH.index(Stage.BOARD) :], Stage.ABANDONED, Stage.MERGED, Stage.SPLIT}


def _go_on(city: City) -> None:
    """Proposals after the vote of their body, before the directorate, merged and taken apart."""
    hakan, now = city.people["hakan"], timezone.now()
    board = f.BodyFactory(council=city.council, kind=BodyKind.EXECUTIVE_BOARD, name="Yürütme Kurulu")
    f.MembershipFactory(body=board, person=hakan, role=Role.SECRETARY)
    whole = f.whole_way(city.council)
    for stage in sorted(LATE, key=list(Stage).index):
        proposal = f.ProposalFactory(
            council=city.council,
            addressed_to=city.group,
            author=city.people["ayse"],
            title=f"Okul yollarında gölgelik {len(city.proposals) + 1}",
            text=TEXT,
            procedure=whole,
            created_at=now - timedelta(days=3),
        )
        match stage:
            case Stage.MERGED:
                into = city[Stage.SUBMITTED]
                actions.merge_proposals(actor=hakan, proposal=proposal, into=into, reason=REASON, at=now)
            case Stage.SPLIT:
                parts = [actions.Part(f"{n}. okulun yolu", "Gölgelik konsun.", TEXT) for n in (1, 2)]
                actions.split_proposal(actor=hakan, proposal=proposal, parts=parts, reason=REASON, at=now)
            case _:
                f.carry(proposal, stage, at=now)
        city.proposals[stage] = Proposal.objects.get(pk=proposal.pk)
    _carry_out(city)


def _carry_out(city: City) -> None:
    """A step that is done, one that was moved and is late, a note; and a review that is open."""
    selin, now = city.people["selin"], timezone.now()
    today = timezone.localdate(now)
    proposal = city[Stage.IMPLEMENTATION]
    about: dict[str, Any] = {"actor": selin, "proposal": proposal, "at": now}
    actions.plan_implementation(unit="Ulaşım Dairesi Başkanlığı", contact="Proje Şefliği", **about)
    first = actions.add_milestone(title="Yerlerin belirlenmesi", planned_on=today - timedelta(days=40), **about)
    second = actions.add_milestone(title="Gölgeliklerin konması", planned_on=today - timedelta(days=20), **about)
    actions.finish_milestone(
        milestone=first.pk,
        done_on=today - timedelta(days=41),
        evidence="On iki okulun yolu gezildi, yerler haritaya işlendi.",
        link="https://belediye.invalid/harita",
        **about,
    )
    actions.move_milestone(
        milestone=second.pk, planned_on=today - timedelta(days=2), reason="Malzeme geç geldi.", **about
    )
    actions.write_progress(text="Gölgeliklerin yarısı yerine kondu.", **about)
    _pay(city, about)
    Proposal.objects.filter(pk=city[Stage.DONE].pk).update(due_at=now)
    actions.open_reviews(at=now)


def _pay(city: City, about: dict[str, Any]) -> None:
    """Two budget lines pay the implementation, one of them with an amount, and it serves an objective; a third one is retired."""
    council, selin, now = city.council, about["actor"], about["at"]
    lines = f"""yıl;kod;ad;birim;tutar;durum
{now.year};46.41.02.30-06.2.0.00-5-06.5;Okul çevrelerinde gölgelik ve oturma alanı yapımı;Ulaşım Dairesi Başkanlığı;4.250.000;
{now.year};46.41.02.30-06.2.0.00-5-03.5;Proje ve danışmanlık hizmetleri;Etüt ve Projeler Dairesi Başkanlığı;;
{now.year};46.41.02.30-06.2.0.00-5-06.7;Eski yol onarımı;;900.000,50;kullanılmıyor"""
    budget.import_budget_lines(actor=selin, council=council, rows=read_lines(lines), at=now)
    plan = """dönem;kod;ad;birim
2025-2029;A1;Kentte erişilebilir, güvenli ve çevreye uyumlu ulaşımı yaygınlaştırmak;
2025-2029;H1.1;Yaya ve bisiklet yollarını bütünleştirmek;Ulaşım Dairesi Başkanlığı
2025-2029;H1.2;Okul çevrelerini çocuklar için güvenli kılmak;Ulaşım Dairesi Başkanlığı
2025-2029;A2;Yeşil alanları artırmak;"""
    budget.import_objectives(actor=selin, council=council, rows=read_objectives(plan), at=now)
    paying = BudgetLine.objects.filter(council=council, is_retired=False).order_by("-code")
    city.line, second = paying
    city.objective = Objective.objects.get(plan__council=council, target=2)
    actions.fund_implementation(line=city.line.pk, amount=Decimal("1250000.50"), **about)
    actions.fund_implementation(line=second.pk, **about)
    actions.serve_objective(objective=city.objective.pk, **about)


def _reach_the_council(city: City) -> None:
    """A decision, one that waits, and an opinion that two people see passed over."""
    found = before_the_council(city.council, city.group, entered_by=city.people["selin"])
    found["missed"] = sent_opinion(city.council, city.group, count=2, sent_at=timezone.now() - timedelta(days=30))
    actions.note_missed_meetings(at=timezone.now())
    city.before_council = found


def _fill_group(city: City) -> None:
    now = timezone.now()
    charter = city.group.charter
    charter.objectives = ["Bisiklet yollarını birleştirmek", "Kavşakları güvenli kılmak"]
    charter.save()
    for position, state in enumerate(ActivityState, start=1):
        PlannedActivity.objects.create(
            charter=charter, position=position, text=f"{position}. çalışma: saha ölçümü", state=state
        )
    PartnerInstitution.objects.create(charter=charter, position=1, name="Kocaeli Üniversitesi")
    city.seat = f.MembershipFactory(body=city.group, person=city.people["mehmet"])
    zeynep = Person.objects.create_user("zeynep@ornek.invalid", PASSWORD, display_name="Zeynep Şahin")
    EmailAddress.objects.create(user=zeynep, email=zeynep.email, primary=True, verified=True)
    new = f.PersonFactory()
    EmailAddress.objects.create(user=new, email=new.email, primary=True, verified=False)
    f.ResidenceFactory(person=zeynep, council=city.council)
    city.people["zeynep"] = zeynep
    tuna = Person.objects.create_user("tuna@ornek.invalid", PASSWORD, display_name="Tuna Kara")
    EmailAddress.objects.create(user=tuna, email=tuna.email, primary=True, verified=True)
    give_app(tuna)
    RecoveryCodes.activate(tuna)
    city.people["tuna"], city.passkey = tuna, give_passkey(tuna)
    f.ResidenceFactory(person=city.people["outsider"], council=city.council, verified=False)
    talking.add_comment(
        actor=city.people["mehmet"], thread=charter.thread, text="Toplantı perşembe olsun.", key=uuid.uuid4(), at=now
    )


def _picture() -> SimpleUploadedFile:
    kept = io.BytesIO()
    Image.new("RGB", (320, 200), "#0a3642").save(kept, "PNG")
    return SimpleUploadedFile("köprü.png", kept.getvalue(), content_type="image/png")


def _proposal(city: City, stage: Stage) -> Proposal:
    """A proposal that went the way to its stage."""
    at = timezone.now() - timedelta(days=3)
    author = city.people["elif"] if stage in {Stage.DRAFT, Stage.GATHERING, Stage.ADOPTED} else city.people["ayse"]
    title = f"Sahil yolunda kesintisiz bisiklet yolu {len(city.proposals) + 1}"
    if stage == Stage.GATHERING:
        title = f"{LONG_WORD} için bank"
    proposal = f.ProposalFactory(
        council=city.council,
        addressed_to=city.group,
        author=author,
        on_behalf_of=city.organisation if author == city.people["elif"] else None,
        title=title,
        text=TEXT,
        district=f.DistrictFactory(council=city.council, name="İzmit"),
        latitude=40.77,
        longitude=29.93,
        stage=Stage.DRAFT,
        created_at=at,
    )
    if stage == Stage.DRAFT:
        return proposal
    if stage == Stage.GATHERING:
        actions.add_attachment(actor=author, proposal=proposal, upload=_picture(), description="Köprüden", at=at)
    actions.submit_proposal(actor=author, proposal=proposal, at=at)
    hakan, derya = city.people["hakan"], city.people["derya"]
    if stage == Stage.INADMISSIBLE:
        actions.find_inadmissible(actor=hakan, proposal=proposal, reason=REASON, reason_code="other", at=at)
    if stage in {Stage.SUBMITTED, Stage.INADMISSIBLE}:
        return Proposal.objects.get(pk=proposal.pk)
    actions.find_admissible(actor=hakan, proposal=proposal, at=at)
    if stage == Stage.UNSUPPORTED:
        Proposal.objects.filter(pk=proposal.pk).update(support_closes_at=at)
        actions.end_support_periods(at=timezone.now())
    elif stage == Stage.WITHDRAWN:
        actions.withdraw_proposal(actor=author, proposal=proposal, reason=REASON, reason_code="other", at=at)
    elif stage == Stage.GATHERING:
        actions.support_proposal(actor=city.people["mehmet"], proposal=proposal, shows_name=True, at=at)
        actions.revise_proposal(
            actor=author,
            proposal=proposal,
            title=title,
            summary="Kopuk parçalar birleştirilsin, kavşaklara bisiklet ışığı konsun, geceleri yansın.",
            text=TEXT.replace("üç yerde", "dört yerde"),
            note="Yeni bir kopukluk bulduk.",
            at=at + timedelta(hours=2),
        )
    else:
        for name in ("mehmet", "nermin", "derya"):
            actions.support_proposal(actor=city.people[name], proposal=proposal, shows_name=True, at=at)
        if stage == Stage.DECLINED:
            actions.decline_in_group(actor=derya, proposal=proposal, reason=REASON, reason_code="other", at=at)
    return Proposal.objects.get(pk=proposal.pk)


def _ask(city: City) -> None:
    """Ballots of a body with options: two that are open, one counted in stages, one whose tie waits for the chair."""
    derya, mehmet = city.people["derya"], city.people["mehmet"]
    parks = [
        "Seka Parkı gece boyu açık kalsın",
        "Doğu Kışla Parkı’na kapalı oyun alanı",
        "Kuruçeşme sahiline bisiklet yolu",
    ]
    set_proxy_rule(
        actor=city.people["hakan"],
        council=city.council,
        scope="bodies",
        limit=1,
        reason="Yürütme kurulu kararı 2026/4",
        at=timezone.now(),
    )
    found = []
    for method, rule in (
        ("stv", {"seats": 2}),
        ("approval", {"most": 2, "allows_blank": True}),
        ("stv", {"seats": 2}),
        ("single", {"tie_rule": "chair"}),
    ):
        now = timezone.now()
        ballot = open_council_ballot(
            actor=derya,
            asked=CouncilBallot(council=city.council, electorate="body", body=city.group),
            question="Önce hangisine başlansın?",
            closes_at=now + timedelta(days=2),
            at=now,
            method=method,
            options=parks,
            **rule,
        )
        found.append(ballot)
    city.ranked_ballot, city.approval_ballot, counted, tied = found
    city.proxy = give_proxy(actor=derya, ballot=city.approval_ballot, holder=mehmet)
    voting.cast_vote(actor=mehmet, ballot=counted, paper="1>2")
    voting.cast_vote(actor=derya, ballot=counted, paper="3>1")
    voting.cast_vote(actor=mehmet, ballot=tied, paper="1")
    voting.cast_vote(actor=derya, ballot=tied, paper="3")
    city.tied_ballot = voting.close_ballot_now(actor=derya, ballot=tied, reason="Herkes oyunu verdi.")
    city.counted_ballot = voting.close_ballot_now(actor=derya, ballot=counted, reason="Herkes oyunu verdi.")


def _vote(city: City) -> None:
    derya, mehmet = city.people["derya"], city.people["mehmet"]
    for stage in (Stage.BALLOT, Stage.ADOPTED):
        now = timezone.now()
        ballot = actions.open_ballot(actor=derya, proposal=city[stage], closes_at=now + timedelta(days=2), at=now)
        voting.cast_vote(actor=mehmet, ballot=ballot, paper="yes")
        city.proposals[stage].refresh_from_db()
        city.ballot = ballot
    voting.cast_vote(actor=derya, ballot=city.ballot, paper="yes")
    voting.close_ballot_now(actor=derya, ballot=city.ballot, reason="Herkes oyunu verdi.")
    city.proposals[Stage.ADOPTED].refresh_from_db()
    city.past_ballot = city.ballot
    city.ballot = city[Stage.BALLOT].ballot_links.get().ballot
    _ask(city)
    city.receipt = VoteRecord.objects.get(ballot=city.ballot, person=mehmet).receipt
    seal()


def _discuss(city: City) -> None:
    ayse, mehmet, derya, now = city.people["ayse"], city.people["mehmet"], city.people["derya"], timezone.now()
    thread = city[Stage.GATHERING].thread
    for number in range(22):
        f.CommentFactory(thread=thread, author=f.PersonFactory(), text=f"{number}. söz, **önemli**.", mark="for")
    reply = f.CommentFactory(parent=thread.comments.first(), author=mehmet, text="Buna katılıyorum.")
    f.CommentFactory(parent=reply, author=ayse, text="Ben de.")

    def say(name: str, text: str, mark: str = "neutral") -> Comment:
        author = f.PersonFactory() if name == "gone" else ayse
        city.comments[name] = talking.add_comment(
            actor=author, thread=thread, text=text, mark=mark, key=uuid.uuid4(), at=now
        )
        return city.comments[name]

    said = say("said", f"@{mehmet.display_name} ne dersiniz? {LONG_WORD}", "against")
    talking.edit_comment(actor=ayse, comment=said, text="Siz ne dersiniz?", at=now)
    talking.report_comment(actor=mehmet, comment=said, reason="off_topic", note="Konu bu değil.", at=now)
    talking.hide_comment(actor=derya, comment=say("hidden", "Kaba bir söz."), reason="Hakaret içeriyor.", at=now)
    talking.delete_comment(actor=ayse, comment=say("deleted", "Vazgeçtim."), at=now)


def _write(city: City) -> None:
    city.draft = city[Stage.DRAFT]
    actions.add_attachment(
        actor=city.draft.author, proposal=city.draft, upload=_picture(), description="", at=timezone.now()
    )


def _ask_to_join(city: City) -> None:
    city.request = joining.ask_to_join(
        actor=city.people["ayse"], body=city.group, message="Her gün bisikletle işe gidiyorum.", at=timezone.now()
    )


def _amend(city: City) -> None:
    """Amendments in every state: two on one paragraph, one that became a version and overtook another, one refused."""
    proposal, now = city[Stage.GATHERING], timezone.now()
    author, mehmet, nermin, ayse = (city.people[name] for name in ("elif", "mehmet", "nermin", "ayse"))

    def ask(who: Person, kind: str, position: int, text: str = "") -> Amendment:
        return actions.propose_amendment(
            actor=who,
            proposal=proposal,
            kind=kind,
            position=position,
            text=text,
            reason="Akşamları oradan geçenler karanlıkta kalıyor.",
            at=now,
        )

    accepted = ask(mehmet, "replace", 3, "- Kopuk parçalar birleştirilsin.\n- Kavşaklara ve köprüye ışık konsun.")
    ask(ayse, "replace", 3, "- Kopuk parçalar birleştirilsin.")
    actions.accept_amendment(actor=author, amendment=accepted, reason="Köprüyü unutmuştuk.", at=now)
    refused = ask(nermin, "remove", 4)
    actions.decline_amendment(
        actor=author, amendment=refused, reason="Bu sözü söyleyen orada her gün geçiyor.", reason_code="other", at=now
    )
    ask(mehmet, "replace", 1, "Körfez’in kuzey kıyısında bisiklet yolu **beş yerde** kesiliyor.")
    ask(nermin, "replace", 1, "Körfez’in bütün kıyısında bisiklet yolu **dört yerde** kesiliyor.")
    ask(nermin, "insert", 5, "Yapım sırasında yaya yolu açık kalsın.")
    discussed = city[Stage.IN_GROUP]
    actions.propose_amendment(
        actor=mehmet,
        proposal=discussed,
        kind="replace",
        position=1,
        text="Körfez’in kuzey kıyısında bisiklet yolu **altı yerde** kesiliyor.",
        reason="İki yeni kesinti daha açıldı.",
        at=now,
    )
