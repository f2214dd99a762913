"""The inbox: one's own, in one's language, by pages, marked by POST; the dot costs no page a query."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notifications.models import Notice, Step
from people.models import Language
from proposals.actions.moving import find_admissible, find_inadmissible
from proposals.journal_kinds import ProposalKind
from proposals.stages import Stage
from tests import factories as f

pytestmark = pytest.mark.django_db
INBOX = "/ben/haberler/"
DOT = 'class="dot"'


@pytest.fixture
def notice(proposal, hakan, told) -> Notice:
    """Ayşe's proposal was admitted."""
    find_admissible(actor=hakan, proposal=proposal, at=timezone.now())
    told()
    return Notice.objects.get()


def test_a_notice_says_what_happened_and_what_is_next_by_when(client, ayse, notice, proposal):
    proposal.refresh_from_db()
    client.force_login(ayse)
    page = client.get(INBOX).text
    assert proposal.get_absolute_url() in page
    (line,) = client.get(INBOX).context["lines"]
    assert line.sentence.startswith("Öneri uygun bulundu; şimdi destek topluyor, en geç ")
    assert (line.relation, line.is_read) == ("Yazdığınız öneri", False)


def test_the_reason_of_a_refusal_is_in_the_sentence_in_both_languages(client, ayse, hakan, proposal, told):
    find_inadmissible(
        actor=hakan,
        proposal=proposal,
        reason="Bu konu ilçe belediyesinin\n görevidir.",
        reason_code="other",
        at=timezone.now(),
    )
    told()
    client.force_login(ayse)
    assert (
        "Öneri uygun bulunmadı, gerekçesi: “Bu konu ilçe belediyesinin görevidir”; süreç burada bitti."
        in client.get(INBOX).text
    )
    client.cookies["meydan_language"] = Language.ENGLISH
    assert (
        "The proposal was found inadmissible, because: “Bu konu ilçe belediyesinin görevidir”" in client.get(INBOX).text
    )


def test_the_dot_is_there_until_everything_is_read_and_costs_no_query(client, ayse, mehmet, proposal, notice, kocaeli):
    home = kocaeli.get_absolute_url()
    client.force_login(mehmet)
    client.get(home)
    with CaptureQueriesContext(connection) as without:
        assert DOT not in client.get(home).text
    client.force_login(ayse)
    client.get(home)
    with CaptureQueriesContext(connection) as with_news:
        assert DOT in client.get(home).text
    assert len(with_news) == len(without)
    client.post(reverse("notice_read", args=[notice.pk]))
    assert DOT not in client.get(home).text


def test_one_is_marked_read_by_post_and_leads_back_to_this_site_only(client, ayse, notice):
    client.force_login(ayse)
    address = reverse("notice_read", args=[notice.pk])
    assert client.get(address).status_code == 405
    assert client.post(address, {"next": "https://elsewhere.invalid/"})["Location"] == "/"
    assert client.post(address, {"next": f"{INBOX}?sayfa=x"})["Location"] == f"{INBOX}?sayfa=x"
    first = Notice.objects.get().read_at
    assert first is not None
    client.post(address)
    assert Notice.objects.get().read_at == first


def test_all_are_marked_read_up_to_the_newest_that_was_shown(client, ayse, proposal, notice, record, told):
    client.force_login(ayse)
    newest = client.get(INBOX).context["newest"]
    record(ProposalKind.SUPPORT_REACHED, proposal)
    told()
    client.post(reverse("notice_read_all"), {"until": str(newest)})
    assert [each.read_at is not None for each in Notice.objects.order_by("pk")] == [True, False]
    for wrong in ("", "x", "9" * 30, "-1"):
        assert client.post(reverse("notice_read_all"), {"until": wrong}).status_code == 302
    assert Notice.objects.filter(read_at=None).count() == 1


def test_another_persons_notice_is_as_one_that_is_not_there(client, mehmet, notice):
    client.force_login(mehmet)
    assert client.get(INBOX).context["lines"] == []
    assert client.post(reverse("notice_read", args=[notice.pk])).status_code == 404
    client.post(reverse("notice_read_all"), {"until": str(2**62)})
    assert Notice.objects.get().read_at is None


def test_ten_thousand_are_read_by_pages_with_the_same_few_statements(client, ayse, proposal, notice, record, kocaeli):
    step = Step.objects.get()
    client.force_login(ayse)
    client.get(INBOX)
    with CaptureQueriesContext(connection) as few:
        client.get(INBOX)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE notifications_notice DROP CONSTRAINT one_notice_per_person_and_step")
        cursor.execute(
            "INSERT INTO notifications_notice (step_id, proposal_id, person_id, role, read_at) "
            "SELECT %s, %s, %s, 'author', now() FROM generate_series(1, 9999)",
            [step.pk, proposal.pk, ayse.pk],
        )
    with CaptureQueriesContext(connection) as many:
        first = client.get(INBOX)
    assert len(many) == len(few) <= 4
    second = client.get(INBOX + first.context["page"].next)
    keys = [line.id for answer in (first, second) for line in answer.context["lines"]]
    assert keys == sorted(set(keys), reverse=True)
    assert len(keys) == 60


def test_a_draft_is_never_spoken_of(client, ayse, proposal, notice, kocaeli):
    """A step of what became a draft again, which no move allows, would not be shown either."""
    draft = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)
    Notice.objects.update(proposal=draft)
    client.force_login(ayse)
    assert client.get(INBOX).context["lines"] == []


def test_choices_are_kept_and_a_wrong_word_is_told(client, ayse):
    address = reverse("notice_choices")
    client.force_login(ayse)
    chosen = {"author": "weekly", "amender": "now", "supporter": "never", "commenter": "daily", "follower": "now"}
    chosen |= {"applicant": "now", "joined": "never", "desk": "now"}
    assert client.post(address, chosen)["Location"] == address
    form = client.get(address).context["form"]
    assert {name: field.initial for name, field in form.fields.items()} == chosen
    assert client.post(address, chosen | {"author": "hourly"}).status_code == 422


def test_my_page_and_the_settings_lead_to_them(client, ayse):
    client.force_login(ayse)
    assert f'href="{INBOX}"' in client.get(reverse("me")).text
    for name in ("me", "settings"):
        assert f'href="{reverse("notice_choices")}"' in client.get(reverse(name)).text


def test_an_old_moment_does_not_hide_what_is_due(client, ayse, proposal, record, told):
    """What is due is kept as it was when the step was taken, whatever came later."""
    proposal.due_at = timezone.now() + timedelta(days=9)
    proposal.save()
    record(ProposalKind.FOUND_ADMISSIBLE, proposal, stage=Stage.GATHERING)
    told()
    assert Step.objects.get().due_at is None  # the proposal stood elsewhere by then
    record(ProposalKind.SUPPORT_REACHED, proposal)
    told()
    assert Step.objects.latest("pk").due_at == proposal.due_at
