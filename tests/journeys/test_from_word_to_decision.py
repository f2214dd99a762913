"""The main journey: a proposal goes from writing to a decision, in front of everybody."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ballots.models import Outcome, Vote
from proposals.models import Proposal, Support
from proposals.stages import Stage
from tests import factories as f
from tests.journeys import doing
from tests.journeys.conftest import shows, soon

pytestmark = pytest.mark.browser


@pytest.fixture
def members(ulasim, derya, mehmet):
    """Derya leads the transport group, Mehmet is a member; both vote."""
    f.MembershipFactory(body=ulasim, person=mehmet)
    return derya, mehmet


def stay(page: Page) -> None:
    """Mark the page, so that a reload would be seen."""
    page.evaluate("document.body.dataset.stayed = 'yes'")


def stayed(page: Page) -> bool:
    return page.evaluate("document.body.dataset.stayed === 'yes'")


def test_a_proposal_is_written_admitted_supported_discussed_and_decided_in_front_of_everybody(
    opens, elif_, hakan, ayse, nermin, members, korfez, figures
):
    derya, mehmet = members
    author, secretary = opens(elif_), opens(hakan)
    address = doing.write_proposal(author, for_organisation=korfez.name)
    proposal = Proposal.objects.get()
    assert (proposal.author, proposal.on_behalf_of, proposal.stage) == (elif_, korfez, Stage.SUBMITTED)

    watching = opens()
    watching.goto(address)
    stay(watching)
    stage = watching.locator("#stage")
    expect(stage).to_contain_text("Genel sekreterlik")
    doing.admit(secretary, address)
    figures("a stage that the secretary moved, after her own page", soon(shows(stage, Stage.GATHERING.label)))

    for page in (author, secretary):
        page.context.close()

    supports = watching.locator(f"[data-live-value='state:proposal:{proposal.pk}#supports']")
    for count, person in enumerate((ayse, mehmet), start=1):
        supporter = opens(person)
        doing.support(supporter, address)
        figures("a support, after the supporter's own page", soon(shows(supports, str(count))))
        supporter.context.close()
    third = opens(nermin)
    doing.support(third, address)
    soon(shows(stage, Stage.IN_GROUP.label))
    third.context.close()
    assert Support.objects.count() == 3

    one, other = opens(derya), opens(mehmet)
    doing.open_ballot(one, address)
    soon(shows(stage, Stage.BALLOT.label))
    other.goto(address)
    stay(one)
    stay(other)
    for page in (one, other, watching):
        soon(shows(page.locator("[data-live-presence]"), "3"))

    one.get_by_label("Yorumunuz").fill("Rampanın eğimi yüzde beşi geçmesin.")
    doing.press(one, "Gönder")
    fresh = other.get_by_role("button", name="1 yeni yorum · göster")
    figures("a comment, from the press", soon(fresh.is_visible))
    fresh.click()
    expect(other.locator(".comments")).to_contain_text("yüzde beşi")
    other.get_by_label("Yorumunuz").fill("Katılıyorum, üstü de kapalı olsun.")
    doing.press(other, "Gönder")
    figures("the answer, from the press", soon(one.get_by_role("button", name="1 yeni yorum · göster").is_visible))

    ballot = proposal.ballot_links.get().ballot
    yes = f"[data-live-value='state:ballot:{ballot.pk}#yes']"
    doing.vote(other, "Kabul")
    figures("a vote, from the press", soon(shows(one.locator(yes), "1")))
    soon(shows(watching.locator(yes), "1"))
    doing.vote(one, "Kabul")
    figures("the other vote, from the press", soon(shows(other.locator(yes), "2")))
    assert Vote.objects.filter(ballot=ballot).count() == 2
    assert stayed(one)

    doing.close_ballot(one)
    result = re.compile("Kabul edildi")
    figures("the result, after the facilitator's own page", soon(shows(other.locator("#ballot"), "Kabul edildi")))
    soon(shows(stage, Stage.ADOPTED.label))
    expect(one.locator("#ballot")).to_contain_text(result)
    assert stayed(other)
    assert stayed(watching)
    ballot.refresh_from_db()
    assert ballot.outcome == Outcome.PASSED
