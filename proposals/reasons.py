"""Why a proposal left its way: codes that can be counted, beside the text that is read. Plain data, no ORM."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _l

from proposals.stages import Stage


class Reason(models.TextChoices):
    """What kind of reason an exit has (gerekçe türü)."""

    NOT_LOCAL = "not_local", _l("Kentin ya da belediyenin görevi değil")
    PERSONAL = "personal", _l("Kişisel bir istek ya da şikâyet")
    UNLAWFUL = "unlawful", _l("Hukuka aykırı")
    OFFENSIVE = "offensive", _l("Hakaret ya da ayrımcılık içeriyor")
    UNCLEAR = "unclear", _l("Ne istendiği anlaşılmıyor")
    REPEATED = "repeated", _l("Aynı konu kısa süre önce karara bağlandı")
    ALREADY_DONE = "already_done", _l("Zaten yapıldı ya da yapılıyor")
    NOT_FEASIBLE = "not_feasible", _l("Uygulanabilir değil")
    NO_BUDGET = "no_budget", _l("Bütçesi yok")
    AGAINST_PLAN = "against_plan", _l("Plana ya da başka bir karara aykırı")
    NO_MAJORITY = "no_majority", _l("Gereken çoğunluk sağlanmadı")
    NOT_A_PRIORITY = "not_a_priority", _l("Öncelikli bulunmadı")
    INCOMPLETE = "incomplete", _l("Eksik bilgi ya da belge var")
    NEW_FACTS = "new_facts", _l("Yeni bilgi geldi")
    REWRITTEN = "rewritten", _l("Yeniden yazılacak")
    SOLVED = "solved", _l("Sorun çözüldü")
    CHANGED_MIND = "changed_mind", _l("Vazgeçildi")
    SAME_REQUEST = "same_request", _l("Başka bir öneri aynı şeyi istiyor")
    SEVERAL_MATTERS = "several_matters", _l("Birden çok konu içeriyor")
    CONDITIONS_CHANGED = "conditions_changed", _l("Koşullar değişti")
    TECHNICAL = "technical", _l("Teknik bir engel çıktı")
    LEGAL = "legal", _l("Hukuki bir engel çıktı")
    OTHER = "other", _l("Başka bir neden")


REASONS: dict[Stage, tuple[Reason, ...]] = {
    Stage.INADMISSIBLE: (
        Reason.NOT_LOCAL,
        Reason.PERSONAL,
        Reason.UNLAWFUL,
        Reason.OFFENSIVE,
        Reason.UNCLEAR,
        Reason.REPEATED,
        Reason.OTHER,
    ),
    Stage.DECLINED: (
        Reason.NOT_FEASIBLE,
        Reason.ALREADY_DONE,
        Reason.NO_BUDGET,
        Reason.AGAINST_PLAN,
        Reason.NOT_LOCAL,
        Reason.NOT_A_PRIORITY,
        Reason.NO_MAJORITY,
        Reason.OTHER,
    ),
    Stage.WITHDRAWN: (Reason.REWRITTEN, Reason.SOLVED, Reason.CHANGED_MIND, Reason.OTHER),
    Stage.MERGED: (Reason.SAME_REQUEST, Reason.OTHER),
    Stage.SPLIT: (Reason.SEVERAL_MATTERS, Reason.OTHER),
    Stage.ABANDONED: (
        Reason.NO_BUDGET,
        Reason.TECHNICAL,
        Reason.LEGAL,
        Reason.CONDITIONS_CHANGED,
        Reason.ALREADY_DONE,
        Reason.OTHER,
    ),
    Stage.IN_GROUP: (Reason.INCOMPLETE, Reason.NEW_FACTS, Reason.UNCLEAR, Reason.OTHER),
}
"""The codes each exit knows, in the order of a form; under `Stage.IN_GROUP` those of giving a proposal back to its body."""


def is_known(new: Stage, code: str) -> bool:
    """Whether a move to a stage may carry a code."""
    return code in REASONS.get(new, ())
