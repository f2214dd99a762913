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
from django.utils.translation import ngettext, pgettext_lazy

from ballots.models import Ballot
from councils.models import Holder
from proposals.models import Proposal, ProposalBallot, Review, StageChange
from proposals.reading.due_words import due_words
from proposals.reasons import Reason
from proposals.routes import way
from proposals.stages import ENDED, Stage
from turkish.templatetags.turkish_text import number, weekday, weekday_moment

TONES = {
    Stage.DRAFT: "plain",
    Stage.SUBMITTED: "wait",
    Stage.GATHERING: "",
    Stage.IN_GROUP: "",
    Stage.BALLOT: "live",
    Stage.BOARD: "",
    Stage.GENERAL_ASSEMBLY: "",
    Stage.OPINION: "done",
    Stage.SENT: "wait",
    Stage.ON_AGENDA: "wait",
    Stage.IN_COMMISSION: "wait",
    Stage.DIRECTORATE: "wait",
    Stage.IMPLEMENTATION: "done",
    Stage.DONE: "done",
    Stage.REVIEWED: "done",
    Stage.ABANDONED: "no",
    Stage.ADOPTED: "done",
    Stage.DECLINED: "no",
    Stage.INADMISSIBLE: "no",
    Stage.UNSUPPORTED: "no",
    Stage.WITHDRAWN: "plain",
    Stage.MERGED: "plain",
    Stage.SPLIT: "plain",
}
# Where an exit leaves the path when its last move is not at hand.
_LEFT = {
    Stage.INADMISSIBLE: Stage.SUBMITTED,
    Stage.UNSUPPORTED: Stage.GATHERING,
    Stage.DECLINED: Stage.BALLOT,
    Stage.WITHDRAWN: Stage.SUBMITTED,
    Stage.MERGED: Stage.SUBMITTED,
    Stage.SPLIT: Stage.SUBMITTED,
    Stage.ABANDONED: Stage.IMPLEMENTATION,
}


@dataclass(frozen=True)
class Step:
    """A step as the components `path` and `mini_path` draw it."""

    label: str
    state: str
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class Station:
    """A stop of the path: the stages in which it is the present one, its name ahead, and its name once past."""

    stages: tuple[Stage, ...]
    ahead: str | Promise
    past: str | Promise


_BALLOT = Station((Stage.BALLOT,), _l("Oylama"), _l("Oylandı"))
_STATIONS: tuple[Station, ...] = (
    Station((Stage.SUBMITTED,), _l("Uygunluk kararı"), _l("Uygun bulundu")),
    Station((Stage.GATHERING,), _l("Destek"), _l("Destek topladı")),
    Station((Stage.IN_GROUP,), _l("Görüşme"), _l("Görüşüldü")),
    _BALLOT,
    Station((Stage.BOARD, Stage.GENERAL_ASSEMBLY, Stage.OPINION), _l("Genel kurul"), _l("Görüş oldu")),
    Station((Stage.SENT, Stage.ON_AGENDA, Stage.IN_COMMISSION), _l("Belediye meclisi"), _l("Meclis kabul etti")),
    Station((Stage.DIRECTORATE,), _l("Müdürlük"), _l("Müdürlük kabul etti")),
    Station((Stage.IMPLEMENTATION,), _l("Uygulama"), _l("Yapıldı")),
    Station((Stage.DONE, Stage.REVIEWED), _l("Değerlendirme"), _l("Değerlendirildi")),
)
# The last stop where the procedure goes no further than the body's vote.
_ADOPTED = Station((Stage.ADOPTED,), _l("Karar"), _l("Kabul edildi"))


# Their own name says what is past; the stop they stand at is still to come.
_NAMED_BY_WHAT_COMES = frozenset({Stage.SUBMITTED, Stage.DONE})


def _stations(proposal: Proposal) -> list[Station]:
    stages = set(way(proposal))
    found = [station for station in _STATIONS if stages.intersection(station.stages)]
    return [*found, _ADOPTED] if found and found[-1] is _BALLOT else found


def _stands_at(stations: Sequence[Station], stage: Stage, left_from: str | None) -> tuple[int, bool]:
    """The index of the station a proposal stands at, and whether it left the path there."""
    places = {each: place for place, station in enumerate(stations) for each in station.stages}
    if stage in places:
        return places[stage], False
    if stage == Stage.ADOPTED:
        return len(stations) - 1, False
    left = Stage(left_from) if left_from else _LEFT.get(stage, Stage.SUBMITTED)
    if stage == Stage.DECLINED and left == Stage.BALLOT and Stage.ADOPTED in places:
        return places[Stage.ADOPTED], True  # the ballot was held; the decision is a no
    return places.get(left, 0), True


