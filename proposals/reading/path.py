"""The path of a proposal: where it stands, who holds it, what comes next and by when. The same for every reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from ballots.models import Ballot
from proposals.models import Proposal, ProposalBallot, StageChange
from proposals.stages import ENDED, Stage
from turkish.templatetags.turkish_text import number, weekday, weekday_moment

TONES = {
    Stage.DRAFT: "plain",
    Stage.SUBMITTED: "wait",
    Stage.GATHERING: "",
    Stage.IN_GROUP: "",
    Stage.BALLOT: "live",
    Stage.ADOPTED: "done",
    Stage.DECLINED: "no",
    Stage.INADMISSIBLE: "no",
    Stage.UNSUPPORTED: "no",
    Stage.WITHDRAWN: "plain",
}
# Where an exit leaves the path when its last move is not at hand.
_LEFT = {
    Stage.INADMISSIBLE: Stage.SUBMITTED,
    Stage.UNSUPPORTED: Stage.GATHERING,
    Stage.DECLINED: Stage.BALLOT,
    Stage.WITHDRAWN: Stage.SUBMITTED,
}


@dataclass(frozen=True)
class Step:
    """A step as the components `path` and `mini_path` draw it."""

    label: str
    state: str
    at: datetime | None = None
    note: str = ""


# The stations: the stage in which a station is the present one, and its name ahead or now, once past.
_STATIONS: tuple[tuple[Stage, str | Promise, str | Promise], ...] = (
    (Stage.SUBMITTED, _l("Uygunluk kararı"), _l("Uygun bulundu")),
    (Stage.GATHERING, _l("Destek"), _l("Destek topladı")),
    (Stage.IN_GROUP, _l("Görüşme"), _l("Görüşüldü")),
    (Stage.BALLOT, _l("Oylama"), _l("Oylandı")),
    (Stage.ADOPTED, _l("Karar"), _l("Kabul edildi")),
)
_ORDER = [station for station, _ahead, _past in _STATIONS]


def _stands_at(stage: Stage, left_from: str | None) -> tuple[int, bool]:
    """The index of the station a proposal stands at, and whether it left the path there."""
    if stage in _ORDER:
        return _ORDER.index(stage), False
    left = Stage(left_from) if left_from else _LEFT.get(stage, Stage.SUBMITTED)
    if stage == Stage.DECLINED and left == Stage.BALLOT:
        return _ORDER.index(Stage.ADOPTED), True  # the ballot was held; the decision is a no
    return _ORDER.index(left), True


def mini_steps(proposal: Proposal, *, left_from: str | None = None) -> list[Step]:
    """The path without dates, for a card; `left_from` is the stage an ended proposal came from."""
    stage = Stage(proposal.stage)
    if stage == Stage.DRAFT:
        return [Step(str(stage.label), "now")]
    left_from = left_from or getattr(proposal, "left_from", None)
    place, has_left = _stands_at(stage, left_from)
    found = [Step(_("Sunuldu"), "past")]
    for index, (_station, ahead, past) in enumerate(_STATIONS):
        if index < place:
            found.append(Step(str(past), "past"))
        elif index == place and has_left:
            found.append(Step(str(stage.label), "exit"))
        elif index == place:
            # What is adopted has arrived: nothing is "now" any more.
            label = str(ahead) if stage == Stage.SUBMITTED else str(stage.label)
            found.append(Step(label, "past" if stage == Stage.ADOPTED else "now"))
        else:
            found.append(Step(str(ahead), "ahead"))
    return found


def steps(proposal: Proposal, moves: Sequence[StageChange], *, ballot: Ballot | None = None) -> list[Step]:
    """The path with the moment each station was passed, a note at the present one, and the exit where it left."""
    last = moves[-1] if moves else None
    found = mini_steps(proposal, left_from=last.old if last is not None else None)
    passed = {Stage(move.old): move.at for move in moves}
    dated = [Step(found[0].label, found[0].state, proposal.submitted_at)]
    for step, station in zip(found[1:], _ORDER, strict=True):
        at, note = None, ""
        if step.state == "exit" or (step.state == "past" and station == Stage.ADOPTED):
            at = proposal.ended_at
        elif step.state == "past":
            at = passed.get(station)
        if station == Stage.GATHERING and step.state == "past":
            note = ngettext("%(n)s destek", "%(n)s destek", proposal.support_count) % {
                "n": number(proposal.support_count)
            }
        elif step.state == "now":
            note = _note(proposal, ballot)
        dated.append(Step(step.label, step.state, at, note))
    return dated


def _note(proposal: Proposal, ballot: Ballot | None) -> str:
    if ballot is not None and proposal.stage == Stage.BALLOT:
        return _("kapanış %(day)s") % {"day": weekday(ballot.closes_at)}
    return _("en geç %(day)s") % {"day": weekday(proposal.due_at)} if proposal.due_at else ""


def current_ballot(proposal: Proposal) -> Ballot | None:
    """The ballot that is running, or that decided; None before one opens and after one without result."""
    link = ProposalBallot.objects.select_related("ballot").filter(proposal=proposal, is_current=True).first()
    return link.ballot if link is not None else None


def status_context(
    proposal: Proposal, *, moves: Sequence[StageChange] | None = None, ballot: Ballot | None = None
) -> dict[str, Any]:
    """What `proposals/_status.html` needs, in the active language. Asks the database only for what is not handed in."""
    if moves is None:
        moves = list(StageChange.objects.filter(proposal=proposal))
    if ballot is None and proposal.stage == Stage.BALLOT:
        ballot = current_ballot(proposal)
    stage = Stage(proposal.stage)
    is_waiting = stage == Stage.BALLOT and ballot is not None and ballot.opens_at > timezone.now()
    last = moves[-1] if moves else None
    holder, sentence = _sentence(proposal, stage, ballot, is_waiting=is_waiting, last=last)
    return {
        "proposal": proposal,
        "tag": _("Oylama başlayacak")
        if is_waiting
        else _("Oylama açık")
        if stage == Stage.BALLOT
        else str(stage.label),
        "tone": "wait" if is_waiting else TONES[stage],
        "holder": holder,
        "sentence": sentence,
        "next": _next(proposal, stage, ballot),
        "steps": steps(proposal, moves, ballot=ballot),
        "reason": last.reason if last is not None and stage in ENDED else "",
        "returned": last is not None and last.old == Stage.BALLOT and stage == Stage.IN_GROUP,
    }


def _sentence(
    proposal: Proposal, stage: Stage, ballot: Ballot | None, *, is_waiting: bool, last: StageChange | None
) -> tuple[str, str]:
    """Who holds the proposal now (in bold), and what they do with it."""
    body = str(proposal.addressed_to or "")
    match stage:
        case Stage.SUBMITTED:
            return _("Genel sekreterlik"), _("önerinin usule uygun olup olmadığına bakıyor.")
        case Stage.GATHERING:
            return _("Hemşehriler"), _("destek veriyor.")
        case Stage.IN_GROUP:
            return body, _("öneriyi görüşüyor.")
        case Stage.BALLOT:
            return body, _("oylamaya hazırlanıyor.") if is_waiting else _("oyluyor.")
        case Stage.ADOPTED:
            return body, _("öneriyi kabul etti.")
        case Stage.DECLINED:
            return body, _("öneriyi kabul etmedi.")
        case Stage.INADMISSIBLE:
            return _("Genel sekreterlik"), _("öneriyi usule uygun bulmadı.")
        case Stage.UNSUPPORTED:
            given, needed = number(proposal.support_count), number(proposal.support_threshold)
            return "", _("Gereken %(needed)s destekten %(given)s tanesi süresinde verildi.") % {
                "needed": needed,
                "given": given,
            }
        case Stage.WITHDRAWN:
            return "", _("Öneriyi yazarı geri çekti.")
    return "", ""


def _next(proposal: Proposal, stage: Stage, ballot: Ballot | None) -> dict[str, str] | None:
    """The next step in words: what, and by when or exactly when; None when nothing follows."""
    body = str(proposal.addressed_to or "")
    match stage:
        case Stage.SUBMITTED:
            return {"by": weekday(proposal.due_at), "what": _("uygun bulunursa destek toplamaya başlar.")}
        case Stage.GATHERING:
            threshold = number(proposal.support_threshold)
            what = _("%(n)s destek bulursa %(body)s görüşür.") % {"n": threshold, "body": body}
            return {"by": weekday(proposal.support_closes_at), "what": what}
        case Stage.IN_GROUP:
            return {"by": weekday(proposal.due_at), "what": _("%(body)s öneriyi oylar.") % {"body": body}}
        case Stage.BALLOT if ballot is not None:
            if ballot.opens_at > timezone.now():
                return {"at": weekday_moment(ballot.opens_at), "what": _("oylama açılır.")}
            return {"at": weekday_moment(ballot.closes_at), "what": _("oylama kapanır, sonuç burada açıklanır.")}
    return None
