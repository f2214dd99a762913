"""What becomes of an accepted proposal: the directorate's steps with evidence, its end, and the review a year later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from participation.awaited import awaited_of
from people.verdicts import Refused
from proposals import actions
from proposals.models import (
    Answer,
    Attachment,
    Implementation,
    Milestone,
    MilestoneChange,
    ProgressNote,
    Proposal,
    Review,
    ReviewAnswer,
    Unit,
)
from proposals.reading.implementation import implementations, narrowed, share_done, standing
from proposals.stages import Stage
from proposals.tasks import keep_reviews
from tests import factories as f
from tests.proposals import test_attachments

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
SAID = "Bisiklet yolunun ilk bölümü açıldı."
YEAR = timedelta(days=400)
"""After it the day of the review has come, on whatever day of the week it falls."""


def picture():
    return SimpleUploadedFile("kanit.png", test_attachments.picture())


@pytest.fixture(autouse=True)
def files_elsewhere(settings, tmp_path):
    options = {"location": str(tmp_path)}
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": files}


@pytest.fixture
def work(kocaeli, ulasim, ayse):
    """A proposal of Ayşe's that is being carried out."""
    proposal = f.ProposalFactory(
        council=kocaeli, addressed_to=ulasim, author=ayse, procedure=f.whole_way(kocaeli), created_at=NOW
    )
    return f.carry(proposal, Stage.IMPLEMENTATION, at=NOW)


@pytest.fixture
def step(work, selin):
    return actions.add_milestone(actor=selin, proposal=work, title="Proje ihalesi", planned_on=TODAY, at=NOW)


def finished(work, selin, step, **more):
    values = {"done_on": TODAY, "evidence": SAID} | more
    return actions.finish_milestone(actor=selin, proposal=work, milestone=step.pk, at=NOW, **values)


@pytest.fixture
def finish(work, selin):
    """The proposal, done today; Mehmet's support is asked for too."""
    return actions.finish_implementation(actor=selin, proposal=work, outcome=SAID, why_open=SAID, at=NOW)


@pytest.fixture
def asked(finish, mehmet):
    f.SupportFactory(proposal=finish, person=mehmet)
    assert actions.open_reviews(at=NOW + YEAR) == 1
    return finish


def test_the_directorate_names_the_unit_and_the_list_of_units_grows_by_new_names_alone(work, selin):
    for name in ("Ulaşım Dairesi Başkanlığı", "  ulaşım dairesi  başkanlığı", "Fen İşleri"):
        begun = actions.plan_implementation(actor=selin, proposal=work, unit=name, contact="Proje Şefliği", at=NOW)
    assert sorted(Unit.objects.values_list("name", flat=True)) == ["Fen İşleri", "Ulaşım Dairesi Başkanlığı"]
    assert (begun.unit.name, begun.contact) == ("Fen İşleri", "Proje Şefliği")
    assert Entry.objects.filter(kind="proposals.unit_named").count() == 2


@pytest.mark.parametrize("contact", ["ali@belediye.invalid", "0262 000 00 00"])
def test_a_contact_is_a_post_and_no_address_of_a_person(work, selin, contact):
    with pytest.raises(ValidationError, match="görevin adını"):
        actions.plan_implementation(actor=selin, proposal=work, unit="Fen İşleri", contact=contact, at=NOW)
    assert (Unit.objects.count(), Implementation.objects.count()) == (0, 0)


def test_progress_is_the_share_of_done_steps():
    assert [share_done(*each) for each in [(0, 0), (0, 3), (1, 3), (2, 3), (3, 3)]] == [0, 0, 33, 66, 100]


