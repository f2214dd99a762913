"""What keeps attacks on opinions, decisions and implementation from succeeding, to be taken out one by one."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from documents.attachment_content import Checked
from people.verdicts import YES, Verdict
from proposals.models import Milestone, Proposal
from tests.attacks.taking_out import always, puts
from tests.attacks.without import Guard, Site


def whoever_keeps_decisions_confirms(site: Site) -> None:
    from proposals.municipal_permissions import may_keep_decisions

    def may(person: Any, decision: Any, *, at: Any) -> Verdict:
        return may_keep_decisions(person, decision.council, at=at)

    site.replace("proposals.actions.decisions.may_confirm", may)
    site.sql("ALTER TABLE proposals_decision DROP CONSTRAINT nobody_confirms_what_they_entered")


def whoever_asks_confirms_a_tally(site: Site) -> None:
    for place in (
        "proposals.actions.opinions.tallying",
        "proposals.opinions.views.reading",
        "proposals.opinions.views.asking",
        "participation.api.views.opinions.desk",
    ):
        site.replace(f"{place}.may_settle_tally", always(YES))
    site.sql("ALTER TABLE proposals_assemblytally DROP CONSTRAINT a_tally_is_settled_by_a_second_person")


def a_step_of_any_proposal(proposal: Proposal, pk: int) -> Milestone:
    return Milestone.objects.get(pk=pk)


def proposals_of_any_council(council: Any, proposals: Any) -> list[Proposal]:
    return list(proposals)


def as_it_came(upload: Any, name: str, **_: Any) -> Checked:
    return Checked(kind="pdf", content=upload.read(), name=name, digest="0" * 64)


def fonts_that_draw_everything_or_nothing(site: Site) -> None:
    from django.core.files.storage import default_storage

    from documents import typesetting

    text = Path(typesetting.__file__).read_text(encoding="utf-8")
    assert "ROUNDS = 3" in text
    place = default_storage.save("typesetting.py", io.BytesIO(text.replace("ROUNDS = 3", "ROUNDS = 0").encode()))
    site.replace("documents.typesetting.__file__", default_storage.path(place))


GUARDS = (
    Guard(
        "test_019_a_decision_is_confirmed_by_a_second_person_alone",
        "a second person, asked and in the database",
        whoever_keeps_decisions_confirms,
    ),
    Guard(
        "test_019_a_tally_is_confirmed_by_a_second_person_alone",
        "a second person, asked and in the database",
        whoever_asks_confirms_a_tally,
    ),
    Guard(
        "test_054_a_step_of_another_proposal_is_neither_moved_nor_finished",
        "a step is found within its proposal",
        puts("proposals.actions.implementing._open_milestone", a_step_of_any_proposal),
    ),
    Guard(
        "test_060_an_opinion_takes_in_no_proposal_of_another_council",
        "an opinion is made of its own council's proposals",
        puts("proposals.actions.opinions.preparing._locked_for", proposals_of_any_council),
    ),
    Guard(
        "test_057_what_waits_for_its_second_person_is_read_by_its_offices_alone",
        "what waits is for who keeps it",
        puts("proposals.views.municipal.may_keep_decisions", always(YES)),
    ),
    Guard(
        "test_066_a_token_without_the_desk_neither_reads_nor_decides_what_is_the_desks",
        "a token opens what it was made for",
        puts("participation.api.base.Endpoint.opens", always(True)),
    ),
    *(
        Guard(
            "test_114_files_of_offices_pass_the_check_of_every_upload",
            "one check for every upload",
            puts(f"proposals.actions.{module}.check", as_it_came),
            where=place,
        )
        for place, module in (("decision", "decisions"), ("tally", "opinions.tallying"), ("step", "implementing"))
    ),
    Guard(
        "test_118_a_table_of_meetings_holds_no_formula_and_gives_every_name_back",
        "a text that could be a formula gets an apostrophe",
        puts("councils.meetings.exporting.neutral", lambda text: text),
    ),
    Guard(
        "test_122_a_letter_no_font_can_draw_takes_no_document_from_anybody",
        "a sign stands for what no font draws",
        fonts_that_draw_everything_or_nothing,
    ),
    Guard(
        "test_124_heavy_differences_of_one_page_share_one_time",
        "the differences of a page share their time",
        puts("proposals.reading.amendments.SECONDS_OF_A_PAGE", 1_000.0),
    ),
)
