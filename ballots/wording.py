"""A ballot in sentences: its rule, how to vote, what a paper says, what was decided. Needs the ballot's row and options."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ballots.casting import Receipt
from ballots.counting import needed_yes
from ballots.deciding import needed
from ballots.models import Ballot, Base, Choice, Majority, Method, Outcome, RollRule, TieRule, Vote
from ballots.papers import in_words
from turkish.templatetags.turkish_text import weekday_moment


# --- The rule ---------------------------------------------------------------------------------------------------------
def rule_sentence(ballot: Ballot) -> str:
    """What the ballot needs to pass or how its winners are found, in one sentence, with how ties are treated."""
    if ballot.method != Method.YES_NO:
        return " ".join(part for part in (_winning(ballot), _quorum(ballot), _threshold(ballot), _ties(ballot)) if part)
    needs = _needs(ballot)
    if ballot.tie_rule == TieRule.CHAIR:
        return f"{_question(ballot, needs)} {_ties(ballot)}"
    return _question(ballot, needs)


def _question(ballot: Ballot, needs: str) -> str:
    if ballot.quorum <= 1:
        return _("Yeter sayı aranmaz; %(needs)s. Çekimser oylar çoğunluğa sayılmaz.") % {"needs": needs}
    quorum = ngettext("En az %(quorum)d kişi oy vermeli", "En az %(quorum)d kişi oy vermeli", ballot.quorum) % {
        "quorum": ballot.quorum
    }
    return _("%(quorum)s; %(needs)s. Çekimser oylar yeter sayıya katılır, çoğunluğa sayılmaz.") % {
        "quorum": quorum,
        "needs": needs,
    }


def _needs(ballot: Ballot) -> str:
    return {
        Majority.SIMPLE: _("kabul için kabul oylarının ret oylarından çok olması gerekir"),
        Majority.ABSOLUTE: _("kabul için oy hakkı olanların yarısından çoğunun kabul oyu gerekir"),
        Majority.TWO_THIRDS: _("kabul için kabul ve ret oylarının en az üçte ikisinin kabul olması gerekir"),
    }[Majority(ballot.majority)]


def _winning(ballot: Ballot) -> str:
    many = ballot.seats > 1
    seats = {"seats": ballot.seats}
    match Method(ballot.method):
        case Method.SINGLE:
            return (
                _("Herkes bir seçenek seçer; en çok oy alan %(seats)d seçenek kazanır.") % seats
                if many
                else _("Herkes bir seçenek seçer; en çok oyu alan kazanır.")
            )
        case Method.APPROVAL:
            limits = _("en az %(least)d, en çok %(most)d seçenek") % {
                "least": ballot.least,
                "most": ballot.most or ballot.option_count,
            }
            return (
                _("Herkes %(limits)s işaretler; en çok işaretlenen %(seats)d seçenek kazanır.")
                if many
                else _("Herkes %(limits)s işaretler; en çok işaretlenen kazanır.")
            ) % {"limits": limits, **seats}
        case Method.SCORE:
            return (
                _(
                    "Herkes seçeneklere 0 ile %(highest)d arasında puan verir; toplamı en yüksek %(seats)d seçenek kazanır."
                )
                if many
                else _("Herkes seçeneklere 0 ile %(highest)d arasında puan verir; toplamı en yüksek olan kazanır.")
            ) % {"highest": ballot.highest, **seats}
        case Method.SCHULZE:
            return (
                _(
                    "Herkes seçenekleri sıralar; seçenekler ikişer ikişer karşılaştırılır (Schulze). Kazanan sayısı: %(seats)d."
                )
                % seats
            )
        case Method.IRV:
            return _(
                "Herkes seçenekleri sıralar; yarıdan çoğunu alan çıkana kadar en az oyu alan elenir ve oyları devredilir (IRV)."
            )
    return (
        _(
            "Herkes sıralar; kotayı aşan kazanır, fazla oylar ve elenenlerin oyları devredilir (STV). Kazanan sayısı: %(seats)d."
        )
        % seats
    )


def _quorum(ballot: Ballot) -> str:
    if ballot.quorum <= 1:
        return ""
    return {
        Base.PRESENT: _("Sonuç için toplantıda en az %(quorum)d kişi bulunmalı."),
        Base.CAST: _("Sonuç için en az %(quorum)d kişi oy vermeli."),
        Base.VALID: _("Sonuç için en az %(quorum)d geçerli oy gerekir."),
    }[Base(ballot.quorum_base)] % {"quorum": ballot.quorum}


def _threshold(ballot: Ballot) -> str:
    if not ballot.majority:
        return ""
    sentence = (
        _("Kazanan, şunların en az üçte ikisini almalı: %(base)s.")
        if ballot.majority == Majority.TWO_THIRDS
        else _("Kazanan, şunların yarısından çoğunu almalı: %(base)s.")
    )
    return sentence % {"base": str(Base(ballot.threshold_base).label).lower()}


def _ties(ballot: Ballot) -> str:
    return {
        TieRule.OPEN: _("Eşitlik bozulmaz, eşitlik olarak açıklanır."),
        TieRule.LOT: _("Eşitliği, oylama açılırken mühürlenen kura bozar."),
        TieRule.EARLIER: _("Eşitliği önceki turlardaki oylar bozar; onlar da eşitse eşitlik olarak açıklanır."),
        TieRule.EARLIER_LOT: _("Eşitliği önce önceki turlardaki oylar, sonra oylama açılırken mühürlenen kura bozar."),
        TieRule.CHAIR: _("Eşitlikte başkanın oyu belirleyicidir. Başkan: %(name)s.") % {"name": _chair(ballot)},
    }[TieRule(ballot.tie_rule)]


def _chair(ballot: Ballot) -> str:
    return ballot.chair.display_name if ballot.chair is not None else ""


def how_to_vote(ballot: Ballot) -> str:
    """What a voter does, above the paper."""
    match Method(ballot.method):
        case Method.SINGLE:
            return _("Bir seçenek seçin, sonra “Oy ver” düğmesine basın.")
        case Method.APPROVAL:
            return _("Uygun bulduğunuz seçenekleri işaretleyin: en az %(least)d, en çok %(most)d.") % {
                "least": ballot.least,
                "most": ballot.most or ballot.option_count,
            }
        case Method.SCORE:
            return _("Seçeneklere 0 ile %(highest)d arasında puan verin. Puan vermediğiniz seçenek 0 sayılır.") % {
                "highest": ballot.highest
            }
        case Method.SCHULZE:
            return _(
                "En çok istediğinize 1, sonrakine 2 verin. Aynı sırayı iki kez verebilir, istemediğinizi boş bırakabilirsiniz."
            )
    return _(
        "En çok istediğinize 1, sonrakine 2 verin. Her seçeneğe ayrı bir sıra verin; istemediğinizi boş bırakabilirsiniz."
    )


def roll_sentence(ballot: Ballot) -> str:
    """What becomes of the roll, and whether others may vote for somebody; empty where neither is so."""
    parts = [] if ballot.roll_rule == RollRule.FIXED else [str(RollRule(ballot.roll_rule).label) + "."]
    if ballot.proxy_limit:
        parts.append(
            ngettext(
                "Vekâlet verilebilir: bir kişi en çok %(limit)d kişinin yerine oy verir.",
                "Vekâlet verilebilir: bir kişi en çok %(limit)d kişinin yerine oy verir.",
                ballot.proxy_limit,
            )
            % {"limit": ballot.proxy_limit}
        )
    return " ".join(parts)


# --- Papers -----------------------------------------------------------------------------------------------------------
def paper_in_words(ballot: Ballot, paper: str) -> str:
    """What a paper says to a person. Reads the options once for each ballot."""
    return in_words(ballot.method, paper, ballot.option_texts)


def receipt_sentence(ballot: Ballot, vote: Vote | Receipt) -> str:
    """That the vote is in, below the paper."""
    words = paper_in_words(ballot, vote.paper)
    if ballot.declared_at is not None:
        return _("Oyunuz sayıldı: %(choice)s.") % {"choice": words}
    moment = weekday_moment(ballot.closes_at)
    if ballot.method == Method.YES_NO:
        return _("Oyunuz kaydedildi. Oylama kapanana kadar değiştirebilirsiniz: %(moment)s.") % {"moment": moment}
    return _("Oyunuz kaydedildi: %(choice)s. Oylama kapanana kadar değiştirebilirsiniz: %(moment)s.") % {
        "choice": words,
        "moment": moment,
    }


# --- The outcome ------------------------------------------------------------------------------------------------------
def outcome_sentence(ballot: Ballot) -> str:
    """What was decided and why, in one sentence; empty before the declaration."""
    if ballot.declared_at is None:
        return ""
    if ballot.result is not None:
        turnout = ballot.result["papers"]
    else:
        turnout = (ballot.yes_votes or 0) + (ballot.no_votes or 0) + (ballot.abstentions or 0)
    numbers = {"turnout": turnout, "electorate": ballot.members, "quorum": ballot.quorum}
    took_part = _("Oy hakkı olan %(electorate)d kişiden %(turnout)d kişi oy verdi.") % numbers
    match Outcome(ballot.outcome):
        case Outcome.PASSED:
            return " ".join([_("Kabul edildi, gereken çoğunluk sağlandı."), took_part])
        case Outcome.REJECTED:
            return " ".join([_("Kabul edilmedi."), needed_sentence(ballot), took_part])
        case Outcome.ELECTED:
            winners = _names(ballot, (ballot.result or {})["winners"])
            return " ".join([_("Kazanan: %(winners)s.") % {"winners": winners}, took_part])
        case Outcome.UNDECIDED:
            return " ".join([_undecided(ballot), took_part])
        case Outcome.TIED if ballot.decision is not None:
            return " ".join([_decided(ballot), took_part])
        case Outcome.TIED if ballot.result is not None:
            return " ".join([_tied(ballot), took_part])
        case Outcome.TIED if ballot.awaits_chair:
            return " ".join([_("Kabul ve ret oyları eşit."), awaited_sentence(ballot), took_part])
        case Outcome.TIED:
            return " ".join([_("Karar çıkmadı: kabul ve ret oyları eşit."), took_part])
        case Outcome.NO_QUORUM if turnout == 0:
            return _("Karar çıkmadı: oy veren olmadı.")
        case Outcome.NO_QUORUM:
            missed = _("Karar çıkmadı: yeter sayı olan %(quorum)d sağlanmadı.") % numbers
            return f"{missed} {took_part}"
    return _("Oylama iptal edildi.")


def _names(ballot: Ballot, numbers: Iterable[int]) -> str:
    return ", ".join(ballot.option_texts[number] for number in numbers)


def awaited_sentence(ballot: Ballot) -> str:
    """That the chair has still to decide, and who that is."""
    return _("Başkanın kararı bekleniyor: %(name)s.") % {"name": _chair(ballot)}


def _decided(ballot: Ballot) -> str:
    """What the chair decided; all who won, where there are options."""
    if ballot.decided_result is not None:
        return " ".join(
            [
                _("Kazanan: %(winners)s.") % {"winners": _names(ballot, ballot.decided_result["winners"])},
                _("Eşitlikte başkan karar verdi."),
            ]
        )
    if ballot.decided_outcome == Outcome.PASSED:
        return _("Kabul edildi: oylar eşit çıktı, başkanın oyu belirleyici oldu.")
    return _("Kabul edilmedi: oylar eşit çıktı, başkanın oyu belirleyici oldu.")


def choice_in_words(ballot: Ballot, choice: str) -> str:
    """One of those the chair decides between: yes, no, or an option."""
    return str(Choice(choice).label) if ballot.result is None else ballot.option_texts[int(choice)]


def _undecided(ballot: Ballot) -> str:
    result = ballot.result or {}
    tied = [number for tie in result["ties"] if not tie["chosen"] for number in tie["between"]]
    leading = result["winners"] or tied  # tied below the threshold, where the chair is not asked
    if not leading:
        return _("Kazanan çıkmadı: hiçbir seçenek geçerli oy almadı.")
    most = result["votes"][str(leading[0])]
    return _("Kazanan çıkmadı: en çok oyu %(name)s aldı (%(votes)d), %(needed)d oy gerekiyordu.") % {
        "name": _names(ballot, leading),
        "votes": most,
        "needed": needed(ballot.majority, _whole(ballot)),
    }


def _whole(ballot: Ballot) -> int:
    """How many the base of the threshold has."""
    result = ballot.result or {}
    return {
        Base.MEMBERS: ballot.members,
        Base.PRESENT: ballot.present or 0,
        Base.CAST: result.get("papers", 0),
        Base.VALID: result.get("valid", 0),
    }[Base(ballot.threshold_base)]


def _tied(ballot: Ballot) -> str:
    result = ballot.result or {}
    tie = next(tie for tie in result["ties"] if not tie["chosen"])
    between = _names(ballot, tie["between"])
    if ballot.awaits_chair:
        sentence = " ".join([_("Eşitlik: %(between)s.") % {"between": between}, awaited_sentence(ballot)])
    else:
        sentence = _("Eşitlik: %(between)s. Kural bu eşitliği bozmuyor.") % {"between": between}
    if not result["winners"]:
        return sentence
    return " ".join([_("Kazanan: %(winners)s.") % {"winners": _names(ballot, result["winners"])}, sentence])


def needed_sentence(ballot: Ballot) -> str:
    """What a rejected ballot would have needed, and what it got."""
    yes, against = ballot.yes_votes or 0, ballot.no_votes or 0
    fewest = needed_yes(yes=yes, no=against, electorate=ballot.members, majority=ballot.majority)
    if ballot.threshold_base == Base.CAST:
        fewest = needed(ballot.majority, yes + against + (ballot.abstentions or 0))
    elif ballot.threshold_base in (Base.PRESENT, Base.MEMBERS):
        fewest = needed(ballot.majority, _whole(ballot))
    return _("Kabul için %(needed)d oy gerekiyordu: %(yes)d kabul, %(no)d ret, %(abstain)d çekimser.") % {
        "needed": fewest,
        "yes": yes,
        "no": against,
        "abstain": ballot.abstentions or 0,
    }
