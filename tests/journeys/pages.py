"""Every kind of page with an address to look at it. A new named route without a line here fails a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.template.loader import render_to_string
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Page

from notifications.leaving import leaving_token
from proposals.stages import Stage
from tests.journeys.city import PASSWORD, City
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


# --- Arguments ------------------------------------------------------------------------------------
def nothing(city: City) -> list[Any]:
    return []


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


# --- Deeds ----------------------------------------------------------------------------------------
def submit_empty(page: Page, city: City) -> None:
    """Send the page's form as it stands, to see what it says."""
    page.locator("main form[method=post]").first.evaluate("form => form.requestSubmit()")
    page.wait_for_load_state()
    page.locator(".errors").wait_for()


def reauthenticate(page: Page) -> None:
    """Give the password where it is asked for; somebody who has just given it is not asked again."""
    if page.locator("main input[type=password]").count():
        page.locator("main input[type=password]").fill(PASSWORD)
        page.locator("main form[method=post] button").first.click()


def give_the_password(page: Page, city: City) -> None:
    reauthenticate(page)
    page.locator("main input[type=email]").wait_for()


def make_a_token(page: Page, city: City) -> None:
    """Fill the form and look at the token, which is seen this once."""
    reauthenticate(page)
    page.locator("main input[name=name]").fill("Haftalık rapor")
    page.locator("main input[name=scopes]").first.check()
    page.locator("main form[method=post] button").first.click()
    page.locator("main pre").wait_for()


def open_the_form_of_tokens(page: Page, city: City) -> None:
    reauthenticate(page)
    page.locator("main input[name=scopes]").first.wait_for()


def prove_it(page: Page, city: City) -> None:
    """Give the password where it is asked for; a moment later it is not asked for again."""
    if page.locator("main input[type=password]").count():
        page.locator("main input[type=password]").fill(PASSWORD)
        page.locator("main form[method=post] button").first.click()
        page.locator("main input[type=password]").wait_for(state="detached")


def log_in_with_the_password(page: Page, city: City) -> None:
    page.locator("main input[type=email]").fill("tuna@ornek.invalid")
    page.locator("main input[type=password]").fill(PASSWORD)
    page.locator("main form[method=post] button").first.click()
    page.wait_for_url("**/ikinci-adim/**")


def ask_for_a_code(page: Page, city: City) -> None:
    page.locator("main input[type=email]").fill("zeynep@ornek.invalid")
    page.locator("main form[method=post] button").first.click()
    page.wait_for_url("**/onay/")


def open_everything(page: Page, city: City) -> None:
    page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
    page.wait_for_timeout(150)


def reply(page: Page, city: City) -> None:
    page.locator(".comment-actions a").first.click()
    page.locator("form textarea[id]").nth(1).wait_for()


def look_a_receipt_up(page: Page, city: City) -> None:
    page.locator("#receipt-code").fill(city.receipt)
    page.locator("main form[method=post] button").first.click()
    page.locator("#found").wait_for()


def see_the_map(page: Page, city: City) -> None:
    """Scroll to the map; only then its library comes."""
    page.locator("[data-map]").first.scroll_into_view_if_needed()
    page.locator(".map.leaflet-container .leaflet-marker-icon").first.wait_for()
    page.evaluate("scrollTo(0, 0)")


def see_the_map_to_choose_from(page: Page, city: City) -> None:
    open_everything(page, city)
    page.locator("[data-map]").scroll_into_view_if_needed()
    page.locator(".map.leaflet-container .leaflet-control-zoom").wait_for()


def lose_the_cookies(page: Page, city: City) -> None:
    page.context.clear_cookies()
    page.locator("main form[method=post]").first.evaluate("form => form.submit()")
    page.wait_for_load_state()
    page.locator("main form[method=post]").wait_for(state="detached")