def test_a_moved_day_says_from_when_to_when_and_why(work, selin, step):
    later = TODAY + timedelta(days=40)
    why = "İhaleye katılan olmadı, yenilenecek."
    for _click in range(2):
        moved = actions.move_milestone(
            actor=selin, proposal=work, milestone=step.pk, planned_on=later, reason=why, at=NOW
        )
    assert moved.planned_on == later
    assert list(MilestoneChange.objects.values_list("old", "new", "reason", "actor")) == [(TODAY, later, why, selin.pk)]
    assert Entry.objects.filter(kind="proposals.milestone_moved").count() == 1
    with pytest.raises(ValidationError, match="10 harf"):
        actions.move_milestone(actor=selin, proposal=work, milestone=step.pk, planned_on=TODAY, reason="Olmadı", at=NOW)


def test_a_done_step_has_its_day_a_sentence_and_a_file_checked_by_its_content(work, selin, step):
    done = finished(work, selin, step, link="https://belediye.invalid/ihale", file=picture())
    assert (done.done_on, done.evidence, done.done_by, done.file.kind) == (TODAY, SAID, selin, "image")
    assert done.file.proposal_id == work.pk
    stands = standing(work, at=NOW)
    assert (stands.share, stands.steps) == (100, [(done, False)])
    with pytest.raises(Refused, match="daha önce tamamlandı"):
        finished(work, selin, step)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"evidence": "Bitti."}, "evidence"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "https://ali:parola@belediye.invalid/"}, "link"),
        ({"done_on": TODAY + timedelta(days=1)}, "done_on"),
        ({"done_on": date(1, 1, 1)}, "done_on"),
        ({"file": SimpleUploadedFile("kanit.pdf", b"<script>alert(1)</script>")}, "file"),
    ],
)
def test_evidence_that_cannot_be_kept_leaves_the_step_open(work, selin, step, more, field):
    with pytest.raises(ValidationError) as found:
        finished(work, selin, step, **more)
    assert set(found.value.message_dict) == {field}
    step.refresh_from_db()
    assert (step.done_on, Attachment.objects.count()) == (None, 0)


@pytest.mark.parametrize("who", ["ayse", "derya", "hakan", "stranger"])
def test_nobody_but_the_council_s_own_directorate_writes(request, adana, work, step, who):
    person = f.OfficerFactory(council=adana).person if who == "stranger" else request.getfixturevalue(who)
    before = Entry.objects.count()
    calls = (
        lambda: actions.plan_implementation(actor=person, proposal=work, unit="Fen İşleri", contact="", at=NOW),
        lambda: actions.add_milestone(actor=person, proposal=work, title="Başka adım", planned_on=TODAY, at=NOW),
        lambda: actions.move_milestone(
            actor=person, proposal=work, milestone=step.pk, planned_on=TODAY + YEAR, reason=SAID, at=NOW
        ),
        lambda: finished(work, person, step),
        lambda: actions.write_progress(actor=person, proposal=work, text=SAID, at=NOW),
        lambda: actions.finish_implementation(actor=person, proposal=work, outcome=SAID, why_open=SAID, at=NOW),
        lambda: actions.abandon_implementation(
            actor=person, proposal=work, reason=SAID, reason_code="no_budget", at=NOW
        ),
    )
    for call in calls:
        with pytest.raises(Refused):
            call()
    assert (Entry.objects.count(), Milestone.objects.count(), Unit.objects.count()) == (before, 1, 0)


def test_a_step_of_another_proposal_is_not_found_and_takes_no_file(kocaeli, work, selin, step):
    other = f.carry(f.ProposalFactory(council=kocaeli, procedure=work.procedure), Stage.IMPLEMENTATION, at=NOW)
    with pytest.raises(ValidationError, match="böyle bir adımı yok"):
        finished(other, selin, step, file=picture())
    step.refresh_from_db()
    assert (step.done_on, Attachment.objects.count()) == (None, 0)


