"""Case 46: every address for everybody. An address without a row here fails, and so does a row that is not kept."""

from __future__ import annotations

import re
import uuid

import pytest
from django.contrib.admin import site
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.attacks.access import ROWS
from tests.attacks.access.asking import addresses, outcome, sent
from tests.attacks.access.objects import args
from tests.attacks.access.row import REASON, K
from tests.attacks.conftest import ROLES

pytestmark = pytest.mark.django_db


def test_046_every_address_has_a_row():
    names = set(dict(addresses()))
    assert names - {each.name for each in ROWS} == set()
    assert {each.name for each in ROWS} - names == set()


@pytest.mark.parametrize("role", ROLES)
def test_046_everybody_gets_what_the_rows_say(world, role):
    wrong = []
    client = world.client(role)
    for each in ROWS:
        if role not in each.roles:
            continue
        path = reverse(each.name, args=args(world, each.name))
        found = outcome(world.ask(role, each.method, path, client=client, **sent(each)))
        if found != each.expected(role):
            wrong.append(f"{each.method} {each.name}: {found}, not {each.expected(role)}")
    assert wrong == []


METHODS = ("head", "options", "post", "put", "delete")
LEAD_ON = {"account_logout", "account_confirm_login_code", "mfa_authenticate", "mfa_login_webauthn"}


@pytest.mark.parametrize("role", ["ayse"])
def test_046_no_method_without_a_row_does_anything(world, role):
    """Whatever an address does not know is refused; HEAD is a GET, OPTIONS tells methods and nothing else."""
    client = world.client(role)
    rows = {(each.name, each.method): each for each in ROWS}
    wrong = []
    for name in sorted(set(dict(addresses()))):
        # allauth sends who is signed in away before it looks at the method.
        asking, who = (Client(), "visitor") if name.startswith("account_") else (client, role)
        if name.startswith("api-"):
            cache.clear()  # all addresses together are more than a person may ask in a minute
        path = reverse(name, args=args(world, name))
        for method in METHODS:
            if (name, method) in rows or (method == "head" and (name, "get") not in rows):
                continue
            found = outcome(world.ask(role, method, path, client=asking))
            allowed = {"wrong", "login", "refused", "absent"}
            if method == "head":
                allowed = {rows[name, "get"].expected(who), "wrong"}
            elif method == "options":
                allowed |= {"open"}
            elif method == "post" and not name.startswith("api-"):
                allowed |= {"form"}  # a form that says what is missing
            if name.startswith("mfa_reauthenticate") or name in LEAD_ON:
                allowed |= {"open"}  # they lead on
            elif name.startswith("account_"):
                allowed |= {"429"}
            if found not in allowed:
                wrong.append(f"{method} {name}: {found}")
    assert not wrong, "\n".join(wrong)


def test_056_parts_of_a_page_have_the_guard_of_the_page(world):
    """Case 56: asked for by htmx or by the live engine, an address refuses the same people."""
    guarded = [each for each in ROWS if each.method == "get" and each.named and not each.name.startswith("api-")]
    for role in ("visitor", "mehmet", "neighbour"):
        client = world.client(role)
        for each in guarded:
            path = reverse(each.name, args=args(world, each.name))
            for header in ({"HX-Request": "true"}, {"X-Requested-With": "live"}):
                answer = world.ask(role, "get", path, client=client, headers=header)
                assert outcome(answer) == each.expected(role), (role, each.name, header)


def test_046_the_administration_is_closed_to_everybody_but_superusers(world):
    inside = [
        reverse("admin:index"),
        *(reverse(f"admin:{m._meta.label_lower.replace('.', '_')}_changelist") for m in site._registry),
    ]
    for role in ROLES:
        client = world.client(role)
        for path in inside if role in {"visitor", "secretary", "superuser"} else inside[:1]:
            found = outcome(world.ask(role, "get", path, client=client))
            assert (found == "open") is (role == "superuser"), (role, path, found)


def test_054_addresses_of_one_council_show_nothing_of_another(world):
    """Case 54: whatever hangs below a council, a group or a thread is found only there."""
    t = world.things
    there = ["adana", t.group_there.slug]
    other_thread = t.submitted.thread_id
    for role, name, arguments in (
        ("facilitator", "proposal_detail", ["adana", t.gathering.number]),
        ("secretary", "proposal_admissibility", ["adana", t.submitted.number]),
        ("ayse", "proposal_draft", ["adana", t.draft.key]),
        ("ayse", "proposal_attachment", ["adana", t.document.pk]),
        ("secretary", "group_detail", ["adana", t.group.slug]),
        ("neighbour", "group_requests", ["adana", t.group.slug]),
        ("neighbour", "group_member_end", [*there, t.seat.pk]),
        ("neighbour", "residence_person", ["adana", world.people["mehmet"].pk]),
        ("secretary", "comment_page", [other_thread, t.comment.pk]),
        ("secretary", "comment_hide", [other_thread, t.comment.pk]),
        ("ayse", "comment_edit", [other_thread, t.comment.pk]),
    ):
        found = outcome(world.ask(role, "get", reverse(name, args=arguments)))
        assert found == "absent", (role, name, found)
    for name in ("group_request_accept", "group_request_decline"):
        answer = world.ask("neighbour", "post", reverse(name, args=[*there, t.wish.pk]), REASON)
        assert outcome(answer) == "absent", name
    hidden = outcome(world.ask("secretary", "post", reverse("comment_restore", args=[other_thread, t.hidden.pk])))
    assert hidden == "absent"
    assert (
        outcome(world.ask("neighbour", "get", reverse("organisation_detail", args=["adana", t.organisation.slug])))
        == "absent"
    )


def test_057_a_draft_and_its_files_exist_for_their_author_only(world):
    """Cases 57 and 119: page, file, HEAD and Range follow one rule."""
    file = reverse("proposal_attachment", args=[K, world.things.secret.pk])
    for role in ROLES:
        client = world.client(role)
        for method, header in (("get", {}), ("head", {}), ("get", {"Range": "bytes=0-3"})):
            found = outcome(world.ask(role, method, file, client=client, headers=header))
            assert found == ("open" if role == "ayse" else "absent"), (role, method)
    for role in ("mehmet", "secretary", "superuser"):
        world.client(role).post(reverse("proposal_discard", args=[K, world.things.draft.key]))
    world.things.draft.refresh_from_db()
    assert world.things.draft.attachments.count() == 1


def test_136_what_is_hidden_looks_exactly_like_what_is_not_there(world):
    """Case 136: nobody learns from an error page that a draft exists."""
    pages = []
    for key in (world.things.draft.key, uuid.uuid4()):
        text = world.ask("mehmet", "get", reverse("proposal_draft", args=[K, key])).content.decode()
        pages.append(
            re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9]{64}|data-live-at=\"\d+\"|nonce=\"[^\"]+\"", "", text)
        )
    assert pages[0] == pages[1]
    for text in pages:
        assert not re.search(r"Traceback|Django|/site-packages/|DoesNotExist|urlconf", text)
