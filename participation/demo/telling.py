"""The demo's stories told through the same actions as a person's clicks, in the order in which things happened."""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from ballots import actions as ballots
from ballots.models import Ballot, Choice
from discussions import actions as discussions
from discussions.models import Comment, Thread
from participation.demo.calendar import Calendar, Deed
from participation.demo.onward import Onward
from participation.demo.plans import plan_strategic_plans
from participation.demo.procedures import plan_procedures
from participation.demo.reading import CONTENT, Story, moment, unwrapped
from participation.demo.settling import NOT_BODIES, Setting
from people.models import Person
from people.verdicts import Verdict
from proposals import actions as proposals
from proposals.actions.balloting import quorum_of, roll
from proposals.actions.moving import move
from proposals.actions.supporting import Asked
from proposals.actions.supporting import write as give_supports
from proposals.amending import AmendmentKind, paragraphs_of
from proposals.journal_kinds import ProposalKind
from proposals.models import Amendment, Proposal, ProposalBallot
from proposals.stages import Stage
from workinggroups.actions import ask_to_join

NAMESPACE = uuid.UUID("6d657964-616e-4000-8000-000000000000")
# People one can be in the demo: they leave open ballots and running support to whoever tries the site.
PLAYED = ("ayse", "mehmet", "elif", "derya")


class Conversation:
    """Comments planned into a calendar; replies find their parents when their time comes."""

    def __init__(self, calendar: Calendar, setting: Setting, name: str, thread: Callable[[], Thread]) -> None:
        self.calendar, self.setting, self.name, self.thread = calendar, setting, name, thread
        self.comments: dict[str, Comment] = {}

    def plan(self, rows: list[dict[str, Any]], parent: str = "") -> None:
        for index, row in enumerate(rows):
            place = f"{parent}/{index}"
            self._plan_one(row, place, parent)
            self.plan(row.get("replies", []), place)

    def _plan_one(self, row: dict[str, Any], place: str, parent: str) -> None:
        author = self.setting.people[row["by"]]

        def write(at: datetime) -> None:
            self.comments[place] = discussions.add_comment(
                actor=author,
                thread=self.thread(),
                text=self._with_names(row["text"]),
                mark=row["mark"],
                key=uuid.uuid5(NAMESPACE, self.name + place),
                parent=self.comments.get(parent),
                at=at,
            )

        self.calendar.add(self._at(row["at"]), write)
        if "edited" in row:
            text = row["edited"]["text"]
            self._later(row["edited"]["at"], place, discussions.edit_comment, actor=author, text=text)
        if "deleted" in row:
            self._later(row["deleted"], place, discussions.delete_comment, actor=author)
        if "reported" in row:
            report = row["reported"]
            reader = self.setting.people[report["by"]]
            about = {"reason": report["reason"], "note": report["note"]}
            self._later(report["at"], place, discussions.report_comment, actor=reader, **about)
        if "hidden" in row:
            moderator, reason = self.setting.people[row["hidden"]["by"]], row["hidden"]["reason"]
            self._later(row["hidden"]["at"], place, discussions.hide_comment, actor=moderator, reason=reason)

    def _later(self, at: str, place: str, action: Callable[..., object], **with_: Any) -> None:
        self.calendar.add(self._at(at), lambda at: action(comment=self.comments[place], at=at, **with_))

    def _at(self, text: str) -> datetime:
        return moment(text, now=self.calendar.now)

    def _with_names(self, text: str) -> str:
        people = self.setting.content.people
        return re.sub(r"@\{([^}]+)\}", lambda found: f"@{people[found[1]].name}", text)


