"""The guards against attacks on connections and topics; see `tests.attacks.guards`."""

from __future__ import annotations

from tests.attacks.taking_out import always, puts
from tests.attacks.unguarded import (
    headers_as_they_come,
    nobody_is_told,
    only_the_newest_is_told,
    says_ping,
)
from tests.attacks.without import Guard

GUARDS: tuple[Guard, ...] = (
    Guard(
        "test_085_a_socket_ends_with_its_session_and_its_account",
        "the end of a session is told to every hub",
        nobody_is_told("end_session", "end_person"),
        where="end_by_closing",
        fails=(AssertionError, TimeoutError),
    ),
    Guard(
        "test_086_who_lost_the_right_hears_nothing_more",
        "sockets are asked again",
        nobody_is_told("recheck"),
    ),
    Guard(
        "test_087_a_socket_writes_nothing",
        "a protocol of four words",
        says_ping,
        where="said0",
        fails=(AssertionError, TimeoutError),
    ),
    Guard(
        "test_088_what_is_no_short_plain_message_is_not_read",
        "size and shape are looked at first",
        puts("realtime.protocol.read", always(None)),
    ),
    Guard(
        "test_089_bytes_that_end_a_line_elsewhere_smuggle_no_header",
        "no byte that ends a line, and one origin, compared whole",
        headers_as_they_come,
    ),
    Guard(
        "test_092_who_comes_back_has_what_a_fresh_page_has",
        "what was missed is read from the journal",
        only_the_newest_is_told,
    ),
)
