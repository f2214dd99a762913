"""What changed because of somebody: their own page, an organisation's public page, the API, whatever the number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from discussions.models import Thread
from notifications.changed import BECAME, changed_by, changes
from proposals.models import Proposal
from proposals.stages import Stage
from tests import factories as f

pytestmark = pytest.mark.django_db


def mine(client, person) -> list[tuple[str, str]]:
    client.force_login(person)
    return [(line.title, line.sentence) for line in client.get(reverse("me")).context["changed"]["rows"]]


def test_what_i_wrote_supported_or_commented_on_and_what_became_of_it(client, kocaeli, ayse):
    now = timezone.now()

    def proposal(title, stage, hours, **fields):
        return f.ProposalFactory(
            council=kocaeli, title=title, stage=stage, stage_since=now - timedelta(hours=hours), **fields
        )

    proposal("Yazdığım", Stage.IMPLEMENTATION, 1, author=ayse)
    f.SupportFactory(person=ayse, proposal=proposal("Desteklediğim", Stage.DONE, 2))
    talked = proposal("Konuştuğum", Stage.ADOPTED, 3)
    f.CommentFactory(author=ayse, thread=talked.thread)
    f.CommentFactory(author=ayse, thread=talked.thread)
    f.CommentFactory(author=ayse, thread=proposal("Sildiğim", Stage.ADOPTED, 4).thread, deleted_at=now)
    f.FollowFactory(person=ayse, proposal=proposal("Yalnız izlediğim", Stage.ADOPTED, 5))
    for stage in (Stage.DECLINED, Stage.GATHERING, Stage.DRAFT, Stage.ABANDONED):
        proposal(f"Olmayan {stage}", stage, 6, author=ayse)
    assert mine(client, ayse) == [
        ("Yazdığım", "Yazdığınız öneri kabul edildi ve uygulanıyor."),
        ("Desteklediğim", "Desteklediğiniz öneri yapıldı."),
        ("Konuştuğum", "Yorum yazdığınız öneri verildiği organda kabul edildi."),
    ]


def test_the_nearest_role_counts_and_nobody_elses_page_tells_it(client, kocaeli, ayse, mehmet):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DONE, title="Sahile bank")
    f.SupportFactory(person=ayse, proposal=proposal)
    assert mine(client, ayse) == [("Sahile bank", "Yazdığınız öneri yapıldı.")]
    assert mine(client, mehmet) == []
    assert "Sayenizde değişenler" not in client.get(reverse("me")).text


def test_an_organisations_page_tells_everybody_what_changed_because_of_it(client, kocaeli, adana, korfez, elif_):
    f.ProposalFactory(council=kocaeli, author=elif_, on_behalf_of=korfez, stage=Stage.SENT, title="Sahile bank")
    f.ProposalFactory(council=kocaeli, author=elif_, stage=Stage.SENT, title="Kendi adına")
    f.ProposalFactory(council=adana, author=elif_, on_behalf_of=korfez, stage=Stage.SENT, title="Adana’da")
    answer = client.get(reverse("organisation_detail", args=[kocaeli.slug, korfez.slug]))
    assert [line.title for line in answer.context["changed"]["rows"]] == ["Sahile bank"]
    assert "Kuruluşun önerisi genel kurulun görüşü olarak belediye meclisine gönderildi." in answer.text
    assert "Elif Kaya" not in answer.text.partition('id="degisenler"')[2].partition("</section>")[0]
    api = client.get(f"/api/v1/councils/{kocaeli.slug}/organisations/{korfez.slug}/changes/").json()["results"]
    assert [(each["title"], each["role"], each["stage"]) for each in api] == [("Sahile bank", "organisation", "sent")]


def test_a_thousand_are_read_by_pages_with_one_statement(client, kocaeli, ayse):
    first = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DONE)
    kept = {
        field.attname: getattr(first, field.attname)
        for field in Proposal._meta.concrete_fields
        if not field.primary_key
        and not field.generated
        and field.attname not in {"key", "thread_id", "number", "serial"}
    } | {"text": "Kısa.", "summary": "Kısa."}
    threads = Thread.objects.bulk_create([Thread(policy="proposals.proposal") for _ in range(999)])
    Proposal.objects.bulk_create(
        [
            Proposal(**kept, number=f"KOC-{first.year}-{n}", serial=n, thread=threads[n - 2_000])
            for n in range(2_000, 2_999)
        ]
    )
    with CaptureQueriesContext(connection) as asked:
        lines = changes(changed_by(ayse).order_by("-stage_since", "-pk")[:10])
    assert (len(lines), len(asked)) == (10, 1)
    client.force_login(ayse)
    page = client.get(reverse("me")).context["changed"]
    following = client.get(reverse("me") + page["next"]).context["changed"]
    seen = [line.number for each in (page, following) for line in each["rows"]]
    assert len(set(seen)) == 20


def test_every_stage_that_changes_something_has_a_word():
    assert set(BECAME) == {
        Stage.ADOPTED, Stage.BOARD, Stage.GENERAL_ASSEMBLY, Stage.OPINION, Stage.SENT, Stage.ON_AGENDA,
        Stage.IN_COMMISSION, Stage.IMPLEMENTATION, Stage.DONE, Stage.REVIEWED,
    }  # fmt: skip


def test_the_api_tells_me_mine(client, kocaeli, ayse, mehmet):
    f.SupportFactory(person=ayse, proposal=f.ProposalFactory(council=kocaeli, stage=Stage.DONE, title="Sahile bank"))
    client.force_login(ayse)
    (found,) = client.get("/api/v1/me/changes/").json()["results"]
    assert (found["title"], found["role"], found["sentence"]) == (
        "Sahile bank",
        "supporter",
        "Desteklediğiniz öneri yapıldı.",
    )
    client.force_login(mehmet)
    assert client.get("/api/v1/me/changes/").json()["results"] == []
