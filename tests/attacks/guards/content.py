"""The guards against attacks on what is written and shown; see `tests.attacks.guards`."""

from __future__ import annotations

from django.core.mail import BadHeaderError

from tests.attacks.taking_out import always, puts
from tests.attacks.unguarded import (
    html_in_markdown,
    inline_scripts_allowed,
    no_escaping,
    sentences_read_twice,
)
from tests.attacks.without import Guard

GUARDS: tuple[Guard, ...] = (
    Guard(
        "test_077_a_notice_does_not_read_its_facts_as_a_template",
        "facts are put in once",
        puts("notifications.reading.sentence", lambda kind, facts, due_at=None: str(facts["note"]).format_map(facts)),
        fails=(AssertionError, AttributeError, KeyError, ValueError),
    ),
    Guard(
        "test_078_a_title_writes_no_header_of_a_mail",
        "headers are one line",
        puts("notifications.composing.header_text", lambda text: text),
        fails=(AssertionError, BadHeaderError),
    ),
    Guard(
        "test_077_a_sentence_of_the_record_does_not_read_its_facts_as_a_template",
        "facts are put in once",
        sentences_read_twice,
    ),
    Guard(
        "test_083_a_page_of_another_site_opens_no_socket",
        "origins are compared whole",
        puts("realtime.origins.is_allowed", always(True)),
        where="http://evil.tld",
    ),
    Guard("test_069_a_payload_in_any_field_stays_text_on_every_page", "templates escape", no_escaping, where="0"),
    Guard("test_070_markdown_gives_html_in_which_nothing_runs", "Markdown without HTML, then nh3", html_in_markdown),
    Guard(
        "test_071_markup_that_changes_its_meaning_when_read_again_stays_text",
        "Markdown without HTML, then nh3",
        html_in_markdown,
    ),
    Guard("test_073_what_a_request_says_is_not_said_back_as_html", "templates escape", no_escaping),
    Guard("test_081_every_page_forbids_what_is_not_its_own", "a policy without unsafe-inline", inline_scripts_allowed),
)