def test_a_proposal_with_open_steps_is_done_only_with_the_reason_why(work, selin, step):
    with pytest.raises(ValidationError) as found:
        actions.finish_implementation(actor=selin, proposal=work, outcome=SAID, at=NOW)
    assert set(found.value.message_dict) == {"why_open"}
    done = actions.finish_implementation(
        actor=selin, proposal=work, outcome=SAID, why_open="İhale ikinci yıla kaldı.", at=NOW
    )
    assert done.stage == Stage.DONE
    assert timedelta(days=364) < done.due_at - NOW < YEAR
    begun = Implementation.objects.get(proposal=work)
    assert (begun.outcome, begun.why_open, begun.done_at) == (SAID, "İhale ikinci yıla kaldı.", NOW)


def test_what_is_given_up_says_why_and_of_which_kind(work, selin):
    with pytest.raises(ValidationError, match="türünü seçin"):
        actions.abandon_implementation(actor=selin, proposal=work, reason=SAID, reason_code="personal", at=NOW)
    work.refresh_from_db()
    gone = actions.abandon_implementation(
        actor=selin, proposal=work, reason="Güzergâh sit alanında kaldı.", reason_code="legal", at=NOW
    )
    assert (gone.stage, gone.ended_at) == (Stage.ABANDONED, NOW)


def test_a_year_later_the_author_and_the_supporters_are_asked_once(finish, ayse, mehmet):
    f.SupportFactory(proposal=finish, person=mehmet)
    f.SupportFactory(proposal=finish, person=ayse)
    assert actions.open_reviews(at=NOW + timedelta(days=364)) == 0
    assert [actions.open_reviews(at=NOW + YEAR) for _again in range(2)] == [1, 0]
    review = Review.objects.get()
    assert (review.asked, review.closes_at - review.opened_at) == (2, timedelta(days=30))
    for person in (ayse, mehmet):
        assert [each.question for each in awaited_of(person, at=NOW + YEAR)] == [finish.title]
    actions.answer_review(actor=ayse, proposal=finish, answer="yes", sentence="Her gün kullanıyorum.", at=NOW + YEAR)
    assert awaited_of(ayse, at=NOW + YEAR) == []


def test_everybody_asked_answers_once_and_nobody_else(asked, ayse, derya):
    at = NOW + YEAR
    actions.answer_review(actor=ayse, proposal=asked, answer=Answer.PARTLY, at=at)
    for person, words in ((ayse, "bir kez"), (derya, "destekleyenler")):
        with pytest.raises(Refused, match=words):
            actions.answer_review(actor=person, proposal=asked, answer=Answer.NO, at=at)
    assert list(ReviewAnswer.objects.values_list("person", "answer")) == [(ayse.pk, "partly")]
    with pytest.raises(IntegrityError, match="one_answer_per_person_in_a_review"), transaction.atomic():
        Review.objects.get().answers.create(person=ayse, answer="no", at=at)


def test_the_review_ends_after_thirty_days_with_its_numbers(asked, ayse, mehmet):
    actions.answer_review(actor=ayse, proposal=asked, answer="yes", at=NOW + YEAR)
    actions.answer_review(actor=mehmet, proposal=asked, answer="no", at=NOW + YEAR)
    assert actions.close_reviews(at=NOW + YEAR + timedelta(days=29)) == 0
    assert [actions.close_reviews(at=NOW + YEAR + timedelta(days=30)) for _again in range(2)] == [1, 0]
    review = Review.objects.get()
    asked.refresh_from_db()
    assert (asked.stage, review.yes, review.partly, review.no) == (Stage.REVIEWED, 1, 0, 1)
    assert Entry.objects.get(kind="proposals.reviewed").facts["no"] == 1


def test_after_its_end_no_answer_is_taken(asked, ayse):
    with pytest.raises(Refused, match="süresi bitti"):
        actions.answer_review(actor=ayse, proposal=asked, answer="yes", at=NOW + YEAR + timedelta(days=30))


