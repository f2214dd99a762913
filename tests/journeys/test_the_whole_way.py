"""A proposal of Adana goes the whole way, from a citizen's words to what was built and its review, through six people's hands.

A visitor reads every step on the same address; programs read the same trace.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from ballots.models import Vote
from councils.models import BodyKind, MunicipalMeeting, OfficerRole, Role
from impact.opendata import writing
from proposals.actions.reviewing import close_reviews, open_reviews
from proposals.models import Proposal
from proposals.stages import Stage
from tests import factories as f
from tests.journeys import doing
from tests.journeys.conftest import soon

pytestmark = pytest.mark.browser
TITLE = "Sivil toplum için ortak çalışma evi"
GROUP = "Demokratik Sivil İradenin Geliştirilmesi"


@pytest.fixture
def cast(adana):
    """Zeynep writes, Kemal supports, Filiz leads the group, Osman is the secretary, Nihal presides, Turgut is an officer."""
    group = f.BodyFactory(council=adana, name=GROUP)
    f.CharterFactory(body=group)
    organs = {
        kind: f.BodyFactory(council=adana, kind=kind, name=str(kind.label))
        for kind in (BodyKind.SECRETARIAT, BodyKind.EXECUTIVE_BOARD, BodyKind.GENERAL_ASSEMBLY)
    }
    people = {
        name: f.PersonFactory(display_name=f"{name} Adanalı", email=f"{name.lower()}@adana.invalid")
        for name in ("Zeynep", "Kemal", "Filiz", "Osman", "Nihal", "Turgut")
    }
    for name in ("Zeynep", "Kemal", "Filiz"):
        f.ResidenceFactory(council=adana, person=people[name])
    f.MembershipFactory(body=group, person=people["Filiz"], role=Role.FACILITATOR)
    f.MembershipFactory(body=organs[BodyKind.SECRETARIAT], person=people["Osman"], role=Role.SECRETARY)
    f.MembershipFactory(body=organs[BodyKind.EXECUTIVE_BOARD], person=people["Nihal"], role=Role.PRESIDENT)
    for name in ("Kemal", "Filiz", "Nihal"):
        f.MembershipFactory(body=organs[BodyKind.GENERAL_ASSEMBLY], person=people[name])
    f.OfficerFactory(council=adana, person=people["Turgut"], role=OfficerRole.DIRECTORATE)
    f.whole_way(adana, support_threshold=2)
    return people


def vote_and_close(opens, voters, chair, address: str) -> None:
    for person in voters:
        page = opens(person)
        page.goto(address)
        before = Vote.objects.count()
        doing.vote(page, "Kabul")
        soon(lambda before=before: Vote.objects.count() == before + 1)
        page.context.close()
    page = opens(chair)
    page.goto(address)
    doing.close_ballot(page)
    page.context.close()


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"form:has([name='{name}']) [name='{name}']:visible").first.fill(value)


def test_a_proposal_of_adana_goes_the_whole_way_in_front_of_everybody(opens, cast, adana, tmp_path, settings):
    zeynep, kemal, filiz, osman, nihal, turgut = cast.values()
    author = opens(zeynep)
    address = doing.write_proposal(author, title=TITLE, council=adana.slug, theme="Sivil toplum", body=GROUP)
    author.context.close()
    proposal = Proposal.objects.get()
    visitor = opens()

    def everybody_reads(stage: Stage) -> None:
        visitor.goto(address)
        expect(visitor.locator("#stage")).to_contain_text(str(stage.label))

    everybody_reads(Stage.SUBMITTED)
    secretary = opens(osman)
    doing.admit(secretary, address)
    everybody_reads(Stage.GATHERING)
    for person in (kemal, filiz):
        page = opens(person)
        doing.support(page, address)
        page.context.close()
    everybody_reads(Stage.IN_GROUP)
    facilitator = opens(filiz)
    doing.open_ballot(facilitator, address)
    vote_and_close(opens, [filiz], filiz, address)
    everybody_reads(Stage.BOARD)

    president = opens(nihal)
    president.goto(address)
    doing.follow(president, "Genel kurulun gündemine al")
    doing.press(president, "Gündeme al")
    everybody_reads(Stage.GENERAL_ASSEMBLY)

    # The general assembly makes it its opinion.
    secretary.goto(f"/{adana.slug}/gorusler/yeni/")
    secretary.get_by_role("checkbox", name=re.compile(proposal.number)).check()
    doing.press(secretary, "Taslağı oluştur")
    doing.follow(secretary, "Burada oylamaya sun")
    doing.press(secretary, "Oylamayı aç")
    opinion_address = secretary.url.split("#")[0]
    vote_and_close(opens, [kemal, filiz, nihal], osman, opinion_address)
    everybody_reads(Stage.OPINION)

    # It is sent, comes on the agenda, and is decided on at that meeting.
    now = timezone.localtime()
    meeting = f.MunicipalMeetingFactory(council=adana, starts_at=now + timedelta(days=10))
    secretary.goto(opinion_address)
    doing.follow(secretary, "Gönderildiğini yaz")
    fill(secretary, sent_on=f"{now:%Y-%m-%d}", registry_number="E-4821")
    doing.press(secretary, "Gönderildi")
    everybody_reads(Stage.SENT)
    expect(visitor.locator("main")).to_contain_text(meeting.name)
    secretary.goto(opinion_address)
    doing.follow(secretary, "Meclisteki adımı gir")
    agenda = secretary.locator("form:has([name='adim'][value='gundem'])")
    agenda.locator("[name='meeting']").select_option(str(meeting.pk))
    agenda.locator("[name$='number']").fill("7")
    agenda.get_by_role("button", name="Kaydet").click()
    everybody_reads(Stage.ON_AGENDA)
    MunicipalMeeting.objects.filter(pk=meeting.pk).update(  # the day has come
        starts_at=timezone.now(), agenda_closes_at=timezone.now() - timedelta(minutes=1)
    )
    held_on = timezone.localdate()
    secretary.goto(opinion_address)
    doing.follow(secretary, "Meclisteki adımı gir")
    doing.follow(secretary, "Meclisin kararını gir")
    secretary.locator("[name='meeting']").select_option(str(meeting.pk))
    fill(
        secretary, decided_on=f"{held_on:%Y-%m-%d}", serial="118", votes_for="31", votes_against="4", votes_abstain="2"
    )
    secretary.locator("input[name^='outcome-'][value='accepted']").check()
    fill(secretary, reasons="Ortak çalışma evi için Seyhan’daki eski halk eğitim binası ayrıldı.")
    doing.press(secretary, "Onaya gönder")
    decision_address = secretary.url.split("#")[0]
    everybody_reads(Stage.ON_AGENDA)  # one person alone moves nothing
    officer = opens(turgut)
    officer.goto(decision_address)
    doing.press(officer, "Onayla")
    everybody_reads(Stage.IMPLEMENTATION)
    expect(visitor.locator("main")).to_contain_text(f"{held_on.year}/118")

    # What is done: a unit, two milestones, the end.
    officer.goto(f"{address}uygulama/")

    def write(deed: str, **fields: str) -> None:
        button = officer.locator(f"button[name='do'][value='{deed}']").first
        form = officer.locator(f"form:has(button[name='do'][value='{deed}'])").first
        if not button.is_visible():
            officer.locator(f"details:has(button[name='do'][value='{deed}']) > summary").first.click()
        for name, value in fields.items():
            form.locator(f"[name$='{name}']").fill(value)
        button.click()

    write("plan", unit="Emlak ve İstimlak Dairesi Başkanlığı")
    for title in ("Binanın onarımı", "Açılış"):
        write("step", title=title, planned_on=f"{held_on + timedelta(days=60):%Y-%m-%d}")
        expect(officer.locator("ol.way")).to_contain_text(title)
    for finished in (1, 2):
        write("finish", done_on=f"{held_on:%Y-%m-%d}", evidence="İş bitti, yerinde görüldü ve tutanağa geçti.")
        expect(officer.locator("ol.way > li.past")).to_have_count(finished)
    write("done", outcome="Ortak çalışma evi açıldı, haftanın her günü kullanılıyor.")
    everybody_reads(Stage.DONE)
    expect(visitor.locator("main")).to_contain_text("Açılış")

    # A year later those who asked for it say whether it happened.
    year_later = timezone.now() + timedelta(days=400)
    assert open_reviews(at=year_later) == 1
    supporter = opens(kemal)
    supporter.goto(f"{address}degerlendirme/")
    supporter.locator("input[name$='answer'][value='yes']").check()
    doing.press(supporter, "Yanıtımı ver")
    assert close_reviews(at=year_later + timedelta(days=60)) == 1
    everybody_reads(Stage.REVIEWED)

    # The same trace for programs.
    told = Client().get(f"/api/v1/councils/{adana.slug}/proposals/{proposal.number}/").json()
    stages = [move["new"] for move in told["moves"]]
    assert stages == [
        "submitted", "gathering", "in_group", "ballot", "board", "general_assembly", "opinion", "sent", "on_agenda",
        "implementation", "done", "reviewed",
    ]  # fmt: skip
    settings.MEDIA_ROOT = str(tmp_path)
    assert trace_of(adana, proposal.number) == stages
    assert str(visitor.url).endswith(address)


def trace_of(council, number: str) -> list[str]:
    """The stages of a proposal as the open data says them."""
    writing.write_open_data(at=timezone.now())
    day = writing.days_of(council)[0]
    text = (writing.root_of(council) / day.isoformat() / "stage_changes.csv").read_text(encoding="utf-8-sig")
    return [row["new"] for row in csv.DictReader(io.StringIO(text)) if row["proposal"] == number]
