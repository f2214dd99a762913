"""Each kind of proposals is told of or is quiet on purpose; a sentence says what, why and what is next."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone, translation

from journal import kinds
from notifications.sentences import ENDS, NEXT, QUIET, WHAT, sentence
from proposals.journal_kinds import ProposalKind
from proposals.stages import Stage


def test_every_kind_of_proposals_has_a_sentence_or_is_quiet_on_purpose():
    known = {kind for kind in kinds.known() if kind.startswith("proposals.")}
    assert known - set(WHAT) - set(QUIET) == set(), "say what people are told of it in notifications/sentences.py"
    assert set(WHAT) & set(QUIET) == set()


def test_every_stage_says_what_is_next_or_that_nothing_is():
    assert set(NEXT) | set(ENDS) == set(Stage.values) - {Stage.DRAFT, Stage.SUBMITTED}
    assert set(NEXT) & set(ENDS) == set()


def test_numbers_and_days_are_written_as_people_read_them():
    due = timezone.make_aware(datetime(2026, 12, 14, 12))
    facts = {"support": 1_250, "stage": Stage.GATHERING}
    assert (
        sentence(ProposalKind.SUPPORT_REACHED, facts, due_at=due)
        == "Öneri 1.250 desteğe ulaştı; şimdi destek topluyor, en geç 14 Aralık 2026."
    )
    with translation.override("en"):
        assert sentence(ProposalKind.SUPPORT_REACHED, facts).startswith("The proposal reached 1,250 supports; ")


def test_a_kept_day_and_a_meeting_by_the_rule_are_said_in_the_readers_language():
    kind, facts = "proposals.municipal_meeting_missed", {"meeting": "Kasım 2026 birleşimi", "day": "12.11.2026"}
    assert sentence(kind, facts) == "Kasım 2026 birleşimi (12 Kasım 2026) geçti, öneri gündeme alınmadı."
    with translation.override("en"):
        assert sentence(kind, facts).startswith("Meeting of November 2026 (12 November 2026) passed")
        assert sentence(kind, facts | {"meeting": "Bütçe birleşimi", "day": "99.99.2026"}).startswith(
            "Bütçe birleşimi (99.99.2026) passed"
        )


def test_a_long_reason_is_cut_at_a_word():
    text = sentence(ProposalKind.DECLINED, {"stage": Stage.DECLINED, "reason": "uzun söz " * 200})
    assert len(text) < 500
    assert "söz …”; süreç burada bitti." in text


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("kind", sorted(WHAT))
def test_every_sentence_is_one_line_and_complete_in_both_languages(kind, language):
    facts = {
        name: name
        for name in ("support", "version", "note", "body", "into", "other", "parts", "meeting", "day", "agenda")
    }
    with translation.override(language):
        text = sentence(kind, facts | {"stage": Stage.IN_GROUP, "reason": "Bir\nneden."}, due_at=timezone.now())
        assert "\n" not in text
        assert text.endswith(".")
        assert "“Bir neden”" in text
        assert "{" not in text
        assert sentence(kind, {})  # an entry of an older release still speaks


def test_what_is_late_has_no_day_ahead():
    due = timezone.make_aware(datetime(2026, 11, 19, 17))
    text = sentence(ProposalKind.OVERDUE, {"stage": Stage.BOARD}, due_at=due)
    assert text == "Adım süresinde tamamlanmadı, öneri gecikti; şimdi yürütme kurulunda."