class Teller:
    """Plans one proposal's story."""

    def __init__(self, calendar: Calendar, setting: Setting, story: Story) -> None:
        self.calendar, self.setting, self.story, self.data = calendar, setting, story, story.data
        self.council = setting.councils[story.council]
        self.body = setting.bodies[story.council, self.data["to"]]
        self.author = setting.people[self.data["author"]]
        self.secretary = setting.people[setting.content.bodies[story.council]["secretary"]]
        self.officer = setting.people[self._officer_key()]
        self.leader = setting.people[self._leader_key()]
        self.chance = random.Random(f"{story.council}/{story.name}")  # noqa: S311 - the same demo every time
        self.proposal: Proposal

    def _leader_key(self) -> str:
        """Who leads its body; the directorate, where nobody has a seat, is led by its officer."""
        row = self.setting.content.bodies[self.story.council].get(self.body.slug)
        return str(row.get("facilitator") or row.get("president")) if row else self._officer_key()

    def _officer_key(self) -> str:
        officers = self.setting.content.bodies[self.story.council]["officers"]
        return next(key for key, role in officers.items() if role == "directorate")

    def at(self, text: str) -> datetime:
        return moment(text, now=self.calendar.now)

    def plan(self) -> None:
        add, data = self.calendar.add, self.data
        add(self.at(data["written"]), self.write)
        if "submitted" in data:
            add(self.at(data["submitted"]), self.submit)
        if "admitted" in data:
            add(self.at(data["admitted"]), self._act(proposals.find_admissible, actor=self.secretary))
        if "support" in data:
            self.plan_support()
        for version in self.story.versions():
            add(self.at(version["at"]), self._revision(version["text"], version["note"]))
        for row in data.get("amendments", []):
            self.plan_amendment(row)
        for attachment in data.get("attachments", []):
            add(self.at(attachment["at"]), self._attaching(attachment))
        if "ballot" in data:
            self.plan_ballot()
        if "unsupported" in data:
            add(self.at(data["unsupported"]), lambda at: proposals.end_support_periods(at=at))
        if "merged" in data:
            add(self.at(data["merged"]["at"]), self.merge)
        if "split" in data:
            add(self.at(data["split"]["at"]), self.split)
        exits = [
            ("inadmissible", proposals.find_inadmissible, self.secretary),
            ("declined", proposals.decline_in_group, self.leader),
            ("withdrawn", proposals.withdraw_proposal, self.author),
        ]
        for name, action, actor in exits:
            if name in data:
                why = {"reason": data[name]["reason"].strip(), "reason_code": data[name]["code"]}
                add(self.at(data[name]["at"]), self._act(action, actor=actor, **why))
        Onward(self).plan()
        conversation = Conversation(
            self.calendar, self.setting, f"{self.story.council}/{self.story.name}", self._thread
        )
        conversation.plan(data.get("discussion", []))

    # --- The way of a proposal ----------------------------------------------------------------------------------

    def write(self, at: datetime) -> None:
        data = self.data
        draft = proposals.start_draft(actor=self.author, council=self.council, at=at)
        changes: dict[str, Any] = {
            "title": data["title"],
            "summary": data["summary"],
            "text": self.story.text,
            "theme": self.council.themes.get(slug=data["theme"]),
            "addressed_to": self.body,
        }
        if "district" in data:
            changes["district"] = self.council.districts.get(slug=data["district"])
        if "point" in data:
            changes["latitude"], changes["longitude"] = data["point"]
        if "organisation" in data:
            changes["on_behalf_of"] = self.setting.organisations[data["organisation"]]
        self.proposal = proposals.save_draft(actor=self.author, proposal=draft, changes=changes, at=at)
        self.setting.told[self.story.council, self.story.name] = self.proposal

    def submit(self, at: datetime) -> None:
        self.proposal = proposals.submit_proposal(actor=self.author, proposal=self.proposal, at=at)

    def merge(self, at: datetime) -> None:
        row = self.data["merged"]
        into = self.setting.told[self.story.council, row["into"]]
        proposals.merge_proposals(
            actor=self.secretary, proposal=self.proposal, into=into, reason=row["reason"].strip(), at=at
        )

    def split(self, at: datetime) -> None:
        row = self.data["split"]
        parts = [proposals.Part(part["title"], part["summary"], unwrapped(part["text"])) for part in row["parts"]]
        proposals.split_proposal(
            actor=self.secretary, proposal=self.proposal, parts=parts, reason=row["reason"].strip(), at=at
        )

    def plan_support(self) -> None:
        support = self.data["support"]
        begins, ends = self.at(self.data["admitted"]), self.at(support["until"])
        ends = min(ends, self.calendar.now)
        last = support.get("last", [])
        is_running = not ({"ballot", "declined", "withdrawn", "unsupported"} & set(self.data)) and support["count"] < 20
        avoided = {self.data["author"], *last, *(PLAYED if is_running else ())}
        residents = [data.key for data in self.setting.residents(self.story.council) if data.key not in avoided]
        keys = [*self.chance.sample(residents, support["count"] - len(last)), *last]
        moments = sorted(begins + (ends - begins) * self.chance.random() for _key in keys[1:])
        rows = list(zip(keys, [*moments, ends], strict=True))
        self.calendar.add(ends, lambda _at: self._support(rows))

    def _support(self, rows: list[tuple[str, datetime]]) -> None:
        """Everybody's support in one go, each at its own moment, as supports that come in together are written."""
        answers = give_supports(
            [
                Asked(self.proposal.pk, self.setting.people[key], self.setting.content.people[key].shows_name, at)
                for key, at in rows
            ]
        )
        for answer in answers:
            if isinstance(answer, Verdict):
                answer.require()

    def _revision(self, text: str, note: str) -> Deed:
        data = self.data
        return self._act(
            proposals.revise_proposal,
            actor=self.author,
            title=data["title"],
            summary=data["summary"],
            text=text,
            note=note,
        )

    def plan_amendment(self, row: dict[str, Any]) -> None:
        """Somebody asks for a change of the paragraph that begins with certain words; perhaps it is decided later."""
        made: list[Amendment] = []
        self.calendar.add(self.at(row["at"]), lambda at: made.append(self._amend(row, at)))
        for name, action in (("accepted", proposals.accept_amendment), ("declined", proposals.decline_amendment)):
            if name in row:
                said = {key: value for key, value in row[name].items() if key != "at"}
                self.calendar.add(
                    self.at(row[name]["at"]),
                    lambda at, action=action, said=said: action(  # type: ignore[misc]
                        actor=self.author, amendment=made[0], at=at, **said
                    ),
                )

    def _amend(self, row: dict[str, Any], at: datetime) -> Amendment:
        self.proposal.refresh_from_db()
        paragraphs = paragraphs_of(self.proposal.text)
        position = next(n for n, text in enumerate(paragraphs, start=1) if text.startswith(row["paragraph"]))
        text = row.get("text", paragraphs[position - 1])
        for old, new in row.get("changes", []):
            text = text.replace(old, new)
        return proposals.propose_amendment(
            actor=self.setting.people[row["by"]],
            proposal=self.proposal,
            kind=row.get("kind", AmendmentKind.REPLACE),
            position=position,
            text=text,
            reason=row["reason"],
            at=at,
        )

    def _attaching(self, row: dict[str, str]) -> Deed:
        def attach(at: datetime) -> None:
            upload = SimpleUploadedFile(row["name"], (CONTENT / "ekler" / row["file"]).read_bytes())
            proposals.add_attachment(
                actor=self.author, proposal=self.proposal, upload=upload, description=row["description"], at=at
            )

        return attach

    # --- Ballots ------------------------------------------------------------------------------------------------

    def plan_ballot(self) -> None:
        opened, closes = self.at(self.data["ballot"]["opened"]), self.at(self.data["ballot"]["closes"])
        if closes > self.calendar.now:
            self.calendar.add(opened, lambda at: self.open_running_ballot(at, closes))
        else:
            self.calendar.add(closes, lambda at: self.record_past_ballot(opened, closes))

    def open_running_ballot(self, opened: datetime, closes: datetime) -> None:
        """A ballot that is open now. Votes go by the database's clock, so all of them bear the moment of loading."""
        ballot = proposals.open_ballot(
            actor=self.leader, proposal=self.proposal, opens_at=opened, closes_at=closes, at=opened
        )
        for person, choice in self._votes(list(ballot.electors.values_list("person_id", flat=True)), PLAYED):
            ballots.cast_vote(actor=person, ballot=ballot, paper=choice)

    def record_past_ballot(self, opened: datetime, closes: datetime) -> None:
        """A ballot that has ended: nobody can vote in the past, so it is written down as one that was held elsewhere."""
        self.proposal.refresh_from_db()
        electors = roll(self.proposal, at=opened)
        ballots.record_past_ballot(
            actor=self.leader,
            policy="proposals.proposal",
            question=_("“%(title)s” önerisi kabul edilsin mi?") % {"title": self.proposal.title},
            electors=electors,
            votes={
                person.pk: (choice, opened + (closes - opened) * (0.02 + 0.95 * self.chance.random()))
                for person, choice in self._votes(electors, ())
            },
            opens_at=opened,
            closes_at=closes,
            quorum=quorum_of(len(electors), self.proposal.quorum_percent or 0),
            majority=self.proposal.majority,
            place=(self.council, self.body),
            link=lambda ballot: self._put_to(ballot, opened, closes),
            tell_owner=True,
        )

    def _put_to(self, ballot: Ballot, opened: datetime, closes: datetime) -> None:
        ProposalBallot.objects.create(proposal=self.proposal, ballot=ballot)
        move(
            self.proposal,
            Stage.BALLOT,
            kind=ProposalKind.BALLOT_OPENED,
            actor=self.leader,
            at=opened,
            due_at=closes,
            facts={"ballot": ballot.pk},
        )

    def _votes(self, electors: list[int], without: tuple[str, ...]) -> list[tuple[Person, str]]:
        """Who votes how: the known votes first, the rest of each choice by chance."""
        data = self.data["ballot"]
        known: dict[str, str] = dict(data.get("known", {}))
        keys = [key for key, person in self.setting.people.items() if person.pk in set(electors)]
        free = [key for key in keys if key not in known and key not in without]
        self.chance.shuffle(free)
        votes = dict(known)
        for choice in Choice.values:
            missing = data[choice] - list(known.values()).count(choice)
            votes.update((free.pop(), choice) for _vote in range(missing))
        return [(self.setting.people[key], choice) for key, choice in votes.items()]

    # --- Steps --------------------------------------------------------------------------------------------------

    def _act(self, action: Callable[..., object], **with_: Any) -> Deed:
        return lambda at: action(proposal=self.proposal, at=at, **with_)

    def _thread(self) -> Thread:
        thread = self.proposal.thread
        assert thread is not None
        return thread


