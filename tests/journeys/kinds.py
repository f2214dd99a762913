"""A kind of page to look at: its route, who looks, what stands in the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from playwright.sync_api import Page

from proposals.stages import Stage
from tests.journeys.city import City
from tests.proposals.municipal import proposals_of

SITE = "tests.people.demo_site"
"""The addresses of an installation in demo mode, as the site under test has them."""

Arguments = Callable[[City], Iterable[Any]]
Deed = Callable[[Page, City], None]


def council(city: City) -> list[Any]:
    return [city.council.slug]


@dataclass(frozen=True)
class Kind:
    """A kind of page: its route, who looks, what stands in the address, what is done there first."""

    route: str
    who: str = ""
    arguments: Arguments = council
    note: str = ""
    query: str = ""
    do: Deed | None = None
    status: int = 200
    leads_on: bool = False
    """Whether the address is left again on purpose."""
    path: str = ""

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.route, self.note, f"({self.who})" if self.who else "") if part)

    def address(self, city: City) -> str:
        return (self.path or reverse(self.route, urlconf=SITE, args=list(self.arguments(city)))) + self.query


def nothing(city: City) -> list[Any]:
    return []


def article(name: str) -> Arguments:
    return lambda city: [city.council.slug, city.articles[name].slug]


def request(name: str) -> Arguments:
    return lambda city: [city.council.slug, city.requests[name].number]


def loan(name: str) -> Arguments:
    return lambda city: [city.council.slug, city.loans[name].pk]


def lent_item(city: City) -> list[Any]:
    return [city.council.slug, city.loans["reserved"].item.slug]


def board_post(name: str) -> Arguments:
    return lambda city: [city.council.slug, city.posts[name].pk]


def partnership(city: City) -> list[Any]:
    return [city.council.slug, city.partnership.pk]


def of(stage: Stage) -> Arguments:
    return lambda city: [city.council.slug, city[stage].number]


def opinion(state: str) -> Arguments:
    def found(city: City) -> list[Any]:
        one = city.opinions[state]
        return [city.council.slug, one.number or one.key]

    return found


def group(city: City) -> list[Any]:
    return [city.council.slug, city.group.slug]


def assembly(city: City) -> list[Any]:
    return [city.council.slug, city.assembly.slug]


def draft(city: City) -> list[Any]:
    return [city.council.slug, city.draft.key]


def question(word: str) -> Arguments:
    return lambda city: [*draft(city), word]


def amendment(number: int) -> Arguments:
    return lambda city: [*of(Stage.GATHERING)(city), number]


def thread(city: City) -> list[Any]:
    return [city[Stage.GATHERING].thread_id]


def comment(name: str) -> Arguments:
    return lambda city: [city.comments[name].thread_id, city.comments[name].pk]


def passkey(city: City) -> list[Any]:
    return [city.passkey.pk]


def ballot(city: City) -> list[Any]:
    return [city.ballot.pk]


def past_ballot(city: City) -> list[Any]:
    return [city.past_ballot.pk]


def before_council(city: City) -> list[Any]:
    return [city.council.slug, city.before_council["missed"].number]


def decided(city: City) -> list[Any]:
    return [city.council.slug, proposals_of(city.before_council["decision"].opinion)[0].number]


def missed(city: City) -> list[Any]:
    return [city.council.slug, proposals_of(city.before_council["missed"])[0].number]


def confirmation(city: City) -> list[Any]:
    return [EmailConfirmationHMAC(EmailAddress.objects.get(verified=False)).key]


def reset(city: City) -> list[Any]:
    person = city.people["zeynep"]
    return [user_pk_to_url_str(person), default_token_generator.make_token(person)]
