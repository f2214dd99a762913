"""The demo's requests to the directorate: filed, discussed and answered through the same actions as a person's clicks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from typing import Any

from django.utils import timezone

from articles.actions import Words, hand_in_article, release_article, start_article
from articles.models import Article
from councils.models import Council, Officer
from participation.demo.reading import moment, unwrapped
from participation.demo.settling import Setting
from people.models import Person
from servicerequests import actions
from servicerequests.models import Channel, DeskUnit, Joined, RequestType, ServiceRequest
from servicerequests.reading import last_answer

Deed = tuple[datetime, Callable[[], object]]


def serve(setting: Setting) -> None:
    """Open each council's desk and play its requests, all of them in the order of time."""
    deeds: list[Deed] = []
    for slug, asked in setting.content.requests.items():
        desk = _Desk(setting, setting.councils[slug], asked)
        deeds += desk.deeds()
        deeds += desk.mails()
        deeds += desk.articles()
    for _at, deed in sorted(deeds, key=lambda each: each[0]):
        deed()


class _Desk:
    """One council's desk and the stories of its requests."""

    def __init__(self, setting: Setting, council: Council, asked: dict[str, Any]) -> None:
        self.setting, self.council, self.asked = setting, council, asked
        first = min(moment(row["at"], now=setting.now) for row in asked["requests"])
        actions.start_desk(council=council, at=first)
        self.officers = {officer.person_id: officer for officer in Officer.objects.filter(council=council)}
        self.units = {unit.slug: unit for unit in DeskUnit.objects.filter(council=council)}
        for slug, row in asked["officers"].items():
            unit = self.units[slug]
            unit.head = self.officer(row["head"])
            unit.save(update_fields=["head"])
            unit.officers.set([self.officer(key) for key in row["officers"]])

    def officer(self, key: str) -> Officer:
        return self.officers[self.setting.people[key].pk]

    def deeds(self) -> list[Deed]:
        return [deed for row in self.asked["requests"] for deed in _Story(self, row).deeds()]

    def mails(self) -> list[Deed]:
        """What came to the mailbox from somebody nobody can vouch for, and waits."""
        rows = [(moment(row["at"], now=self.setting.now), row) for row in self.asked.get("mails", [])]
        return [(at, partial(self._take, number, row, at)) for number, (at, row) in enumerate(rows, 1)]

    def articles(self) -> list[Deed]:
        """The knowledge base: written by one officer, and read by another where `read_by` says whom."""
        rows = [(moment(row["at"], now=self.setting.now), row) for row in self.asked.get("articles", [])]
        return [(at, partial(self._write, row, at)) for at, row in rows]

    def _write(self, row: dict[str, Any], at: datetime) -> None:
        words = words_of(row)
        begun = start_article(actor=self.setting.people[row["by"]], council=self.council, words=words, at=at)
        hand_over(self.setting, begun, row, at)

    def _take(self, number: int, row: dict[str, Any], at: datetime) -> None:
        message = EmailMessage()
        message["From"], message["Subject"], message["Date"] = row["from"], row["subject"], at
        message.set_content(unwrapped(row["text"]))
        place = actions.Place(f"demo-{self.council.slug}", 1, number)
        mail = actions.take_mail(place=place, raw=message.as_bytes(), received_at=at, at=at)
        if mail is not None:
            mail.council = self.council
            mail.save(update_fields=["council"])


def words_of(row: dict[str, Any]) -> Words:
    return Words(row["title"], row["text"], row["summary"], tuple(row["topics"]))


def hand_over(setting: Setting, article: Article, row: dict[str, Any], at: datetime) -> None:
    """Hand an article in, and let a second officer release it."""
    hand_in_article(actor=setting.people[row["by"]], article=article, at=at)
    if "read_by" in row:
        release_article(actor=setting.people[row["read_by"]], article=article, seen=1, at=at)


class _Story:
    """One request with everything that happens to it; deeds of the same story keep the order they are told in."""

    def __init__(self, desk: _Desk, row: dict[str, Any]) -> None:
        self.desk, self.row, self.setting = desk, row, desk.setting
        self.request: ServiceRequest

    def deeds(self) -> list[Deed]:
        filed = self._at(self.row)
        said = ((self._at(row), partial(self._say, row)) for row in self.row.get("said", []))
        return [(filed, partial(self._file, filed)), *said]

    def _at(self, row: dict[str, Any]) -> datetime:
        return moment(row["at"], now=self.setting.now)

    def _person(self, key: str) -> Person:
        return self.setting.people[key]

    def _file(self, at: datetime) -> None:
        row, council = self.row, self.desk.council
        kind = RequestType.objects.get(council=council, slug=row["kind"])
        said = actions.Said(
            row["subject"],
            unwrapped(row["text"]),
            answers={name: self._answer(value) for name, value in row.get("answers", {}).items()},
            may_be_published=row.get("public", False),
        )
        common = {"council": council, "kind": kind, "said": said, "at": at}
        if "by" in row:
            organisation = self.setting.organisations[row["for"]] if "for" in row else None
            self.request = actions.file_request(actor=self._person(row["by"]), on_behalf_of=organisation, **common)
        else:
            self.request = actions.enter_request(
                actor=self._person(row["entered_by"]),
                named=row["named"],
                contact=row.get("contact", ""),
                channel=Channel(row["channel"]),
                **common,
            )
        Joined.objects.bulk_create(
            Joined(request=self.request, person=self._person(key), at=at) for key in row.get("joined", [])
        )

    def _answer(self, value: Any) -> Any:
        """A day is told from today on."""
        if isinstance(value, str) and value.startswith("+") and value.endswith("d"):
            return timezone.localtime(moment(f"{value} 00:00", now=self.setting.now)).date().isoformat()
        return value

    def _say(self, said: dict[str, Any]) -> None:
        at = self._at(said)
        theirs = {"actor": self._person(said["by"]) if "by" in said else None, "request": self.request, "at": at}
        own = {"actor": self.request.applicant, "request": self.request, "at": at}
        match said:
            case {"answer": text, "resolution": resolution}:
                actions.answer_request(text=unwrapped(text), resolution=resolution, **theirs)
            case {"ask": text}:
                actions.write_to_applicant(text=text, asks=True, **theirs)
            case {"tell": text}:
                actions.write_to_applicant(text=text, **theirs)
            case {"wait": text}:
                actions.wait_for_other(whom=text, **theirs)
            case {"note": text}:
                actions.note_inside(text=text, **theirs)
            case {"assign": unit, "to": officer}:
                whom = self.desk.officer(officer)
                actions.assign_request(unit=self.desk.units[unit], assignee=whom, **theirs)
            case {"article": True}:
                made = actions.make_article(words=words_of(said), is_checked=True, **theirs)
                hand_over(self.setting, made, said, at)
            case {"reply": text}:
                actions.reply_as_applicant(text=text, **own)
            case {"reopen": text}:
                actions.reopen_request(text=text, **own)
            case {"publish": True}:
                words = {
                    "subject": self.request.subject,
                    "text": self.request.text,
                    "answer": last_answer(self.request),
                }
                self.request.refresh_from_db()
                actions.publish_request(**words, **theirs)
            case {"withdraw": True}:
                actions.withdraw_request(**own)
            case _:
                raise ValueError(f"{self.request.number}: nobody knows what this is: {said!r}")
