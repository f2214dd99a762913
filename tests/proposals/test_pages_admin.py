"""Proposals in the administration: looked at, never changed, and drafts not even seen."""

from __future__ import annotations

import pytest

from proposals.models import Proposal
from proposals.stages import Stage
from tests.factories import ProposalFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/proposals/proposal/"


def test_an_administrator_looks_at_proposals_and_never_at_drafts(client, kocaeli, superuser):
    seen = ProposalFactory(council=kocaeli, title="Herkese açık öneri")
    hidden = ProposalFactory(council=kocaeli, stage=Stage.DRAFT, title="Gizli taslak")
    client.force_login(superuser)
    page = client.get(ADDRESS).content.decode()
    assert "Herkese açık öneri" in page
    assert "Gizli taslak" not in page
    assert client.get(f"{ADDRESS}{seen.pk}/change/").status_code == 200
    assert "Gizli taslak" not in client.get(f"{ADDRESS}{hidden.pk}/change/", follow=True).content.decode()


def test_a_forged_post_of_an_administrator_changes_nothing(client, kocaeli, superuser):
    """Attack cases 21 and 65."""
    proposal = ProposalFactory(council=kocaeli)
    client.force_login(superuser)
    data = {
        "stage": "adopted",
        "support_count": "999",
        "title": "Ele geçirildi",
        "form-0-id": proposal.pk,
        "action": "delete_selected",
    }
    for path in (f"{proposal.pk}/change/", f"{proposal.pk}/delete/", "add/", ""):
        client.post(ADDRESS + path, data | {"_selected_action": proposal.pk, "post": "yes"})
    fresh = Proposal.objects.get(pk=proposal.pk)
    assert (fresh.stage, fresh.support_count, fresh.title) == (proposal.stage, 0, proposal.title)


@pytest.mark.parametrize("who", ["ayse", "hakan", "derya"])
def test_nobody_else_enters(client, request, kocaeli, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(ADDRESS).status_code in {302, 403, 404}
