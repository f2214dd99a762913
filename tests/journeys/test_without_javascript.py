"""The main journey once more with JavaScript switched off: every step is a form and a page."""

from __future__ import annotations

import re
from functools import partial

import pytest
from playwright.sync_api import expect

from ballots.models import Outcome
from discussions.models import Comment
from proposals.models import Proposal, Support
from proposals.stages import Stage
from tests import factories as f
from tests.journeys import doing

pytestmark = pytest.mark.browser


def test_everything_from_writing_to_the_decision_works_without_javascript(
    opens, elif_, hakan, ayse, nermin, derya, mehmet, ulasim, korfez
):
    f.MembershipFactory(body=ulasim, person=mehmet)
    opens = partial(opens, java_script_enabled=False)

    address = doing.write_proposal(opens(elif_), for_organisation=korfez.name)
    doing.admit(opens(hakan), address)
    for person in (ayse, mehmet, nermin):
        doing.support(opens(person), address)
    proposal = Proposal.objects.get()
    assert (proposal.on_behalf_of, proposal.stage, Support.objects.count()) == (korfez, Stage.IN_GROUP, 3)

    one, other = opens(derya), opens(mehmet)
    doing.open_ballot(one, address)
    one.goto(address)
    doing.comment(one, "Rampanın eğimi yüzde beşi geçmesin.")
    expect(one.locator(".comments")).to_contain_text("yüzde beşi")
    other.goto(address)
    expect(other.locator(".comments")).to_contain_text("yüzde beşi")
    doing.follow(other, re.compile("Yanıtla"))
    other.get_by_label("Yanıtınız").fill("Katılıyorum, üstü de kapalı olsun.")
    doing.press(other, "Gönder")
    expect(other.locator(".replies .comment")).to_contain_text(["üstü de kapalı"])
    assert Comment.objects.count() == 2

    other.goto(address)
    doing.vote(other, "Çekimser")
    expect(other.locator("form.votes [aria-pressed=true]")).to_have_text("Çekimser")
    doing.vote(other, "Kabul")
    expect(other.locator("form.votes [aria-pressed=true]")).to_have_text("Kabul")
    one.goto(address)
    doing.vote(one, "Kabul")
    doing.close_ballot(one)
    expect(one.locator("#ballot")).to_contain_text("Kabul edildi")
    expect(one.locator("#stage")).to_contain_text("Kabul edildi")
    ballot = proposal.ballot_links.get().ballot
    assert (ballot.outcome, ballot.yes_votes, ballot.no_votes, ballot.abstentions) == (Outcome.PASSED, 2, 0, 0)


def test_bad_input_without_javascript_keeps_what_was_typed(opens, ayse, kocaeli, ulasim):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    page = opens(ayse, java_script_enabled=False)
    page.goto(proposal.get_absolute_url())
    page.get_by_role("radio", name="Karşıyım").check()
    page.get_by_label("Yorumunuz").fill("a")
    doing.press(page, "Gönder")
    expect(page.get_by_label("Yorumunuz")).to_have_value("a")
    expect(page.get_by_label("Yorumunuz")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("radio", name="Karşıyım")).to_be_checked()
    assert Comment.objects.count() == 0