def test_the_task_asks_and_counts_by_the_database_s_clock(finish, client):
    type(finish).objects.filter(pk=finish.pk).update(due_at=NOW - timedelta(days=1))
    assert [keep_reviews.run() for _again in range(2)] == [1, 0]
    Review.objects.update(opened_at=NOW - timedelta(days=31), closes_at=NOW - timedelta(days=1))
    assert [keep_reviews.run() for _again in range(2)] == [1, 0]
    page = client.get(finish.get_absolute_url()).content.decode()
    assert "1 kişiye soruldu, kimse yanıtlamadı." in page


@pytest.mark.parametrize("change", ["UPDATE", "DELETE"])
def test_what_was_said_is_never_changed(work, selin, step, asked, ayse, change):
    step.changes.create(old=TODAY, new=TODAY + YEAR, reason=SAID, actor=selin, at=NOW)
    step.implementation.notes.create(text=SAID, author=selin, at=NOW)
    actions.answer_review(actor=ayse, proposal=asked, answer="yes", at=NOW + YEAR)
    for model in (MilestoneChange, ProgressNote, ReviewAnswer):
        table = model._meta.db_table
        words = f"UPDATE {table} SET at = now()" if change == "UPDATE" else f"DELETE FROM {table}"
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words)


def test_the_page_of_the_office_does_each_deed_and_the_proposal_s_page_tells_it(client, kocaeli, work, selin):
    url = reverse("proposal_implementation", args=[kocaeli.slug, work.number])
    client.force_login(selin)
    assert client.get(url).status_code == 200
    for sent in (
        {"do": "plan", "plan-unit": "Ulaşım Dairesi", "plan-contact": "Proje Şefliği"},
        {"do": "step", "step-title": "Proje ihalesi", "step-planned_on": "2020-03-01"},
        {"do": "note", "note-text": "Güzergâh belirlendi."},
    ):
        assert client.post(url, sent).status_code == 302, sent
    pk = Milestone.objects.get().pk
    page = client.get(work.get_absolute_url()).content.decode()
    for words in ("Ulaşım Dairesi", "Proje Şefliği", "Gecikti", "1 Mart 2020", "Güzergâh belirlendi."):
        assert words in page
    for sent in (
        {"do": "finish", "milestone": pk, f"finish{pk}-done_on": "", f"finish{pk}-evidence": "Kısa"},
        {"do": "finish", "milestone": "x", "finish0-done_on": "2026-01-01", "finish0-evidence": SAID},
        {"do": "done", "done-outcome": SAID},
        {"do": "yok"},
    ):
        assert client.post(url, sent).status_code == 422, sent
    kept = {f"finish{pk}-done_on": str(TODAY), f"finish{pk}-evidence": SAID, f"finish{pk}-file": picture()}
    assert client.post(url, {"do": "finish", "milestone": pk, **kept}).status_code == 302
    for _click in range(2):
        assert client.post(url, {"do": "done", "done-outcome": SAID}).status_code == 302
    page = client.get(work.get_absolute_url()).content.decode()
    assert "1 adımdan 1 tamamlandı" in page
    assert reverse("proposal_attachment", args=["kocaeli", Attachment.objects.get().pk]) in page


def test_the_review_s_page_takes_one_answer(client, kocaeli, asked, mehmet, derya):
    type(asked).objects.filter(pk=asked.pk).update(due_at=NOW + YEAR)
    Review.objects.update(opened_at=NOW, closes_at=NOW + timedelta(days=30))
    url = reverse("proposal_review", args=[kocaeli.slug, asked.number])
    client.force_login(mehmet)
    assert "Oldu mu?" in client.get(url).content.decode()
    assert client.post(url, {"answer": "belki"}).status_code == 422
    for answer in ("yes", "no"):
        assert client.post(url, {"answer": answer, "sentence": "Yol açıldı."}).status_code == 302
    assert list(ReviewAnswer.objects.values_list("answer", flat=True)) == ["yes"]
    assert "Yol açıldı." in client.get(asked.get_absolute_url()).content.decode()
    client.force_login(derya)
    assert client.post(url, {"answer": "no"}).status_code == 403


