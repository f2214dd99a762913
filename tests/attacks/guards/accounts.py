"""The guards of cases 97 to 112; see `tests.attacks.guards`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings

from tests.attacks.taking_out import always, puts, sets
from tests.attacks.unguarded import production
from tests.attacks.without import Guard, Site


def without_receiver(signal: str, uid: str) -> Any:
    def out(site: Site) -> None:
        from tests.attacks.without import _found

        found = _found(signal)
        before = list(found.receivers)
        found.receivers = [each for each in before if each[0][0] != uid]
        found.sender_receivers_cache.clear()

        def back() -> None:
            found.receivers = before
            found.sender_receivers_cache.clear()

        site.call_back(back)

    return out


def the_first_header_is_believed(self: Any, request: Any) -> str:
    return str(request.headers.get("X-Forwarded-For") or request.META["REMOTE_ADDR"])


def any_moment_fits(site: Site) -> None:
    from people import mfa_forms

    fitting = mfa_forms.fitting_counter
    site.replace(
        "people.mfa_forms.fitting_counter", lambda secret, code, *, after, at: fitting(secret, code, after=0, at=at)
    )


def passwords_for_everybody(site: Site) -> None:
    from allauth.account.adapter import DefaultAccountAdapter

    site.replace("people.adapter.AccountAdapter.set_password", DefaultAccountAdapter.set_password)
    site.replace("people.account_views.refuse_a_password_beside_the_outside_login", always(None))
    site.replace("people.account_views.require_proof", always(None))


def another_subject_is_the_same(site: Site) -> None:
    from people.openid import claims_of

    def claims(*args: Any, **kwargs: Any) -> Any:
        return replace(claims_of(*args, **kwargs), subject="vatandas-1")

    site.replace("people.openid.claims_of", claims)


def tokens_are_only_read(site: Site) -> None:
    """The signature of a token that came straight from the provider is not looked at, as the standard would allow."""
    import jwt

    decode = jwt.decode
    site.replace(
        "people.openid.jwt.decode",
        lambda token, **given: decode(token, options=given["options"] | {"verify_signature": False}),
    )


def anybody_s_address(site: Site) -> None:
    """Who proves an address outside is whoever has it here."""
    from people.models import Person

    site.replace("people.actions.sign_up_from_outside", lambda *, claims, at: Person.objects.get(email=claims.email))


def what_is_sent_counts_as_verified(site: Site) -> None:
    from people import openid

    claims = openid.Claims
    site.replace("people.openid.Claims", lambda *, email, **told: claims(email="umut@ornek.invalid", **told))


def a_faster_hash(site: Site) -> None:
    site.settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])


GUARDS: tuple[Guard, ...] = (
    Guard(
        "test_100_an_address_the_client_made_up_does_not_reset_the_count",
        "no proxy is believed unless it is named",
        sets(REST_FRAMEWORK={**settings.REST_FRAMEWORK, "NUM_PROXIES": None}),
        where="X-Forwarded-For",
    ),
    Guard(
        "test_111_cookies_are_of_this_host_alone_and_no_script_reads_them",
        "a site of https",
        lambda site: site.entry(production(), "SITE_URL", "http://meydan.example.org"),
    ),
    Guard(
        "test_107_a_token_is_dead_as_soon_as_its_account_changes",
        "a token lives as long as its account is as it was",
        puts("people.models.AccessToken.is_live", always(True)),
        where="change_password",
    ),
    Guard(
        "test_107_a_token_of_before_the_office_opens_nothing",
        "a token is of the offices it was made in",
        puts("people.actions.is_outgrown", always(False)),
        where="seat",
    ),
    Guard(
        "test_107_a_token_of_one_office_does_not_grow_into_the_next",
        "a token knows which offices",
        puts("people.outgrown.offices.names_on", always(set())),
    ),
    Guard(
        "test_107_a_token_made_without_the_second_step_opens_nothing_when_the_time_of_grace_is_over",
        "a token knows whether it was made by a second step",
        puts("people.second_step.is_in_grace", always(True)),
    ),
    Guard(
        "test_107_a_token_does_only_what_it_was_made_for",
        "a token needs the scope of the endpoint",
        puts("participation.api.base.suffices", always(True)),
    ),
    Guard(
        "test_107_an_office_is_not_exercised_by_a_token_that_does_not_say_so",
        "the desk is a scope of its own",
        puts("participation.api.base.suffices", always(True)),
    ),
    Guard(
        "test_112_a_token_with_the_right_prefix_and_a_wrong_secret_is_refused",
        "the whole token is compared, not its name",
        puts("people.actions.is_token", always(True)),
    ),
    Guard(
        "test_097_no_answer_tells_who_has_an_account",
        "one answer for every address",
        sets(ACCOUNT_PREVENT_ENUMERATION=False),
        where="account_reset_password",
    ),
    Guard(
        "test_097_every_address_costs_the_same_work",
        "an unknown address is hashed for, too",
        puts("people.models.Person.set_password", always(None)),
        where="account_login",
    ),
    Guard(
        "test_097_every_address_costs_the_same_work",
        "a known address is hashed for at sign-up, too",
        puts("people.account_forms.make_password", always("")),
        where="account_signup",
    ),
    Guard(
        "test_097_every_address_costs_the_same_work",
        "an unknown address gets a mail, too",
        sets(ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS=False),
        where="account_reset_password",
    ),
    Guard(
        "test_098_a_reset_link_names_our_host_works_once_and_dies_with_the_address",
        "links name the configured host",
        puts("people.adapter._on_this_site", lambda address: address),
    ),
    Guard(
        "test_099_no_way_on_leaves_the_site",
        "only paths of this site",
        puts("people.adapter.AccountAdapter.is_safe_url", always(True)),
    ),
    Guard(
        "test_100_a_made_up_address_of_the_client_resets_no_count",
        "the address is that of the connection",
        puts("people.adapter.AccountAdapter.get_client_ip", the_first_header_is_believed),
        fails=(AssertionError, IndexError),
    ),
    Guard(
        "test_101_nobody_is_locked_out_by_the_failures_of_another",
        "failures count by account and source",
        puts(
            "people.adapter.AccountAdapter._get_login_attempts_cache_key", lambda self, request, **given: given["email"]
        ),
    ),
    Guard("test_102_a_code_opens_the_account_once_in_whatever_notation", "moments only grow", any_moment_fits),
    Guard("test_102_a_code_of_before_the_last_one_is_worth_nothing", "moments only grow", any_moment_fits),
    Guard(
        "test_102_guessing_codes_is_slow",
        "failures are counted",
        puts("people.mfa_forms.check_rate_limit", always(lambda: None)),
    ),
    Guard(
        "test_104_an_account_of_the_outside_log_in_has_no_password_and_gets_none",
        "a linked account takes no password",
        passwords_for_everybody,
    ),
    Guard(
        "test_106_a_new_session_key_at_log_in_and_at_every_new_proof",
        "a proof renews the session",
        without_receiver(
            "allauth.account.signals.authentication_step_completed", "people.a_new_proof_is_a_new_session"
        ),
    ),
    Guard(
        "test_106_a_new_password_ends_every_other_session_for_good",
        "sessions end with the password",
        without_receiver("django.db.models.signals.post_save", "people.sessions_end_with_the_password"),
    ),
    Guard(
        "test_106_an_account_that_is_opened_again_has_no_session_from_before",
        "sessions end with the account",
        without_receiver("django.db.models.signals.post_save", "people.sessions_end_with_the_password"),
    ),
    Guard(
        "test_107_a_deactivated_account_is_dead_everywhere",
        "a session asks whether its account is open",
        puts("people.backends.Backend.user_can_authenticate", always(True)),
        where="by hand",
    ),
    Guard(
        "test_108_a_sensitive_act_asks_again_who_it_is",
        "a proof is asked for again",
        puts("allauth.account.internal.flows.reauthentication.is_reauthentication_required", always(False)),
    ),
    Guard(
        "test_108_offices_are_given_only_after_proving_again_who_one_is",
        "the administration asks for a proof",
        puts("participation.administration.require_proof", always(None)),
        fails=(AssertionError, KeyError),
    ),
    Guard(
        "test_108_an_account_with_neither_password_nor_second_step_is_asked_at_the_outside_log_in",
        "whoever has nothing else proves it outside",
        puts("people.proving._has_proved_lately", always(True)),
        fails=(KeyError,),
    ),
    Guard(
        "test_108_the_proof_of_the_outside_log_in_is_of_now_and_of_the_same_person",
        "a log-in of before is no proof",
        puts("people.openid_views.openid.CLOCK_SECONDS", 10**9),
        where="of before",
    ),
    Guard(
        "test_108_the_proof_of_the_outside_log_in_is_of_now_and_of_the_same_person",
        "somebody else there is no proof",
        another_subject_is_the_same,
        where="somebody else",
    ),
    Guard(
        "test_108_an_open_session_gives_an_account_without_password_none",
        "a session is not enough to set a password",
        puts("people.account_views.require_proof", always(None)),
    ),
    Guard(
        "test_109_a_token_that_is_not_meant_for_this_attempt_lets_nobody_in",
        "the nonce is compared",
        puts("people.openid.hmac.compare_digest", always(True)),
        where="nonce",
    ),
    Guard(
        "test_109_a_token_that_is_not_meant_for_this_attempt_lets_nobody_in",
        "issuer and audience are compared",
        tokens_are_only_read,
        where="audience",
    ),
    Guard(
        "test_109_a_token_the_provider_has_not_signed_lets_nobody_in",
        "the signature is verified",
        tokens_are_only_read,
        where="another key",
    ),
    Guard(
        "test_109_a_way_back_answers_once_and_to_its_own_browser_only",
        "the state is compared",
        puts("people.openid_views.openid.check_state", always(None)),
    ),
    Guard(
        "test_109_an_address_the_provider_has_not_verified_opens_no_account",
        "an address counts when it is verified",
        what_is_sent_counts_as_verified,
        where="False",
    ),
    Guard(
        "test_109_nobody_takes_an_account_over_by_its_address",
        "an address opens no account",
        anybody_s_address,
    ),
    Guard("test_112_passwords_are_kept_by_a_slow_hash", "Argon2", a_faster_hash),
)
