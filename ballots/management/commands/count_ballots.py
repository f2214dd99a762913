"""Count an election from a file, stage by stage."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ballots import counting
from ballots.counting.files import FiledElection, UnreadableFile, read_election

METHODS = ("stv", "runoff", "schulze")


class Command(BaseCommand):
    help = (
        "Counts a BLT file or a Debian tally sheet: the single transferable vote as in Scottish local elections (several "
        "seats), instant run-off (one seat), or Schulze (tally sheets). See docs/counting.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--method", choices=METHODS, help="default: by the kind of file and the seats")
        parser.add_argument("--seats", type=int, help="default: as the file says")
        parser.add_argument("--withdrawn", default="", help="numbers of withdrawn options, such as 2,5")
        parser.add_argument("--seed", default="", help="draw lots by this text, published before the count")
        parser.add_argument("--lot", default="", help="options in the order in which people drew them, such as 3,1,2")
        parser.add_argument(
            "--default", type=int, help="Schulze: the default option; 0 for none (tally sheets: the last)"
        )
        parser.add_argument(
            "--quorum", type=Fraction, default=Fraction(0), help="Schulze: votes over the default option"
        )
        parser.add_argument("--json", action="store_true", help="the whole count as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = options["file"].read_bytes()
            election = read_election(_decoded(text))
            count = _count(election, options)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            titles = {"title": election.title, "names": {str(n): name for n, name in election.options.items()}}
            self.stdout.write(json.dumps({**titles, **count.as_json()}, ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(_told(count, election)))


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")  # as old files of both kinds are


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(word) for word in text.replace(",", " ").split())


def _count(election: FiledElection, options: dict[str, Any]) -> counting.Count:
    seats = election.seats if options["seats"] is None else options["seats"]
    method = options["method"] or ("schulze" if election.default else "stv" if seats > 1 else "runoff")
    rule = counting.TieRule(seed=options["seed"], lot=_numbers(options["lot"]))
    withdrawn = {*election.withdrawn, *_numbers(options["withdrawn"])}
    if withdrawn - set(election.options):
        raise UnreadableFile(_("Çekilen seçenekler oylamada yok."))
    papers, numbers = election.papers.items(), election.options
    match method:
        case "stv":
            return counting.count_stv(papers, numbers, seats=seats, withdrawn=withdrawn, ties=rule)
        case "runoff":
            if seats != 1:
                raise UnreadableFile(_("Bu yöntemle yalnız bir seçenek seçilir."))
            return counting.count_runoff(papers, numbers, withdrawn=withdrawn, ties=rule)
        case _:
            number = election.default if options["default"] is None else options["default"] or None
            default = counting.Default(number, options["quorum"], election.majorities) if number else None
            return counting.count_schulze(papers, numbers, seats=seats, withdrawn=withdrawn, default=default, ties=rule)


def _told(count: counting.Count, election: FiledElection) -> list[str]:
    """The count in plain lines: figures first, then stages or defeats, ties, and the winners."""
    lines = [election.title] if election.title else []
    figures = {"papers": count.papers, "valid": count.valid, "seats": count.seats}
    lines.append(_("%(papers)d oy pusulası, %(valid)d geçerli; seçilecek: %(seats)d") % figures)
    if isinstance(count, counting.StagedCount):
        if count.quota is not None:
            lines.append(_("Kota: %d") % count.quota)
        for stage in count.stages:
            lines += _stage(stage, count, election)
    if isinstance(count, counting.SchulzeCount):
        lines += _defeats(count, election)
    lines += [_tie(tie, election) for tie in count.ties]
    lines.append("")
    lines.append(_("Kazanan: %s") % (", ".join(election.options[option] for option in count.winners) or "–"))
    return lines


def _stage(stage: counting.Stage, count: counting.StagedCount, election: FiledElection) -> list[str]:
    match stage.kind:
        case counting.StageKind.FIRST:
            heading = _("ilk tercihler")
        case counting.StageKind.SURPLUS:
            heading = _("fazla oyların aktarımı: %s") % election.options[stage.option or 0]
        case _:
            heading = _("elenen: %s") % election.options[stage.option or 0]
    elected = {one.option for one in stage.elected}
    rows = [
        (election.options[option], votes, " *" if option in elected else " −" if option == stage.excluded else "")
        for option, votes in sorted(stage.votes.items(), key=lambda item: -item[1])
    ]
    rows.append((_("aktarılamayan"), stage.non_transferable, ""))
    if count.decimals:
        rows.append((_("yuvarlama"), stage.rounding, ""))
    width = max(len(name) for name, _votes, _mark in rows)
    written = [f"  {name:{width}} {counting.decimal(votes, count.decimals):>14}{mark}" for name, votes, mark in rows]
    return ["", _("Aşama %(number)d, %(heading)s") % {"number": stage.number, "heading": heading}, *written]


def _defeats(count: counting.SchulzeCount, election: FiledElection) -> list[str]:
    lines = [""]
    for test in count.tests:
        name, votes = election.options[test.option], f"{test.votes_for} : {test.votes_against}"
        if not test.reaches_quorum:
            lines.append(_("%(name)s yeter sayıya ulaşmadı (%(votes)s)") % {"name": name, "votes": votes})
        elif not test.has_majority:
            lines.append(_("%(name)s çoğunluğu sağlamadı (%(votes)s)") % {"name": name, "votes": votes})
    for defeat in count.defeats:
        winner, loser = election.options[defeat.winner], election.options[defeat.loser]
        lines.append(f"  {winner} > {loser}  ({defeat.votes_for} : {defeat.votes_against})")
    return lines


def _tie(tie: counting.Tie, election: FiledElection) -> str:
    def names(options: tuple[int, ...]) -> str:
        return ", ".join(election.options[option] for option in options)

    values = {"between": names(tie.between), "chosen": names(tie.chosen), "stage": tie.by_stage}
    match tie.broken_by:
        case counting.BrokenBy.EARLIER_STAGE:
            return _("Eşitlik (%(between)s), %(stage)d. aşamaya bakılarak: %(chosen)s") % values
        case counting.BrokenBy.LOT:
            return _("Eşitlik (%(between)s), kurayla: %(chosen)s") % values
        case _:
            return _("Eşitlik bozulamadı: %(between)s") % values
