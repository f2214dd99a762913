"""Each kind of proposals is told of or is quiet on purpose; a sentence says what, why and what is next."""

from __future__ import annotations

import pytest
from django.utils import timezone, translation

from journal import kinds
from notifications.sentences import ENDS, NEXT, QUIET, WHAT, sentence
from proposals.stages import Stage


def test_every_kind_of_proposals_has_a_sentence_or_is_quiet_on_purpose():
    known = {kind for kind in kinds.known() if kind.startswith("proposals.")}
    assert known - set(WHAT) - set(QUIET) == set(), "say what people are told of it in notifications/sentences.py"
    assert (set(WHAT) | set(QUIET)) - known == set()
    assert set(WHAT) & set(QUIET) == set()


def test_every_stage_says_what_is_next_or_that_nothing_is():
    assert set(NEXT) | set(ENDS) == set(Stage.values) - {Stage.DRAFT, Stage.SUBMITTED}
    assert set(NEXT) & set(ENDS) == set()


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("kind", sorted(WHAT))
def test_every_sentence_is_one_line_and_complete_in_both_languages(kind, language):
    facts = {name: name for name in ("support", "version", "note", "body", "into", "other", "parts")}
    with translation.override(language):
        text = sentence(kind, facts | {"stage": Stage.IN_GROUP, "reason": "Bir\nneden."}, due_at=timezone.now())
        assert "\n" not in text
        assert text.endswith(".")
        assert "“Bir neden”" in text
        assert "{" not in text
        assert sentence(kind, {})  # an entry of an older release still speaks
