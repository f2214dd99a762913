"""The office's list: who may enter it, numbers of another council, and files for spreadsheets."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from django.urls import reverse

from documents.cells import original
from people.verdicts import Refused
from proposals import actions
from proposals.actions.bulk import Deed, Order
from proposals.models import Proposal, SavedView, Tagging
from proposals.stages import Stage
from tests import factories as f

pytestmark = pytest.mark.django_db
K = "kocaeli"
STRANGERS = ("outsider", "ayse", "member", "facilitator", "president", "centre", "neighbour", "superuser")


def test_046_an_order_of_somebody_outside_the_office_leaves_no_trace(world):
    """Case 46: other councils' officers, facilitators and visitors change nothing, by page or by action."""
    submitted = world.things.submitted
    sent = {"oneri": submitted.number, "is": "etiketle", "tag": "acil"}
    for role in ("visitor", *STRANGERS):
        client = world.client(role)
        client.post(reverse("proposal_office_bulk", args=[K]), sent)
        client.post(reverse("proposal_office_view", args=[K]), {"name": "Benim"})
    assert (Tagging.objects.count(), SavedView.objects.count()) == (0, 1)
    for role in STRANGERS:
        with pytest.raises(Refused):
            actions.tag_proposal(actor=world.people[role], proposal=submitted, name="acil", at=submitted.created_at)


def test_052_numbers_of_another_council_in_an_order_change_nothing_there(world, adana):
    """Case 52: a list of numbers is read within the council of the page; drafts have none."""
    there = f.ProposalFactory(council=adana, addressed_to=world.things.group_there)
    here = world.things.submitted
    sent = {"oneri": [there.number, here.number, ""], "is": "etiketle", "tag": "acil"}
    answer = world.client("secretary").post(reverse("proposal_office_bulk", args=[K]), sent)
    assert answer.status_code == 200
    assert list(Tagging.objects.values_list("proposal", flat=True)) == [here.pk]
    assert there.title not in answer.content.decode()
    order = Order(Deed.ADMIT)
    secretary = world.people["secretary"]
    done = actions.carry_out(
        actor=secretary, council=world.things.council, proposals=[there], order=order, at=here.created_at
    )
    assert [each.is_done for each in done] == [False]
    assert Proposal.objects.get(pk=there.pk).stage == Stage.SUBMITTED


def test_046_what_the_office_notes_is_on_no_public_page(world):
    """Assignments and tags stay inside: neither page, record nor API shows them to anybody else."""
    t, at = world.things, world.things.submitted.created_at
    secretary = world.people["secretary"]
    actions.assign_proposal(actor=secretary, proposal=t.submitted, assignee=world.people["directorate"], at=at)
    actions.tag_proposal(actor=secretary, proposal=t.submitted, name="gizlietiket", at=at)
    pages = [
        reverse("proposal_detail", args=[K, t.submitted.number]),
        reverse("proposal_record", args=[K, t.submitted.number]),
        reverse("proposal_list", args=[K]),
        reverse("api-proposal", args=[K, t.submitted.number]),
        reverse("council_journal", args=[K]),
    ]
    for role in ("visitor", "ayse", "facilitator"):
        for page in pages:
            text = world.ask(role, "get", page).content.decode()
            assert "gizlietiket" not in text
            # The record of the council names her for what she did in public.
            assert "Selin Aksoy" not in text or page == pages[-1]


FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", '"=1', "＝1+1", " =cmd|' /C calc'!A0", "\u200b=1", "﹢1",
)  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_118_no_cell_of_a_file_is_a_formula_and_every_text_comes_back(world, form):
    """Case 118: whatever a citizen wrote as a title, a spreadsheet reads it as text."""
    council = world.things.council
    for text in FORMULAS:
        f.ProposalFactory(council=council, title=text)
    address = reverse("proposal_office_file", args=[K, form])
    answer = world.client("secretary").get(address)
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if form == "csv":
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        cells = [row[1] for row in rows[1:]]
        assert set(FORMULAS) <= {original(cell) for cell in cells}
        starts = {cell.lstrip(' "\t\r\u200b')[:1] for cell in cells}
        assert not starts & set("=+-@＝﹢")
        return
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet, texts = (book.read(f"xl/{part}.xml").decode() for part in ("worksheets/sheet1", "sharedStrings"))
    assert "<f" not in sheet
    assert "<hyperlink" not in sheet
    for text in ("<t>=1", "<t>+1", "<t>-1", "<t>@SUM"):
        assert text not in texts