def tell(setting: Setting) -> None:
    """Plan every story, conversation and request, then do them all in the order of their moments."""
    calendar = Calendar(now=setting.now)
    for story in setting.content.stories:
        Teller(calendar, setting, story).plan()
    plan_procedures(calendar, setting)
    plan_strategic_plans(calendar, setting)
    for slug in setting.councils:
        for body_slug, rows in setting.content.conversations(slug).items():
            thread = setting.bodies[slug, body_slug].charter.thread
            Conversation(calendar, setting, body_slug, lambda thread=thread: thread).plan(rows)  # type: ignore[misc]
        for body_slug, row in setting.content.bodies[slug].items():
            if body_slug not in NOT_BODIES:
                _plan_requests(calendar, setting, slug, body_slug, row.get("requests", []))
    calendar.run()


def _plan_requests(calendar: Calendar, setting: Setting, slug: str, body_slug: str, rows: list[dict[str, str]]) -> None:
    for row in rows:
        person, body, message = setting.people[row["by"]], setting.bodies[slug, body_slug], row["message"]

        def ask(at: datetime, person: Any = person, body: Any = body, message: str = message) -> None:
            ask_to_join(actor=person, body=body, message=message, at=at)

        calendar.add(moment(row["at"], now=calendar.now), ask)