def page_of_error(template: str) -> Deed:
    """A page that cannot be had by asking, put in the place of the one asked for."""

    def show(page: Page, city: City) -> None:
        html = render_to_string(template, {"request_id": "0a1b2c3d", "councils": [city.council]})
        page.route("**/fault/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.goto("/fault/")

    return show


def read_a_calendar(page: Page, city: City) -> None:
    day = f"{city.meeting.starts_at:%d.%m.%Y}"
    page.locator("#id_text").fill(
        f"tarih;saat;ad\n{day};10:30;Birinci birleşim\n01.04.2099;14:00;Nisan\n31.02.2099;14:00;Şubat"
    )
    page.locator("main form[method=post] button").last.click()
    page.locator("main table").wait_for()


def read_a_budget(page: Page, city: City) -> None:
    line = city.line
    page.locator("#id_text").fill(
        f"yıl;kod;ad;tutar\n{line.year};{line.code};{line.name};5.000.000\n2026;9;Yeni kalem;\n2026;=9;Bozuk;1,250"
    )
    page.locator("main form[method=post] button").last.click()
    page.locator("main table").wait_for()


def choose_and_refuse(page: Page, city: City) -> None:
    """Choose two of the office's list, one of which awaits no decision, and ask to find them inadmissible."""
    page.goto(reverse("proposal_office", urlconf=SITE, args=[city.council.slug]))
    for stage in (Stage.SUBMITTED, Stage.IN_GROUP):
        page.locator(f"input[name=oneri][value='{city[stage].number}']").check()
    page.locator("#office-deed").select_option("uygun-degil")
    page.locator("[data-office] button").click()
    page.locator("main textarea[name=reason]").wait_for()


def hand_in_a_blank(page: Page, city: City) -> None:
    page.locator("#ballot input[name=option]").first.check()
    page.locator("#ballot button[name=blank]").click()
    page.locator("#ask-blank").wait_for()


def open_menus(page: Page, city: City) -> None:
    page.evaluate("for (const menu of document.querySelectorAll('header details')) menu.open = true")


PAGES: tuple[Kind, ...] = (
    # What everybody reads
    Kind("home", arguments=nothing),
    Kind("about", arguments=nothing),
    Kind("data_protection", arguments=nothing),
    Kind("accessibility", arguments=nothing),
    Kind("api-docs", arguments=nothing),
    Kind("demo_people", arguments=nothing),
    Kind("demo_mails", arguments=nothing),
    Kind("council_home"),
    Kind("council_home", note="menus open", do=open_menus),
    Kind("body_list"),
    Kind("group_detail", arguments=group),
    Kind("group_members", arguments=group),
    Kind("group_record", arguments=group),
    Kind("assembly_detail", arguments=assembly),
    Kind("assembly_record", arguments=assembly),
    Kind("organisation_list"),
    Kind("organisation_detail", arguments=lambda city: [city.council.slug, city.organisation.slug]),
    Kind("council_journal"),
    Kind("impact_home"),
    Kind("impact_proposals", query="?ulasan=in_group"),
    Kind("impact_panel", "selin"),
    Kind("implementation_list"),
    Kind("implementation_list", query="?durum=yapilan&yil=1999", note="empty"),
    Kind("proposal_implementation", "selin", of(Stage.IMPLEMENTATION)),
    Kind("proposal_review", "ayse", of(Stage.DONE)),
    Kind("proposal_money", "selin", of(Stage.IMPLEMENTATION)),
    Kind("budget_lines"),
    Kind("budget_lines", "selin", query="?yalniz=onerili"),
    Kind("budget_line", arguments=lambda city: [city.council.slug, city.line.pk]),
    Kind("budget_line_add", "selin", note="with errors", do=submit_empty),
    Kind("budget_line_edit", "selin", lambda city: [city.council.slug, city.line.pk]),
    Kind("budget_import", "selin", note="read", do=read_a_budget),
    Kind("strategic_plan", "selin"),
    Kind("strategic_plan", note="visitor"),
    Kind("objective_detail", arguments=lambda city: [city.council.slug, city.objective.pk]),
    Kind("objective_detail", arguments=lambda city: [city.council.slug, city.objective.parent_id], note="an aim"),
    Kind(
        "objective_add",
        "selin",
        lambda city: [city.council.slug, city.objective.plan_id],
        "with errors",
        do=submit_empty,
    ),
    Kind("objective_edit", "selin", lambda city: [city.council.slug, city.objective.pk]),
    Kind("plan_add", "selin"),
    Kind("plan_edit", "selin", lambda city: [city.council.slug, city.objective.plan_id]),
    Kind("plan_import", "selin"),
    Kind("units", "selin"),
    Kind("unit_edit", "selin", lambda city: [city.council.slug, city.line.unit_id]),
    Kind("proposal_list"),
    Kind("proposal_list", note="filtered, open", query="?q=bisiklet&asama=oylama", do=open_everything),
    Kind("proposal_list", note="nothing found", query="?q=zzzzqqqq"),
    Kind("proposal_list", note="map", query="?gorunum=harita", do=see_the_map),
    *(Kind("proposal_detail", note=stage, arguments=of(stage)) for stage in Stage if stage != Stage.DRAFT),
    Kind("proposal_detail", note="with its map", arguments=of(Stage.ADOPTED), do=see_the_map),
    Kind("proposal_supporters", arguments=of(Stage.GATHERING)),
    Kind("proposal_versions", arguments=of(Stage.GATHERING)),
    Kind("proposal_text", arguments=of(Stage.GATHERING)),
    Kind("proposal_text", "derya", of(Stage.GATHERING), "to be amended"),
    Kind("proposal_amendments", arguments=of(Stage.GATHERING)),
    Kind("proposal_amendments", arguments=of(Stage.SUBMITTED), note="none"),
    Kind("amendment_detail", arguments=amendment(1), note="accepted"),
    Kind("amendment_detail", "ayse", amendment(2), "overtaken"),
    Kind("amendment_detail", "mehmet", amendment(4), "beside another"),
    Kind("proposal_record", arguments=of(Stage.ADOPTED)),
    Kind("thread_page", arguments=thread),
    Kind("comment_page", arguments=comment("said")),
    Kind("comment_page", note="hidden", arguments=comment("hidden")),
    Kind("comment_history", arguments=comment("said")),
    Kind("ballot_detail", arguments=ballot),
    Kind("ballot_detail", note="declared", arguments=past_ballot),
    Kind("council_ballots"),
    Kind("ballot_detail", note="counted in stages", arguments=lambda city: [city.counted_ballot.pk]),
    Kind("municipal_meetings"),
    Kind("opinion_list"),
    Kind("opinion_list", "hakan"),
    Kind("opinion_list", note="none", query="?durum=ret&yil=1999"),
    Kind("opinion_detail", arguments=opinion("sent")),
    Kind("opinion_detail", "selin", opinion("voting"), "awaits the second person"),
    Kind("decision_list"),
    Kind("decision_detail", arguments=lambda city: [city.council.slug, city.before_council["decision"].pk]),
    Kind("proposal_detail", note="decided", arguments=decided),
    Kind("proposal_detail", note="missed", arguments=missed),
    Kind("seal_list", arguments=nothing),
    Kind("seal_detail", arguments=lambda city: [1]),
    Kind("proof_check", arguments=nothing),
    Kind("proof_check", arguments=nothing, note="empty", do=submit_empty),
    Kind("receipt_lookup", arguments=nothing),
    Kind("receipt_lookup", arguments=nothing, note="found", do=look_a_receipt_up),
    Kind("home", note="404", path="/kocaeli/boyle-bir-yer-yok/", status=404),
    *(
        Kind("home", note=name, arguments=nothing, do=page_of_error(name))
        for name in ("400.html", "429.html", "500.html")
    ),
    Kind("account_login", note="without cookies", arguments=nothing, do=lose_the_cookies),
    # Accounts
    Kind("account_login", arguments=nothing),
    Kind("account_login", note="empty", arguments=nothing, do=submit_empty),
    Kind("account_signup", arguments=nothing),
    Kind("account_signup", note="empty", arguments=nothing, do=submit_empty),
    Kind("account_inactive", arguments=nothing),
    Kind("account_request_login_code", arguments=nothing),
    Kind("account_confirm_login_code", path="/hesap/kod/", do=ask_for_a_code),
    Kind("account_email_verification_sent", arguments=nothing),
    Kind("account_confirm_email", arguments=confirmation),
    Kind("account_confirm_email", note="stale", arguments=lambda city: ["abc:def:ghi"], status=404),
    Kind("account_reset_password", arguments=nothing),
    Kind("account_reset_password_done", arguments=nothing),
    Kind("account_reset_password_from_key", arguments=reset, leads_on=True),
    Kind("account_reset_password_from_key", note="stale", arguments=lambda city: ["1", "abc-def"], status=404),
    Kind("account_reset_password_from_key_done", arguments=nothing),
    Kind("account_logout", "zeynep", nothing),
    Kind("account_email", "zeynep", nothing, leads_on=True, do=give_the_password),
    Kind("account_change_password", "zeynep", nothing),
    Kind("account_change_password", "zeynep", nothing, "empty", do=submit_empty),
    Kind("account_reauthenticate", "zeynep", nothing),
    Kind("account_set_password", "ayse", nothing),
    Kind("mfa_index", "ayse", nothing),
    Kind("mfa_index", "tuna", nothing, "with everything"),
    Kind("mfa_activate_totp", "ayse", nothing),
    Kind("mfa_activate_totp", "ayse", nothing, "wrong code", do=submit_empty),
    Kind("mfa_deactivate_totp", "tuna", nothing, leads_on=True, do=prove_it),
    Kind("mfa_generate_recovery_codes", "tuna", nothing, leads_on=True, do=prove_it),
    Kind("mfa_view_recovery_codes", "tuna", nothing, leads_on=True, do=prove_it),
    Kind("mfa_add_webauthn", "ayse", nothing),
    Kind("mfa_remove_webauthn", "tuna", passkey, leads_on=True, do=prove_it),
    Kind("mfa_reauthenticate", "tuna", nothing),
    Kind("mfa_reauthenticate_webauthn", "tuna", nothing),
    Kind("mfa_authenticate", path="/hesap/giris/", do=log_in_with_the_password),
    Kind("session_list", "zeynep", nothing),
    # Taking part
    Kind("me", "ayse", nothing),
    Kind("me", "mehmet", nothing),
    Kind("notice_list", "ayse", nothing),
    Kind("notice_list", "outsider", nothing, "empty"),
    Kind("notice_choices", "ayse", nothing),
    Kind("notice_leave", arguments=lambda city: [leaving_token(city.people["ayse"].pk, ["supporter", "follower"])]),
    Kind("notice_leave", arguments=lambda city: ["yok"], note="forged", status=404),
    Kind("my_data", "ayse", nothing),
    Kind("settings", "ayse", nothing),
    Kind("tokens", "ayse", nothing),
    Kind("token_new", "zeynep", nothing, leads_on=True, do=open_the_form_of_tokens),
    Kind("token_new", "zeynep", nothing, "made", leads_on=True, do=make_a_token),
    Kind("tokens", "zeynep", nothing, "with tokens"),
    Kind("council_home", "ayse"),
    Kind("proposal_detail", "ayse", of(Stage.GATHERING), "replying", do=reply),
    Kind("proposal_detail", "ayse", of(Stage.IN_GROUP), "her own"),
    Kind("proposal_detail", "mehmet", of(Stage.BALLOT)),
    Kind("ballot_detail", "mehmet", ballot),
    Kind("ballot_receipt", "mehmet", ballot),
    Kind("ballot_detail", "mehmet", lambda city: [city.ranked_ballot.pk], "to be ranked"),
    Kind("ballot_detail", "mehmet", lambda city: [city.approval_ballot.pk], "to be approved"),
    Kind("comment_page", "ayse", comment("said")),
    Kind("comment_reply", "mehmet", comment("said")),
    Kind("comment_options", "ayse", comment("said")),
    Kind("comment_edit", "ayse", comment("said")),
    Kind("comment_delete", "ayse", comment("said")),
    Kind("comment_report", "nermin", comment("said")),
    Kind("comment_report", "nermin", comment("said"), "empty", do=submit_empty),
    Kind("proposal_revise", "ayse", of(Stage.SUBMITTED)),
    Kind("amendment_propose", "mehmet", lambda city: [*of(Stage.GATHERING)(city), 1]),
    Kind("amendment_propose", "mehmet", lambda city: [*of(Stage.GATHERING)(city), 1], "empty", do=submit_empty),
    Kind("amendment_withdraw", "mehmet", amendment(4)),
    Kind("proposal_attachments", "ayse", of(Stage.SUBMITTED)),
    Kind("proposal_withdraw", "ayse", of(Stage.SUBMITTED)),
    Kind("proposal_receipt", "ayse", of(Stage.SUBMITTED)),
    Kind("group_detail", "ayse", group),
    Kind("group_join", "nermin", group),
    Kind("group_leave", "mehmet", group),
    Kind("desk", "ayse", council, "refused", status=403),
    # Writing
    Kind("proposal_new", "elif"),
    Kind("proposal_draft", "elif", draft, leads_on=True),
    *(
        Kind("proposal_draft_step", "elif", question(word), word)
        for word in ("baslik", "metin", "konu", "adres", "ekler", "onizleme")
    ),
    Kind("proposal_draft_step", "elif", question("konu"), "map open", do=see_the_map_to_choose_from),
    Kind("proposal_discard", "elif", draft),
    # Offices
    Kind("desk", "hakan"),
    Kind("desk", "derya"),
    Kind("desk", "selin"),
    Kind("open_data"),
    Kind("impact_reports"),
    Kind("impact_reports", "selin"),
    Kind("proposal_office", "hakan"),
    Kind("proposal_office", "selin", query="?asama=sunuldu&gecikmis=1", note="filtered"),
    Kind("proposal_office_bulk", "hakan", query="?is=uygun", note="nothing chosen"),
    Kind("proposal_office_bulk", "hakan", note="to be refused", do=choose_and_refuse, leads_on=True),
    Kind("report_list", "derya"),
    Kind("residence_desk", "selin"),
    Kind("residence_person", "selin", lambda city: [city.council.slug, city.people["outsider"].pk]),
    Kind("proposal_admissibility", "hakan", of(Stage.SUBMITTED)),
    Kind("proposal_open_ballot", "derya", of(Stage.IN_GROUP)),
    Kind("proposal_decline", "derya", of(Stage.IN_GROUP)),
    Kind("amendment_decide", "derya", lambda city: [*of(Stage.IN_GROUP)(city), 1]),
    Kind("proposal_put_on_agenda", "hakan", of(Stage.BOARD)),
    Kind("proposal_give_back", "hakan", of(Stage.BOARD)),
    Kind("proposal_answer", "selin", of(Stage.DIRECTORATE)),
    Kind("proposal_merge", "derya", of(Stage.IN_GROUP)),
    Kind("proposal_split", "derya", of(Stage.IN_GROUP)),
    Kind("proposal_split", "derya", of(Stage.IN_GROUP), "with errors", do=submit_empty),
    Kind("ballot_close", "derya", ballot),
    Kind("council_ballot_open", "derya"),
    Kind("holidays"),
    Kind("holiday_set", "hakan"),
    Kind("holiday_set", "hakan", note="with errors", do=submit_empty),
    Kind("procedures"),
    Kind("procedure_detail", arguments=lambda city: [city.council.slug, "calisma-grubu"]),
    Kind("procedure_set", "hakan", lambda city: [city.council.slug, "calisma-grubu"]),
    Kind("procedure_set", "hakan", lambda city: [city.council.slug, "mudurluk"], "with errors", do=submit_empty),
    Kind("proxy_rules"),
    Kind("proxy_rule_set", "hakan"),
    Kind("proxy_rule_set", "hakan", note="with errors", do=submit_empty),
    Kind("opinion_new", "hakan"),
    Kind("opinion_draft", "hakan", opinion("draft")),
    Kind("opinion_discard", "hakan", opinion("draft")),
    Kind("opinion_open_ballot", "hakan", opinion("draft")),
    Kind("opinion_tally", "hakan", opinion("draft"), "with errors", do=submit_empty),
    Kind("opinion_settle", "selin", opinion("voting")),
    Kind("opinion_send", "hakan", opinion("adopted")),
    Kind("municipal_meetings_manage", "selin"),
    Kind(
        "decision_detail",
        "hakan",
        lambda city: [city.council.slug, city.before_council["waiting"].pk],
        "to be confirmed",
    ),
    Kind("opinion_in_council", "hakan", before_council),
    Kind("decision_enter", "hakan", before_council),
    Kind("decision_enter", "hakan", before_council, "with errors", do=submit_empty),
    Kind("municipal_calendar", "hakan"),
    Kind("municipal_meeting_add", "hakan", note="with errors", do=submit_empty),
    Kind("municipal_meeting_edit", "hakan", lambda city: [city.council.slug, city.meeting.pk]),
    Kind("municipal_import", "selin"),
    Kind("municipal_import", "selin", note="read", do=read_a_calendar),
    Kind("ballot_detail", "derya", lambda city: [city.tied_ballot.pk], "the chair decides"),
    Kind("ballot_decide_tie", "derya", lambda city: [city.tied_ballot.pk]),
    Kind("ballot_decide_tie", "derya", lambda city: [city.tied_ballot.pk], "with errors", do=submit_empty),
    Kind(
        "ballot_detail",
        "mehmet",
        lambda city: [city.approval_ballot.pk],
        "blank beside a filled paper",
        do=hand_in_a_blank,
    ),
    Kind("ballot_proxy", "derya", lambda city: [city.approval_ballot.pk]),
    Kind("ballot_vote_for", "mehmet", lambda city: [city.approval_ballot.pk, city.proxy.pk]),
    Kind("council_ballot_open", "hakan", note="with errors", do=submit_empty),
    Kind("ballot_roll_call", "derya", past_ballot),
    Kind("comment_hide", "derya", comment("said")),
    Kind("comment_restore", "derya", comment("hidden")),
    Kind("group_requests", "derya", group),
    Kind("group_member_end", "derya", lambda city: [*group(city), city.seat.pk]),
)

NO_PAGES = {
    "answers with data, a file or a feed": (
        "my_data_file", "impact_table", "impact_proposals_file", "health", "live_poll", "live_ticket",
        "group_feed", "assembly_feed", "council_feed", "proposal_feed", "proposal_points",
        "seal_file", "seal_feed", "decision_document",
        "municipal_meetings_ical", "municipal_meetings_csv", "budget_csv", "plan_csv", "ballot_receipt_proof", "receipt_proof",
        "proposal_office_file", "open_data_file", "impact_report_file",
        "opinion_minutes", "opinion_pdf",
        "proposal_outline", "proposal_attachment", "proposal_attachment_image", "thread_people",
    ),
    "takes a form and leads on": (
        "decision_document_add", "decision_settle",
        "after_login", "set_language", "session_end", "mfa_login_webauthn", "openid_begin", "openid_link", "openid_prove",
        "openid_back", "settings_residence", "settings_age_band", "proposal_attachment_remove", "proposal_support",
        "proposal_withdraw_support", "proposal_follow", "comment_add", "report_settle", "ballot_vote",
        "group_request_accept", "group_request_decline", "group_request_withdraw", "token_revoke",
        "notice_read", "notice_read_all", "proposal_office_view", "proposal_office_view_remove",
        "impact_report_make", "impact_report_publish",
    ),
    "is a part of a page seen above": ("proposal_similar", "proposal_action", "ballot_box"),
}  # fmt: skip


def routes(patterns: Iterable[Any] | None = None) -> Iterator[str]:
    """The names of all addresses but the API's and the administration's."""
    for pattern in get_resolver(SITE).url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                yield from routes(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and not str(pattern.name or "").startswith("api-"):
            yield str(pattern.name)
    if patterns is None:
        yield "api-docs"
