"""Case 143: somebody presses again, or does something else in another window, while the first is still under way."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from people.verdicts import Refused
from proposals import actions
from proposals.models import Attachment, Proposal
from proposals.stages import Stage
from tests import factories as f
from tests.proposals.test_attachments import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(kocaeli, ayse, monkeypatch):
    """A draft that is discarded between being found and being locked."""
    from proposals.actions import moving

    def discarded_before(pks):
        Proposal.objects.filter(pk__in=pks).delete()
        return all_locked(pks)

    all_locked = moving.all_locked
    monkeypatch.setattr(moving, "all_locked", discarded_before)
    return f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)


def test_143_a_draft_that_was_discarded_in_another_window_is_gone_and_no_fault(client, kocaeli, ayse, gone):
    client.force_login(ayse)
    answer = client.post(reverse("api-submit", args=["kocaeli", gone.key]), {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (404, "gone")


@pytest.mark.parametrize("act", ["save", "attach", "page"])
def test_143_whatever_is_done_with_a_discarded_draft_is_refused(client, kocaeli, ayse, gone, media, act):
    client.force_login(ayse)
    if act == "save":
        body = json.dumps({"title": "Başka bir başlık"})
        path = reverse("api-draft", args=["kocaeli", gone.key])
        assert client.patch(path, body, content_type="application/json").status_code == 404
    elif act == "page":
        answer = client.post(reverse("proposal_draft_step", args=["kocaeli", gone.key, "onizleme"]), {"do": "submit"})
        assert answer.status_code == 403
        assert "bu arada silindi" in answer.content.decode()
    else:
        upload = SimpleUploadedFile("ek.png", picture(), "image/png")
        with pytest.raises(Refused, match="silindi"):
            actions.add_attachment(actor=ayse, proposal=gone, upload=upload, at=timezone.now())
        assert Attachment.objects.count() == 0
        assert not any(path.is_file() for path in media.rglob("*"))
