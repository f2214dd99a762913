"""The demo's setting: people, where they live, organisations and their representatives, and who sits where."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from councils.actions import declare_residence, verify_residence
from councils.models import Body, Council, CouncilOrganisation, District, Membership, Officer, Role
from journal.actions import record
from organisations.journal_kinds import OrganisationKind
from organisations.models import Organisation, OrganisationForm, Representative
from participation.demo.reading import Content, PersonData, unwrapped
from people.models import Person
from proposals.models import Proposal

NOT_BODIES = ("secretary", "officers")
LEADING = (Role.FACILITATOR, Role.PRESIDENT, Role.SECRETARY)
FIRST_DAY = 1200
"""How many days ago the first of the demo's people joined."""


def invented_number(index: int) -> str:
    """An identity number with right check digits (python-stdnum, tr.tckimlik) in a range that is not given out."""
    digits = [int(digit) for digit in f"8{index:08d}"]
    tenth = (7 * sum(digits[0::2]) - sum(digits[1::2])) % 10
    return "".join(map(str, [*digits, tenth, (sum(digits) + tenth) % 10]))


class Setting:
    """Everybody and everything the stories are about, by the keys of the content."""

    def __init__(self, content: Content, councils: dict[str, Council], *, now: datetime) -> None:
        self.content, self.councils, self.now = content, councils, now
        self.people: dict[str, Person] = {}
        self.organisations: dict[str, Organisation] = {}
        self.told: dict[tuple[str, str], Proposal] = {}
        self.bodies: dict[tuple[str, str], Body] = {
            (body.council.slug, body.slug): body for body in Body.objects.select_related("council")
        }

    def settle(self) -> None:
        self._create_people()
        for slug, council in self.councils.items():
            self._fill_bodies(slug, council)
            for key, role in self.content.bodies[slug]["officers"].items():
                Officer.objects.create(council=council, person=self.people[key], role=role)
        self._house_people()
        for slug, council in self.councils.items():
            self._list_organisations(slug, council)

    def residents(self, council: str) -> list[PersonData]:
        return [data for data in self.content.people.values() if data.council == council and data.is_verified]

    def _create_people(self) -> None:
        no_password = make_password(None)
        rows = self.content.people.values()
        people = Person.objects.bulk_create(
            Person(
                email=data.email,
                display_name=data.name,
                password=no_password,
                joined_at=self.now - timedelta(days=FIRST_DAY - index / 3),
            )
            for index, data in enumerate(rows)
        )
        self.people = dict(zip((data.key for data in rows), people, strict=True))
        self._confirm_addresses(people)

    def _confirm_addresses(self, people: list[Person]) -> None:
        from allauth.account.models import EmailAddress

        EmailAddress.objects.bulk_create(
            EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in people
        )

    def _house_people(self) -> None:
        """Everybody says where they live; the secretary checks, and an officer checks the secretary."""
        districts = {(d.council_id, d.slug): d for d in District.objects.select_related("council")}
        for index, data in enumerate(self.content.people.values()):
            council, person = self.councils[data.council], self.people[data.key]
            offices = self.content.bodies[data.council]
            district = districts[council.pk, data.district]
            declare_residence(actor=person, district=district, at=person.joined_at)
            if data.is_verified:
                checker = offices["secretary"] if data.key != offices["secretary"] else next(iter(offices["officers"]))
                verify_residence(
                    actor=self.people[checker],
                    person=person,
                    council=council,
                    number=invented_number(index),
                    at=person.joined_at + timedelta(days=4),
                )

    def _fill_bodies(self, slug: str, council: Council) -> None:
        for body_slug, row in self.content.bodies[slug].items():
            if body_slug in NOT_BODIES:
                continue
            body = self.bodies[slug, body_slug]
            since = self.now - timedelta(days=row["since"])
            for role in LEADING:
                if role in row:
                    self._seat(body, row[role], role, since)
            for key in row.get("members", []):
                self._seat(body, key, Role.MEMBER, since)
            for key in row.get("observers", []):
                self._seat(body, key, Role.MEMBER, since, has_vote=False)

    def _seat(self, body: Body, key: str, role: str, since: datetime, *, has_vote: bool = True) -> None:
        day = timezone.localtime(since).date()
        Membership.objects.create(body=body, person=self.people[key], role=role, has_vote=has_vote, starts_on=day)

    def _list_organisations(self, slug: str, council: Council) -> None:
        for index, row in enumerate(self.content.organisations[slug]):
            organisation = self._create_organisation(row, council, at=self.now - timedelta(days=70 - index))
            self.organisations[row["slug"]] = organisation
            CouncilOrganisation.objects.create(
                council=council, organisation=organisation, district=council.districts.get(slug=row["district"])
            )
            starts_on = timezone.localtime(self.now - timedelta(days=69)).date()
            Representative.objects.bulk_create(
                Representative(organisation=organisation, person=self.people[key], starts_on=starts_on)
                for key in row["representatives"]
            )

    def _create_organisation(self, row: dict[str, Any], council: Council, *, at: datetime) -> Organisation:
        officer = self.people[next(iter(self.content.bodies[council.slug]["officers"]))]
        organisation = Organisation.objects.create(
            name=row["name"],
            slug=row["slug"],
            form=OrganisationForm.ASSOCIATION,
            about=f"{row['summary']}\n\n{unwrapped(row['about'])}",
            founded=row["founded"],
            is_sample=True,
            verified_at=at if row["verified"] else None,
            verified_by=officer if row["verified"] else None,
        )
        kinds = [OrganisationKind.LISTED] + ([OrganisationKind.VERIFIED] if row["verified"] else [])
        for kind in kinds:
            record(
                kind,
                actor=officer,
                subject=organisation,
                topic=f"organisation:{organisation.pk}",
                at=at,
                council=council,
                facts={"name": organisation.name},
            )
        return organisation
