"""What keeps attacks on the directorate's desk from succeeding, to be taken out one by one."""

from __future__ import annotations

from typing import Any

from discussions.markup import render
from people.verdicts import YES
from servicerequests.actions import filing
from servicerequests.models import ServiceRequest
from servicerequests.reading import Line
from tests.attacks.taking_out import always, puts
from tests.attacks.without import Guard, Site


def every_line(request: ServiceRequest, *_args: Any, **_: Any) -> list[Line]:
    return [Line(row, render(row.text), False, False, []) for row in request.messages.all()]


def whatever_was_said(entry: Any, request: ServiceRequest) -> Any:
    return request.messages.filter(at=entry.at).first()


def found_in_any_council(request: Any, number: str) -> ServiceRequest:
    return ServiceRequest.objects.get(number=number)


def forgets_the_key(site: Site) -> None:
    def file(*, key: Any, **said: Any) -> ServiceRequest:
        return filing.file_request(**said)

    site.replace("servicerequests.actions.file_request", file)


def whoever_sent_it(request: ServiceRequest) -> ServiceRequest | None:
    return ServiceRequest.objects.filter(key=request.key).first()


NOTES = "notes are left out of what the applicant's side reads"

GUARDS = (
    Guard(
        "test_141_what_the_desk_notes_inside_reaches_the_applicant_nowhere",
        NOTES,
        puts("servicerequests.reading._lines", every_line),
    ),
    Guard(
        "test_141_what_the_desk_notes_inside_is_in_no_mail",
        "mails quote what the desk wrote to the applicant and nothing else",
        puts("notifications.letters._said", whatever_was_said),
    ),
    Guard(
        "test_128_one_address_is_not_flooded_with_mails_of_requests",
        "mails of requests to one address are counted by the hour",
        puts("notifications.actions.posting.MOST_IN_AN_HOUR", 10**6),
    ),
    Guard(
        "test_128_nobody_we_do_not_know_gets_an_answer_to_a_mail_in_their_name",
        "a sender counts only when the receiving server vouches for them",
        puts("servicerequests.mail_parsing.proof_of", always("pass")),
    ),
    Guard(
        "test_078_what_stands_in_a_mail_or_was_typed_writes_no_header_of_the_answer",
        "headers are one line",
        puts("notifications.letters.header_text", str),
    ),
    Guard(
        "test_141_an_officer_who_asks_for_themselves_reads_no_notes_of_theirs",
        NOTES,
        puts("servicerequests.reading._lines", every_line),
    ),
    Guard(
        "test_141_reopening_lets_nobody_else_in",
        "the original is for its two sides",
        puts("servicerequests.views.conversation.may_read", always(YES)),
    ),
    Guard(
        "test_047_an_organisations_request_is_its_own",
        "the original is for its two sides",
        puts("servicerequests.views.conversation.may_read", always(YES)),
    ),
    Guard(
        "test_054_a_request_is_found_through_its_council_alone",
        "a request is found within the council of the address",
        puts("servicerequests.views.conversation.find_request", found_in_any_council),
    ),
    Guard(
        "test_143_the_same_form_sent_twice_is_one_request",
        "the key of the form",
        forgets_the_key,
    ),
    Guard(
        "test_143_the_key_of_another_persons_form_gives_nothing_of_theirs",
        "who sent the form the first time",
        puts("servicerequests.actions.filing._sent_before", whoever_sent_it),
    ),
)