def test_the_council_s_list_is_narrowed_by_state_unit_and_year(kocaeli, adana, work, selin, step):
    actions.plan_implementation(actor=selin, proposal=work, unit="Fen İşleri", contact="", at=NOW)
    tomorrow = NOW + timedelta(days=1)
    rows = implementations(kocaeli, at=tomorrow)
    assert [(row.is_late, row.next_title, row.steps, row.done_steps) for row in rows] == [(True, step.title, 1, 0)]
    assert implementations(adana, at=NOW).count() == 0
    for words, count in (
        ({"state": "geciken"}, 1),
        ({"state": "suren", "unit": "fen-isleri", "year": TODAY.year}, 1),
        ({"state": "yapilan"}, 0),
        ({"state": "uygulanamayan"}, 0),
        ({"unit": "yok"}, 0),
        ({"year": 1999}, 0),
    ):
        assert narrowed(rows, **words).count() == count, words
    assert narrowed(implementations(kocaeli, at=NOW), state="geciken").count() == 0


@pytest.mark.parametrize("year", ["0000", "0001", "9999", "²025", "20251", ""])
def test_an_address_with_a_year_that_is_none_shows_all_and_years_are_those_that_something_began_in(
    client, kocaeli, work, selin, year
):
    actions.plan_implementation(actor=selin, proposal=work, unit="Fen İşleri", contact="", at=NOW)
    answer = client.get(reverse("implementation_list", args=[kocaeli.slug]), {"yil": year})
    assert (answer.status_code, len(answer.context["page"].items)) == (200, 1)
    assert list(answer.context["years"]) == [TODAY.year]


def test_the_list_costs_the_same_however_long_it_is(client, kocaeli, work, selin, step, django_assert_num_queries):
    url = reverse("implementation_list", args=[kocaeli.slug])
    client.get(url)
    counts = []
    for _round in range(2):
        with django_assert_num_queries(5, exact=False) as captured:
            assert client.get(url + f"?durum=suren&x={_round}").status_code == 200
        counts.append(len(captured))
        for _more in range(3):
            more = f.carry(f.ProposalFactory(council=kocaeli, procedure=work.procedure), Stage.IMPLEMENTATION, at=NOW)
            actions.add_milestone(actor=selin, proposal=more, title="Keşif yapılacak", planned_on=TODAY, at=NOW)
    assert counts[0] == counts[1]


def test_the_desk_shows_what_is_late_first(client, kocaeli, work, selin, hakan, step):
    early = f.carry(f.ProposalFactory(council=kocaeli, procedure=work.procedure), Stage.IMPLEMENTATION, at=NOW)
    actions.add_milestone(
        actor=selin, proposal=early, title="Keşif yapılacak", planned_on=TODAY - timedelta(days=9), at=NOW
    )
    for person in (selin, hakan):
        client.force_login(person)
        page = client.get(reverse("desk", args=[kocaeli.slug]) + "?bolum=uygulamalar").content.decode()
        assert 0 < page.index(early.title) < page.index(work.title)


def test_nothing_is_late_any_more_once_the_work_has_ended(client, work, selin, step):
    later = NOW + timedelta(days=9)
    api = f"/api/v1/councils/kocaeli/proposals/{work.number}/implementation/"

    def late():
        return [is_late for _step, is_late in standing(Proposal.objects.get(pk=work.pk), at=later).steps]

    assert late() == [True]
    Milestone.objects.update(planned_on=TODAY - timedelta(days=3))
    assert [each["is_late"] for each in client.get(api).json()["milestones"]] == [True]
    actions.abandon_implementation(actor=selin, proposal=work, reason=SAID, reason_code="legal", at=NOW)
    assert late() == [False]
    assert [each["is_late"] for each in client.get(api).json()["milestones"]] == [False]
