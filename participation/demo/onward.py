"""What becomes of a proposal after its body: the board, the general assembly, the municipal council, the work, the review."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from councils.models import MunicipalMeeting
from participation.demo.reading import CONTENT
from people.models import Person
from proposals import actions as proposals
from proposals.actions.opinions.tallying import Figures
from proposals.budget.actions import LineFields, add_budget_line
from proposals.models import AssemblyTally, Decision, Opinion, Proposal, StrategicPlan

if TYPE_CHECKING:
    from participation.demo.telling import Teller

REVIEW_DUE = range(366, 381)
"""So many days after the work a review is opened, by the weekends and holidays that lie there."""
ANSWERED = (381, 395)
REVIEW_OVER = 411


class Onward:
    """Plans the later half of one proposal's story into the same calendar."""

    def __init__(self, teller: Teller) -> None:
        self.teller, self.data, self.council = teller, teller.data, teller.council
        self.secretary = teller.secretary
        self.milestones: dict[str, int] = {}
        self.opinion: Opinion
        self.tally: AssemblyTally
        self.decision: Decision

    def plan(self) -> None:
        plans = {
            "agenda": self._plan_agenda,
            "assembly": self._plan_assembly,
            "sent": self._plan_sending,
            "council": self._plan_council,
            "answered": self._plan_answer,
            "implementation": self._plan_implementation,
            "review": self._plan_review,
        }
        for name, plan in plans.items():
            if name in self.data:
                plan(self.data[name])

    @cached_property
    def president(self) -> Person:
        """Who leads the executive board."""
        offices = self.teller.setting.content.bodies[self.council.slug]
        return self.teller.setting.people[offices["yurutme-kurulu"]["president"]]

    @cached_property
    def meetings(self) -> list[MunicipalMeeting]:
        """The meetings whose agenda closed after the opinion was sent."""
        sent = self.teller.at(self.data["sent"]["at"])
        found = MunicipalMeeting.objects.filter(council=self.council, agenda_closes_at__gt=sent)
        return list(found.order_by("starts_at")[:4])

    # --- The council's own organs -------------------------------------------------------------------------------
    def _plan_agenda(self, at: str) -> None:
        self._act(self.teller.at(at), "put_on_agenda", actor=self.president)

    def _plan_assembly(self, row: dict[str, Any]) -> None:
        """The assembly votes in a meeting; its minutes are entered on the next day and compared on the one after it.

        One opinion may be made of several proposals, those named under ``with`` too.
        """
        agenda, held = self.teller.at(self.data["agenda"]), self.teller.at(row["at"])
        figures = Figures(
            timezone.localtime(held).date(), row["present"], row["for"], row["against"], row.get("abstain", 0)
        )

        def prepare(at: datetime) -> None:
            bundle = [self.teller.proposal, *map(self._told, row.get("with", []))]
            self.opinion = proposals.prepare_opinion(
                actor=self.secretary, council=self.council, proposals=bundle, at=at
            )
            if "title" in row:
                self.opinion = proposals.edit_opinion(
                    actor=self.secretary,
                    opinion=self.opinion,
                    title=row["title"],
                    text=self.opinion.text,
                    proposals=bundle,
                    base=self.opinion.revision,
                    at=at,
                )

        def enter(at: datetime) -> None:
            minutes = SimpleUploadedFile("Genel kurul tutanağı.pdf", (CONTENT / "ekler" / "tutanak.pdf").read_bytes())
            self.tally = proposals.enter_tally(
                actor=self.secretary, opinion=self.opinion, figures=figures, upload=minutes, at=at
            )

        def confirm(at: datetime) -> None:
            self.opinion = proposals.confirm_tally(actor=self.president, tally=self.tally, at=at)

        self.teller.calendar.add(agenda + (held - agenda) / 2, prepare)
        self.teller.calendar.add(held + timedelta(hours=20), enter)
        self.teller.calendar.add(held + timedelta(hours=44), confirm)

    def _plan_sending(self, row: dict[str, Any]) -> None:
        def send(at: datetime) -> None:
            self.opinion = proposals.send_opinion(
                actor=self.secretary,
                opinion=self.opinion,
                sent_on=timezone.localtime(at).date(),
                registry_number=row["registry"],
                at=at,
            )

        self.teller.calendar.add(self.teller.at(row["at"]), send)

    # --- The municipal council ----------------------------------------------------------------------------------
    def _plan_council(self, row: dict[str, Any]) -> None:
        """The first meeting after the sending takes the opinion up; one that a commission reports on is decided in the second."""
        add = self.teller.calendar.add
        if "missed" in row:
            for passed in self.meetings:
                if passed.starts_at + timedelta(days=2) <= self.teller.calendar.now:
                    add(passed.starts_at + timedelta(days=2), lambda at: proposals.note_missed_meetings(at=at))
            return
        meeting = self.meetings[0]
        self._put(meeting, row["number"])
        if "commission" in row:
            commission = row["commission"]
            refer = {"actor": self.secretary, "commission": commission["name"]}
            add(
                meeting.starts_at + timedelta(hours=2),
                lambda at: proposals.refer_to_commission(opinion=self.opinion, at=at, **refer),
            )
            if "report" in commission:
                meeting = self.meetings[1]
                back = {"actor": self.secretary, "report": commission["report"].strip()}
                add(
                    meeting.agenda_closes_at - timedelta(days=1),
                    lambda at: proposals.take_back_from_commission(opinion=self.opinion, at=at, **back),
                )
                self._put(meeting, row["number"])
        if "decision" in row:
            self._plan_decision(meeting, row["decision"])

    def _put(self, meeting: MunicipalMeeting, number: int) -> None:
        self.teller.calendar.add(
            meeting.agenda_closes_at,
            lambda at: proposals.put_on_municipal_agenda(
                actor=self.secretary, opinion=self.opinion, meeting=meeting, number=number, at=at
            ),
        )

    def _plan_decision(self, meeting: MunicipalMeeting, row: dict[str, Any]) -> None:
        """The secretary enters the decision, the directorate confirms it; its number grows with the year."""
        day = timezone.localtime(meeting.starts_at).date()
        tally = {f"votes_{name}": row[name] for name in ("for", "against", "abstain") if name in row}

        def enter(at: datetime) -> None:
            said: proposals.DecisionFields = {
                "meeting": meeting,
                "serial": day.timetuple().tm_yday + self.data["council"]["number"],
                "decided_on": day,
                "is_unanimous": not tally,
                "reasons": row["reasons"].strip(),
                **tally,  # type: ignore[typeddict-item]
            }
            outcomes = [self._outcome(self.teller.proposal, row)]
            outcomes += [self._outcome(self._told(name), other) for name, other in row.get("with", {}).items()]
            self.decision = proposals.enter_decision(
                actor=self.secretary, opinion=self.opinion, said=said, outcomes=outcomes, at=at
            )

        def confirm(at: datetime) -> None:
            proposals.confirm_decision(actor=self.teller.officer, decision=self.decision, at=at)

        self.teller.calendar.add(meeting.starts_at + timedelta(hours=20), enter)
        self.teller.calendar.add(meeting.starts_at + timedelta(hours=26), confirm)

    def _outcome(self, proposal: Proposal, row: dict[str, Any]) -> proposals.Said:
        """What is deferred is deferred to the first meeting that lies ahead."""
        ahead = MunicipalMeeting.objects.filter(council=self.council, agenda_closes_at__gt=self.teller.calendar.now)
        later = ahead.order_by("starts_at").first() if row["outcome"] == "deferred" else None
        return proposals.Said(proposal, row["outcome"], row.get("parts", "").strip(), row.get("code", ""), later)

    def _told(self, name: str) -> Proposal:
        """Another story's proposal as it stands now."""
        proposal = self.teller.setting.told[self.council.slug, name]
        proposal.refresh_from_db()
        return proposal

    # --- The directorate ----------------------------------------------------------------------------------------
    def _plan_answer(self, row: dict[str, Any]) -> None:
        """The directorate's own answer to what was proposed to it."""
        said = {"actor": self.teller.officer, "reason": row["reason"].strip()}
        if "code" in row:
            self._act(self.teller.at(row["at"]), "decline_directly", reason_code=row["code"], **said)
        else:
            self._act(self.teller.at(row["at"]), "accept_directly", **said)

    def _plan_implementation(self, row: dict[str, Any]) -> None:
        officer, begin = self.teller.officer, self.teller.at(row["at"])
        self._act(begin, "plan_implementation", actor=officer, unit=row["unit"], contact=row["contact"])
        self._plan_money(row, begin)
        for step in row["steps"]:
            self._plan_step(step, begin)
        for note in row.get("notes", []):
            self._act(self.teller.at(note["at"]), "write_progress", actor=officer, text=note["text"])
        if "done" in row:
            said = {"outcome": row["done"]["outcome"].strip(), "why_open": row["done"].get("why_open", "")}
            self._act(self.teller.at(row["done"]["at"]), "finish_implementation", actor=officer, **said)
        if "abandoned" in row:
            said = {"reason": row["abandoned"]["reason"].strip(), "reason_code": row["abandoned"]["code"]}
            self._act(self.teller.at(row["abandoned"]["at"]), "abandon_implementation", actor=officer, **said)

    def _plan_money(self, row: dict[str, Any], begin: datetime) -> None:
        """The line of the year's budget that pays it, and what it serves in the plan of its time."""
        officer, money = self.teller.officer, row.get("money")

        def pay(at: datetime) -> None:
            year = timezone.localtime(at).year
            said: LineFields = {"year": year, "code": money["code"], "name": money["name"], "unit": row["unit"]}
            said["amount"] = Decimal(money["whole"])
            line = add_budget_line(actor=officer, council=self.council, said=said, at=at)
            share = Decimal(money["share"]) if "share" in money else None
            proposals.fund_implementation(
                actor=officer, proposal=self.teller.proposal, line=line.pk, amount=share, at=at
            )

        def serve(at: datetime) -> None:
            plan = StrategicPlan.objects.get(council=self.council)
            known = {each.code: each.pk for each in plan.objectives.all()}
            proposals.serve_objective(
                actor=officer, proposal=self.teller.proposal, objective=known[row["serves"]], at=at
            )

        if money:
            self.teller.calendar.add(begin + timedelta(days=1), pay)
        if "serves" in row:
            self.teller.calendar.add(begin + timedelta(days=2), serve)

    def _plan_step(self, step: dict[str, Any], begin: datetime) -> None:
        title, planned = step["title"], timezone.localtime(self.teller.at(step["planned"])).date()
        officer = self.teller.officer

        def add(at: datetime) -> None:
            self.milestones[title] = proposals.add_milestone(
                actor=officer, proposal=self.teller.proposal, title=title, planned_on=planned, at=at
            ).pk

        def finish(at: datetime) -> None:
            self.teller.proposal.refresh_from_db()
            proposals.finish_milestone(
                actor=officer,
                proposal=self.teller.proposal,
                milestone=self.milestones[title],
                done_on=timezone.localtime(at).date(),
                evidence=step["evidence"],
                at=at,
            )

        self.teller.calendar.add(begin, add)
        if "done" in step:
            self.teller.calendar.add(self.teller.at(step["done"]), finish)

    # --- A year later -------------------------------------------------------------------------------------------
    def _plan_review(self, row: dict[str, Any]) -> None:
        """Those who supported it are asked a year after it was done; where the month is over, their answers are counted."""
        calendar, done = self.teller.calendar, self.teller.at(self.data["implementation"]["done"]["at"])
        for days in REVIEW_DUE:
            calendar.add(done + timedelta(days=days), lambda at: proposals.open_reviews(at=at))
        answers = [answer for answer, count in row["answers"].items() for _one in range(count)]
        self.teller.chance.shuffle(answers)
        sentences = row.get("said", {})
        first = {answer: answers.index(answer) for answer in sentences}
        begin, end = (done + timedelta(days=days) for days in ANSWERED)
        whole = min(end, calendar.now) - begin
        for index, answer in enumerate(answers):
            sentence = sentences[answer] if first.get(answer) == index else ""
            calendar.add(begin + whole * (index + 1) / (len(answers) + 2), self._answering(index, answer, sentence))
        over = done + timedelta(days=REVIEW_OVER)
        if over <= calendar.now:
            calendar.add(over, lambda at: proposals.close_reviews(at=at))

    def _answering(self, index: int, answer: str, sentence: str) -> Any:
        def give(at: datetime) -> None:
            supports = self.teller.proposal.supports.select_related("person").order_by("pk")
            person = supports[index].person
            proposals.answer_review(
                actor=person, proposal=self.teller.proposal, answer=answer, sentence=sentence, at=at
            )

        return give

    def _act(self, at: datetime, name: str, **with_: Any) -> None:
        action = getattr(proposals, name)
        self.teller.calendar.add(at, lambda at: action(proposal=self.teller.proposal, at=at, **with_))