def mini_steps(proposal: Proposal, *, left_from: str | None = None) -> list[Step]:
    """The path without dates, for a card; `left_from` is the stage an ended proposal came from."""
    stage = Stage(proposal.stage)
    if stage == Stage.DRAFT:
        return [Step(str(stage.label), "now")]
    left_from = left_from or getattr(proposal, "left_from", None)
    stations = _stations(proposal)
    place, has_left = _stands_at(stations, stage, left_from)
    found = [Step(_("Sunuldu"), "past")]
    for index, station in enumerate(stations):
        if index < place:
            found.append(Step(str(station.past), "past"))
        elif index == place and has_left:
            found.append(Step(str(stage.label), "exit"))
        elif index == place:
            # What is adopted or reviewed has arrived: nothing is "now" any more.
            label = str(station.ahead) if stage in _NAMED_BY_WHAT_COMES else str(stage.label)
            found.append(Step(label, "past" if stage in ENDED else "now"))
        else:
            found.append(Step(str(station.ahead), "ahead"))
    return found


def steps(proposal: Proposal, moves: Sequence[StageChange], *, ballot: Ballot | None = None) -> list[Step]:
    """The path with the moment each station was passed, a note at the present one, and the exit where it left."""
    last = moves[-1] if moves else None
    found = mini_steps(proposal, left_from=last.old if last is not None else None)
    passed = {Stage(move.old): move.at for move in moves}
    dated = [Step(found[0].label, found[0].state, proposal.submitted_at)]
    for step, station in zip(found[1:], _stations(proposal), strict=True):
        at, note = None, ""
        if step.state == "exit" or (step.state == "past" and set(station.stages) & ENDED):
            at = proposal.ended_at
        elif step.state == "past":
            at = max((passed[stage] for stage in station.stages if stage in passed), default=None)
        if Stage.GATHERING in station.stages and step.state == "past":
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
        "due": due_words(proposal, at=timezone.now()),
        "steps": steps(proposal, moves, ballot=ballot),
        "reason": last.reason if last is not None and (stage in ENDED or last.reason) else "",
        "reason_kind": Reason(last.reason_code).label if last is not None and last.reason_code else "",
        "returned": last is not None and last.old == Stage.BALLOT and stage == Stage.IN_GROUP,
    }


# Who acts, as a sentence begins with them: other languages need an article there.
_SUBJECTS: dict[Holder, str | Promise] = {
    Holder.SECRETARIAT: pgettext_lazy("özne", "Genel sekreterlik"),
    Holder.CITIZENS: pgettext_lazy("özne", "Hemşehriler"),
    Holder.BODY: pgettext_lazy("özne", "Önerinin sunulduğu grup ya da meclis"),
    Holder.EXECUTIVE_BOARD: pgettext_lazy("özne", "Yürütme kurulu"),
    Holder.GENERAL_ASSEMBLY: pgettext_lazy("özne", "Genel kurul"),
    Holder.MUNICIPAL_COUNCIL: pgettext_lazy("özne", "Belediye meclisi"),
    Holder.DIRECTORATE: pgettext_lazy("özne", "STK Şube Müdürlüğü"),
    Holder.SUPPORTERS: pgettext_lazy("özne", "Destekleyenler"),
}


def _sentence(
    proposal: Proposal, stage: Stage, ballot: Ballot | None, *, is_waiting: bool, last: StageChange | None
) -> tuple[str, str]:
    """Who holds the proposal now (in bold), and what they do with it."""
    body = str(proposal.addressed_to or "")
    holder = str(_SUBJECTS[Holder(proposal.holder)]) if proposal.holder else ""
    match stage:
        case Stage.SUBMITTED:
            return holder or str(_SUBJECTS[Holder.SECRETARIAT]), _("önerinin usule uygun olup olmadığına bakıyor.")
        case Stage.GATHERING:
            return _("Hemşehriler"), _("destek veriyor.")
        case Stage.IN_GROUP:
            return body, _("öneriyi görüşüyor.")
        case Stage.BALLOT:
            return body, _("oylamaya hazırlanıyor.") if is_waiting else _("oyluyor.")
        case Stage.BOARD:
            return holder, _("öneriyi genel kurulun gündemine alacak.")
        case Stage.GENERAL_ASSEMBLY:
            return holder, _("öneriyi görüşe bağlayacak.")
        case Stage.OPINION:
            return holder, _("genel kurulun görüşünü belediye meclisine gönderecek.")
        case Stage.SENT:
            return holder, _("görüşü ilk toplantısında ele alacak.")
        case Stage.ON_AGENDA:
            return holder, _("görüşü gündemine aldı.")
        case Stage.IN_COMMISSION:
            return holder, _("görüşü komisyona gönderdi.")
        case Stage.DIRECTORATE:
            return body or holder, _("öneriyi yanıtlayacak.")
        case Stage.IMPLEMENTATION:
            return _("Belediye"), _("kabul edilen öneriyi uyguluyor.")
        case Stage.DONE:
            return _("Belediye"), _("öneriyi yerine getirdi.")
    return _ended_sentence(proposal, stage, body, last=last)


