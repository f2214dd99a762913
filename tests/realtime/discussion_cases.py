"""Live cases of discussions."""

from __future__ import annotations

import uuid
from typing import Any

from discussions import actions as talking
from discussions.journal_kinds import CommentKind
from proposals.models import Proposal
from proposals.stages import Stage
from tests.realtime.cases import World, case, page


def said(world: World, proposal: Proposal, parent: Any = None, text: str = "Kavşaklar **çok** tehlikeli.") -> Any:
    return talking.add_comment(
        actor=world.resident(), thread=proposal.thread, text=text, key=uuid.uuid4(), parent=parent, at=world.now
    )


@case(CommentKind.ADDED)
def comments_and_an_answer(world):
    proposal = world.proposal(Stage.GATHERING)
    first = said(world, proposal)

    def act():
        said(world, proposal, text="İkinci söz.")
        said(world, proposal, first, "Katılıyorum.")
        said(world, proposal, text="Üçüncü söz.")

    return page(proposal), act


@case("first comment")
def the_first_comment(world):
    proposal = world.proposal(Stage.GATHERING)
    return page(proposal), lambda: said(world, proposal)


@case(CommentKind.EDITED)
def a_correction_above_answers(world):
    proposal = world.proposal(Stage.GATHERING)
    comment = said(world, proposal)
    said(world, proposal, comment, "Yanıt.")
    return page(proposal), lambda: talking.edit_comment(
        actor=comment.author, comment=comment, text="Düzelttim.", at=world.now
    )


@case(CommentKind.DELETED)
def a_deleted_comment_with_answers(world):
    proposal = world.proposal(Stage.GATHERING)
    comment = said(world, proposal)
    said(world, proposal, comment, "Yanıt.")
    return page(proposal), lambda: talking.delete_comment(actor=comment.author, comment=comment, at=world.now)


@case(CommentKind.HIDDEN)
def a_hidden_comment(world):
    proposal = world.proposal(Stage.GATHERING)
    comment, leader = said(world, proposal), world.leader(proposal)
    return page(proposal), lambda: talking.hide_comment(
        actor=leader, comment=comment, reason="Hakaret içeriyor.", at=world.now
    )


@case(CommentKind.RESTORED)
def a_restored_comment(world):
    proposal = world.proposal(Stage.GATHERING)
    comment, leader = said(world, proposal), world.leader(proposal)
    talking.hide_comment(actor=leader, comment=comment, reason="Hakaret içeriyor.", at=world.now)
    comment.refresh_from_db()
    return page(proposal), lambda: talking.restore_comment(actor=leader, comment=comment, at=world.now)
