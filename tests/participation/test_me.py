"""A person's own page: theirs alone, complete, and fast."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from councils.middleware import LAST_COUNCIL
from discussions.models import Mention
from proposals.actions.moving import find_admissible
from proposals.stages import Stage
from tests import factories as f
from workinggroups.actions import ask_to_join, end_membership


def page(client, person) -> str:
    client.force_login(person)
    answer = client.get(reverse("me"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_visitor_logs_in_first(client, db):
    assert client.get(reverse("me"))["Location"] == f"{reverse('account_login')}?next=/ben/"


def test_drafts_go_on_where_they_were_left_and_are_mine_alone(client, ayse, mehmet, kocaeli):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT, title="Yarım kalan öneri")
    mine = page(client, ayse)
    assert "Yarım kalan öneri" in mine
    assert draft.get_absolute_url() in mine
    assert "Yarım kalan öneri" not in page(client, mehmet)


def test_what_i_wrote_and_what_i_support_or_follow(client, ayse, kocaeli):
    f.ProposalFactory(council=kocaeli, author=ayse, title="Yazdığım öneri")
    f.SupportFactory(
        person=ayse, proposal=f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, title="Desteklediğim öneri")
    )
    f.FollowFactory(person=ayse, proposal=f.ProposalFactory(council=kocaeli, title="Takip ettiğim öneri"))
    f.ProposalFactory(council=kocaeli, title="Benimle ilgisiz öneri")
    client.force_login(ayse)
    context = client.get(reverse("me")).context
    assert [row.proposal.title for row in context["written"]["rows"]] == ["Yazdığım öneri"]
    assert [row.proposal.title for row in context["followed"]["rows"]] == ["Takip ettiğim öneri", "Desteklediğim öneri"]


def test_news_tells_the_moves_of_my_proposals_newest_first(client, ayse, kocaeli, hakan):
    now = timezone.now()
    mine = f.ProposalFactory(council=kocaeli, author=ayse)
    followed = f.FollowFactory(person=ayse, proposal=f.ProposalFactory(council=kocaeli)).proposal
    strange = f.ProposalFactory(council=kocaeli)
    for minutes, proposal in enumerate((mine, strange, followed)):
        find_admissible(actor=hakan, proposal=proposal, at=now + timedelta(minutes=minutes))
    client.force_login(ayse)
    assert [line.title for line in client.get(reverse("me")).context["news"]] == [followed.title, mine.title]


def test_a_mention_is_shown_where_i_may_read_it(client, ayse, kocaeli, ulasim):
    public = f.ProposalFactory(council=kocaeli).thread
    closed = ulasim.charter
    closed.is_discussion_public = False
    closed.save()
    for thread, text in ((public, "Sizin görüşünüz ne?"), (closed.thread, "Üyeler arasında kalan söz")):
        Mention.objects.create(comment=f.CommentFactory(thread=thread, text=text), person=ayse)
    hidden = f.CommentFactory(thread=public, text="Silinmiş söz", deleted_at=timezone.now())
    Mention.objects.create(comment=hidden, person=ayse)
    before = page(client, ayse)
    assert "Sizin görüşünüz ne?" in before
    assert "Üyeler arasında kalan söz" not in before
    assert "Silinmiş söz" not in before
    f.MembershipFactory(body=ulasim, person=ayse)
    assert "Üyeler arasında kalan söz" in page(client, ayse)


def test_where_i_sit_what_i_asked_and_whom_i_represent(client, elif_, korfez, derya, ulasim, kadin):
    f.MembershipFactory(body=kadin, person=elif_)
    ask_to_join(actor=elif_, body=ulasim, at=timezone.now())
    mine = page(client, elif_)
    for text in ("Kadın Meclisi", "Ulaşım Çalışma Grubu", "Bekliyor", korfez.name):
        assert text in mine


def test_an_ended_seat_tells_its_reason(client, ayse, derya, ulasim):
    seat = f.MembershipFactory(body=ulasim, person=ayse)
    end_membership(actor=derya, membership=seat, reason="Üç toplantıdır katılmadı.", at=timezone.now())
    assert "Üç toplantıdır katılmadı." in page(client, ayse)


def test_residence_says_what_to_do_next(client, ayse, outsider, kocaeli):
    assert "önerilerine destek verebilirsiniz" in page(client, ayse)
    assert "oturduğunuz ilçeyi bildirin" in page(client, outsider)
    f.ResidenceFactory(person=outsider, council=kocaeli, verified=False)
    told = page(client, outsider)
    assert "Kimlik kartı ve yerleşim yeri belgesi" in told
    residence = outsider.residence
    residence.council.verification_desk = {"address": "Cumhuriyet Meydanı 1", "hours": "Hafta içi", "phone": "262"}
    residence.council.sample_fields = ["verification_desk"]
    residence.council.save()
    for told in (page(client, outsider), client.get(reverse("settings")).content.decode()):
        for word in ("Cumhuriyet Meydanı 1", "Hafta içi", "262", "Kimlik kartı ve yerleşim yeri belgesi", "örnek"):
            assert word in told


def test_desks_are_offered_to_those_who_have_one(client, ayse, hakan, kocaeli):
    address = reverse("desk", args=[kocaeli.slug])
    assert address in page(client, hakan)
    assert address not in page(client, ayse)


def test_lists_are_read_by_pages(client, ayse, kocaeli):
    for number in range(23):
        f.ProposalFactory(council=kocaeli, author=ayse, created_at=timezone.now() - timedelta(minutes=number))
    client.force_login(ayse)
    first = client.get(reverse("me")).context["written"]
    second = client.get(reverse("me") + first["next"]).context["written"]
    assert (len(first["rows"]), len(second["rows"]), second["next"]) == (20, 3, None)


def test_the_page_costs_the_same_with_much_on_it(
    client, elif_, kocaeli, hakan, derya, ulasim, django_assert_max_num_queries
):
    for _ in range(12):
        mine = f.ProposalFactory(council=kocaeli, author=elif_)
        find_admissible(actor=hakan, proposal=mine, at=timezone.now())
        f.ProposalFactory(council=kocaeli, author=elif_, stage=Stage.DRAFT)
        f.SupportFactory(person=elif_, proposal=f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING))
        Mention.objects.create(comment=f.CommentFactory(thread=mine.thread), person=elif_)
    ask_to_join(actor=elif_, body=ulasim, at=timezone.now())
    client.force_login(elif_)
    with django_assert_max_num_queries(31):
        client.get(reverse("me"))


# --- After logging in -----------------------------------------------------------------------------
def after_login(client, person, *, last="") -> str:
    client.cookies.clear()
    client.force_login(person)
    if last:
        client.cookies[LAST_COUNCIL] = last
    return client.get(reverse("after_login"))["Location"]


def test_whoever_has_a_desk_begins_there(client, adana, kocaeli, hakan, derya, selin):
    desk = reverse("desk", args=[kocaeli.slug])
    for person in (hakan, derya, selin):
        assert after_login(client, person) == desk
        assert after_login(client, person, last=adana.slug) == desk
    f.OfficerFactory(council=adana, person=selin)
    assert after_login(client, selin, last=adana.slug) == reverse("desk", args=[adana.slug])


def test_others_begin_at_the_council_visited_last_else_at_their_own(client, adana, kocaeli, ayse):
    assert after_login(client, ayse, last=adana.slug) == adana.get_absolute_url()
    assert after_login(client, ayse, last="yok") == kocaeli.get_absolute_url()
    assert after_login(client, ayse) == kocaeli.get_absolute_url()
    assert after_login(client, f.PersonFactory()) == reverse("home")


# --- The council that navigation leads back to ----------------------------------------------------
def test_any_page_of_a_council_is_remembered_for_whoever_is_signed_in(client, ayse, kocaeli, adana):
    client.force_login(ayse)
    proposal = f.ProposalFactory(council=adana, stage=Stage.GATHERING)
    home = f'class="brand" href="{adana.get_absolute_url()}"'
    assert home not in client.get(reverse("me")).content.decode()
    client.get(proposal.get_absolute_url())
    assert client.cookies[LAST_COUNCIL].value == adana.slug
    assert home in client.get(reverse("me")).content.decode()


def test_a_visitor_on_a_proposal_gets_the_page_of_everybody_without_a_cookie(client, kocaeli):
    answer = client.get(f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING).get_absolute_url())
    assert LAST_COUNCIL not in answer.cookies


def test_whoever_logs_in_from_a_council_keeps_its_navigation(client, kocaeli, adana):
    home = f'class="brand" href="{kocaeli.get_absolute_url()}"'
    login = reverse("account_login")
    assert home in client.get(login, {"next": f"{kocaeli.get_absolute_url()}oneriler/"}).content.decode()
    for elsewhere in ("/", "/ben/", "/yok/", "//ornek.invalid/kocaeli/", ""):
        assert home not in client.get(login, {"next": elsewhere}).content.decode()