def _ended_sentence(proposal: Proposal, stage: Stage, body: str, *, last: StageChange | None) -> tuple[str, str]:
    match stage:
        case Stage.ADOPTED:
            return body, _("öneriyi kabul etti.")
        case Stage.DECLINED:
            return _who_declined(last, body), _("öneriyi kabul etmedi.")
        case Stage.INADMISSIBLE:
            return str(_SUBJECTS[Holder.SECRETARIAT]), _("öneriyi usule uygun bulmadı.")
        case Stage.UNSUPPORTED:
            given, needed = number(proposal.support_count), number(proposal.support_threshold)
            return "", _("Gereken %(needed)s destekten %(given)s tanesi süresinde verildi.") % {
                "needed": needed,
                "given": given,
            }
        case Stage.WITHDRAWN:
            return "", _("Öneriyi yazarı geri çekti.")
        case Stage.MERGED:
            return "", _("Öneri başka bir öneriyle birleştirildi; destekleri orada sayılıyor.")
        case Stage.SPLIT:
            return "", _("Öneri, konularına göre birkaç öneriye ayrıldı; her biri kendi yolunda.")
        case Stage.ABANDONED:
            return _("Belediye"), _("kabul edilen öneriyi uygulamaktan vazgeçti.")
        case Stage.REVIEWED:
            return _("Destekleyenler"), _("yapılanı bir yıl sonra değerlendirdi.")
    return "", ""


def _who_declined(last: StageChange | None, body: str) -> str:
    """Who said no follows from where the proposal stood."""
    match last.old if last is not None else "":
        case Stage.GENERAL_ASSEMBLY:
            return str(_SUBJECTS[Holder.GENERAL_ASSEMBLY])
        case Stage.SENT | Stage.ON_AGENDA | Stage.IN_COMMISSION:
            return str(_SUBJECTS[Holder.MUNICIPAL_COUNCIL])
    return body


def _next(proposal: Proposal, stage: Stage, ballot: Ballot | None) -> dict[str, str] | None:
    """The next step in words: what, and by when or exactly when; None when nothing follows."""
    body = str(proposal.addressed_to or "")
    if stage == Stage.BALLOT and ballot is not None:
        if ballot.opens_at > timezone.now():
            return {"at": weekday_moment(ballot.opens_at), "what": _("oylama açılır.")}
        return {"at": weekday_moment(ballot.closes_at), "what": _("oylama kapanır, sonuç burada açıklanır.")}
    if stage == Stage.GATHERING:
        threshold = number(proposal.support_threshold)
        what = _("%(n)s destek bulursa %(body)s görüşür.") % {"n": threshold, "body": body}
        return {"by": weekday(proposal.support_closes_at), "what": what}
    if stage == Stage.DONE and Review.objects.filter(proposal=proposal, closed_at__isnull=True).exists():
        return {"by": weekday(proposal.due_at), "what": _("“oldu mu?” yanıtları toplanır, sonucu burada açıklanır.")}
    what = _AHEAD.get(stage)
    if what is None:
        return None
    said = {"what": str(what) % {"body": body}}
    return {"by": weekday(proposal.due_at), **said} if proposal.due_at else said


# What comes after a stage in which something is due.
_AHEAD: dict[Stage, str | Promise] = {
    Stage.SUBMITTED: _l("uygun bulunursa yolun sonraki adımına geçer."),
    Stage.IN_GROUP: _l("%(body)s öneriyi oylar."),
    Stage.BOARD: _l("genel kurulun gündemine alınır."),
    Stage.GENERAL_ASSEMBLY: _l("genel kurul görüşünü oylar."),
    Stage.OPINION: _l("görüş belediye meclisine gönderilir."),
    Stage.SENT: _l("belediye meclisinin gündemine girer."),
    Stage.ON_AGENDA: _l("belediye meclisi karar verir."),
    Stage.IN_COMMISSION: _l("komisyonun raporu meclise gelir."),
    Stage.DIRECTORATE: _l("müdürlük kabul eder ya da gerekçesiyle reddeder."),
    Stage.IMPLEMENTATION: _l("iş tamamlanır ve burada bildirilir."),
    Stage.DONE: _l("destekleyenlere “oldu mu?” diye sorulur."),
}
