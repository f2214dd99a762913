"""Cases 107 and 112: a key of somebody who is gone opens nothing, and no key opens more than it was made for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from councils.models import Role
from participation.api.base import Endpoint
from participation.api.views.nowhere import Nowhere
from people.actions import close_account, make_token, revoke_token
from people.models import AccessToken, Person
from people.tokens import Area, Scope
from people.verdicts import Refused
from proposals.models import Proposal, Support
from proposals.stages import Stage
from tests import factories as f

pytestmark = pytest.mark.django_db
ALL_BUT_DESK = [scope for scope in Scope.values if not scope.startswith("desk")]


def ask(token, method, path, body=None, **headers):
    """A program without cookies; form tokens are asked of everybody who is not one."""
    client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {token}", **headers})
    options = {"content_type": "application/json"} if method != "get" else {}
    return getattr(client, method)(f"/api/v1/{path}", {} if body is None else body, **options)


def deactivate(person):
    person.is_active = False
    person.save()


def change_password(person):
    person.set_password("yepyeni-uzun-parola")
    person.save()


def close(person):
    close_account(person=person, at=timezone.now())


def revoke(person):
    revoke_token(actor=person, token=AccessToken.objects.get(), at=timezone.now())


def let_it_expire(person):
    AccessToken.objects.update(created_at=timezone.now() - timedelta(days=9), expires_at=timezone.now())


@pytest.mark.parametrize("end", [deactivate, change_password, close, revoke, let_it_expire])
def test_107_a_token_is_dead_as_soon_as_its_account_changes(kocaeli, ayse, end):
    token = f.token(ayse, *ALL_BUT_DESK)
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    support = f"councils/kocaeli/proposals/{proposal.number}/support/"
    assert ask(token, "get", support).status_code == 200
    end(ayse)
    for method, path in (("get", "councils/kocaeli/drafts/"), ("put", support), ("get", "councils/")):
        answer = ask(token, method, path)
        assert (answer.status_code, answer.json().get("code")) == (401, "invalid_token"), path
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert Support.objects.count() == 0


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer x", "bearer mey_aaaaaaaaaa_" + "a" * 43, "Bearer " + "a" * 5000, "Bearer mey_\u015f"],
)
def test_112_a_wrong_token_is_refused_even_where_none_is_needed(kocaeli, header):
    answer = Client(headers={"Authorization": header}).get("/api/v1/councils/")
    assert (answer.status_code, answer.json().get("code")) == (401, "invalid_token")


def test_112_a_token_with_the_right_prefix_and_a_wrong_secret_is_refused(kocaeli, ayse):
    token = f.token(ayse, "councils:read")
    wrong = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert ask(wrong, "get", "councils/").status_code == 401
    assert ask(token, "get", "councils/").status_code == 200


def test_107_a_token_opens_no_page_and_a_cookie_beside_it_adds_nothing(client, kocaeli, ayse, mehmet):
    token = f.token(ayse, "councils:read")
    for name in ("me", "settings", "tokens", "my_data_file"):
        assert Client(headers={"Authorization": f"Bearer {token}"}).get(reverse(name)).status_code == 302
    client.force_login(mehmet)
    answer = client.get("/api/v1/councils/kocaeli/drafts/", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json().get("code")) == (403, "insufficient_scope")


def test_107_a_token_writes_without_a_form_token_but_a_session_beside_a_wrong_one_does_not(kocaeli, ayse):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    path = f"councils/kocaeli/proposals/{proposal.number}/support/"
    assert ask(f.token(ayse, "proposals:write"), "put", path).status_code == 200
    assert Support.objects.count() == 1


# --- Scopes -----------------------------------------------------------------------------------------------------------
def endpoints(resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from endpoints(pattern)
        elif issubclass(cls := getattr(pattern.callback, "cls", object), Endpoint):
            yield pattern.name, cls


def test_107_every_endpoint_says_which_scope_it_needs():
    found = dict(endpoints())
    assert len(found) > 20
    silent = [name for name, cls in found.items() if cls is not Nowhere and getattr(cls, "area", None) not in set(Area)]
    assert silent == []
    for name, cls in found.items():
        if cls is not Nowhere:
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                if hasattr(cls, method.lower()):
                    assert cls.scope_of(method) in Scope.values, (name, method)


def test_107_a_token_does_only_what_it_was_made_for(kocaeli, ulasim, ayse):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    support = f"councils/kocaeli/proposals/{proposal.number}/support/"
    reader = f.token(ayse, "proposals:read")
    assert ask(reader, "get", support).status_code == 200
    for method, path in (("put", support), ("post", "councils/kocaeli/drafts/"), ("get", "councils/")):
        answer = ask(reader, method, path)
        assert (answer.status_code, answer.json().get("code")) == (403, "insufficient_scope"), path
        assert 'error="insufficient_scope"' in answer["WWW-Authenticate"]
    assert (Support.objects.count(), Proposal.objects.count()) == (0, 1)
    assert ask(f.token(ayse, "proposals:write"), "put", support).status_code == 200


def test_107_an_office_is_not_exercised_by_a_token_that_does_not_say_so(kocaeli, hakan):
    proposal = f.ProposalFactory(council=kocaeli)
    path = f"councils/kocaeli/proposals/{proposal.number}/admit/"
    refused = ask(f.token(hakan, *ALL_BUT_DESK), "post", path)
    assert (refused.status_code, refused.json().get("code")) == (403, "insufficient_scope")
    proposal.refresh_from_db()
    assert proposal.stage == Stage.SUBMITTED
    assert ask(f.token(hakan, "desk:write"), "post", path).json()["stage"] == "gathering"


def test_107_a_scope_gives_no_right_that_its_person_lacks(kocaeli, nermin):
    proposal = f.ProposalFactory(council=kocaeli)
    answer = ask(f.token(nermin, *Scope.values), "post", f"councils/kocaeli/proposals/{proposal.number}/admit/")
    assert (answer.status_code, answer.json().get("code")) == (403, "not_secretary")


def test_107_a_token_makes_no_token(kocaeli, nermin):
    made = f.token(nermin, *Scope.values)
    for path in ("me/tokens/", "tokens/"):
        assert ask(made, "post", path, {"name": "x", "scopes": ["me:read"]}).status_code in {404, 405}
    assert AccessToken.objects.count() == 1


def test_107_who_holds_no_office_makes_no_token_for_its_work(kocaeli, ayse):
    """Such a token would wait for the office and never have seen its second step."""
    with pytest.raises(Refused, match="görevi olanlar"):
        f.token(ayse, "me:read", "desk:read")
    assert AccessToken.objects.count() == 0


# --- Offices ----------------------------------------------------------------------------------------------------------
def seat(person, council, body):
    f.MembershipFactory(body=body, person=person, role=Role.FACILITATOR)


def post(person, council, body):
    f.OfficerFactory(council=council, person=person)


def staff(person, council, body):
    Person.objects.filter(pk=person.pk).update(is_staff=True)


@pytest.mark.parametrize("take", [seat, post, staff])
def test_107_a_token_of_before_the_office_opens_nothing(kocaeli, ulasim, ayse, take):
    """Also reading: an office reads what a citizen does not."""
    token = f.token(ayse, "proposals:write")
    assert ask(token, "get", "councils/kocaeli/drafts/").status_code == 200
    take(ayse, kocaeli, ulasim)
    answer = ask(token, "get", "councils/kocaeli/drafts/")
    assert (answer.status_code, answer.json().get("code")) == (401, "token_before_office")
    assert ask(f.token(ayse, "proposals:write"), "get", "councils/kocaeli/drafts/").status_code == 200


def test_107_a_token_of_one_office_does_not_grow_into_the_next(kocaeli, ulasim, kadin, derya):
    token = f.token(derya, "me:read")
    assert ask(token, "get", "me/").status_code == 200
    held = derya.memberships.get()
    held.role = Role.PRESIDENT
    held.save()
    assert ask(token, "get", "me/").status_code == 401
    held.role, held.body = Role.FACILITATOR, kadin
    held.save()
    assert ask(token, "get", "me/").status_code == 401
    held.body = ulasim
    held.save()
    assert ask(token, "get", "me/").status_code == 200
    f.MembershipFactory(body=kadin, person=derya, role=Role.PRESIDENT)
    assert ask(token, "get", "me/").status_code == 401


def test_107_a_token_made_without_the_second_step_opens_nothing_when_the_time_of_grace_is_over(derya, settings):
    settings.SECOND_STEP_GRACE_DAYS = 7
    token = make_token(
        actor=derya, name="x", scopes=["me:read"], lifetime=timedelta(days=9), is_stepped_up=False, at=timezone.now()
    )[1]
    assert ask(token, "get", "me/").status_code == 200
    Person.objects.filter(pk=derya.pk).update(second_step_asked_at=timezone.now() - timedelta(days=8))
    assert ask(token, "get", "me/").json().get("code") == "token_before_office"


def test_107_a_lost_office_is_lost_for_the_token_too(kocaeli, derya):
    token = f.token(derya, "desk:write", "me:read")
    derya.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert ask(token, "get", "me/").status_code == 200
    proposal = f.ProposalFactory(council=kocaeli)
    assert ask(token, "post", f"councils/kocaeli/proposals/{proposal.number}/admit/").status_code == 403


def test_107_the_page_of_tokens_says_which_must_be_made_anew(client, ulasim, ayse):
    f.token(ayse, "me:read")
    client.force_login(ayse)
    assert "Göreviniz değişti" not in client.get(reverse("tokens")).content.decode()
    f.MembershipFactory(body=ulasim, person=ayse, role=Role.FACILITATOR)
    assert "Göreviniz değişti" in client.get(reverse("tokens")).content.decode()
