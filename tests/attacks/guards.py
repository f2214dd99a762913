"""The guards of each case: what keeps the attack from succeeding, and how it is taken out to see the attack succeed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from people.verdicts import YES
from tests.attacks.account_guards import GUARDS as OF_ACCOUNTS
from tests.attacks.without import Guard, Site


def always(value: Any) -> Any:
    """Something that answers the same whatever it is asked."""
    return lambda *args, **kwargs: value


def puts(place: str, value: Any) -> Any:
    return lambda site: site.replace(place, value)


def sets(**values: Any) -> Any:
    return lambda site: site.settings(**values)


def without_middleware(name: str) -> Any:
    return sets(MIDDLEWARE=[each for each in settings.MIDDLEWARE if not each.endswith(f".{name}")])


def with_middleware(place: str, *, before: str) -> Any:
    """One more middleware, to the outside of another."""
    index = next(n for n, each in enumerate(settings.MIDDLEWARE) if each.endswith(f".{before}"))
    return sets(MIDDLEWARE=[*settings.MIDDLEWARE[:index], place, *settings.MIDDLEWARE[index:]])


# --- Access -----------------------------------------------------------------------------------------------------------
def no_query_is_narrowed(site: Site) -> None:
    site.replace("proposals.models.ProposalQuerySet.visible_to", lambda rows, person: rows)


def a_route_without_a_row(site: Site) -> None:
    from tests.attacks import test_access

    site.replace("tests.attacks.test_access.ROWS", test_access.ROWS[1:])


def a_topic_without_a_row(site: Site) -> None:
    from realtime import topics

    site.entry(topics._rules, "person", always(True))


def comments_of_any_thread(request: HttpRequest, thread: int, pk: int) -> Any:
    from discussions.models import Comment

    return Comment.objects.select_related("author", "thread").get(pk=pk)


def any_field_of_a_person(site: Site) -> None:
    from people.models import Person

    def change(*, actor: Person, **_: Any) -> Person:
        Person.objects.filter(pk=actor.pk).update(is_staff=True)
        return actor

    site.replace("councils.residence_views.change_profile", change)


def anybodys_drafts(site: Site) -> None:
    from django.db.models import Q

    site.replace("proposals.views.writing.own_drafts", lambda request: Q(council=request.council))


def files_under_the_given_name(site: Site) -> None:
    from proposals.models import Attachment

    def place(attachment: Attachment, name: str) -> str:
        return f"ekler/{attachment.name}"

    field = Attachment._meta.get_field("file")
    before, field.upload_to = field.upload_to, place
    site.call_back(lambda: setattr(field, "upload_to", before))


# --- Injection --------------------------------------------------------------------------------------------------------
def no_escaping(site: Site) -> None:
    from django.template import engines

    engine = engines["django"].engine
    before, engine.autoescape = engine.autoescape, False
    site.call_back(lambda: setattr(engine, "autoescape", before))


def html_in_markdown(site: Site) -> None:
    from markdown_it import MarkdownIt

    from discussions import markup

    class Nothing:
        def clean(self, html: str) -> str:
            return html

    site.replace("discussions.markup._markdown", MarkdownIt("commonmark", {"html": True}))
    site.replace("discussions.markup._cleaner", Nothing())
    markup._render.cache_clear()
    site.call_back(markup._render.cache_clear)


# --- Answers ----------------------------------------------------------------------------------------------------------
def inline_scripts_allowed(site: Site) -> None:
    rules = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"script-src": ["'self'", "'unsafe-inline'"]}
    site.settings(CONTENT_SECURITY_POLICY={"DIRECTIVES": rules})


class SharedCache:
    """A cache that keeps pages by address alone."""

    kept: ClassVar[dict[str, HttpResponse]] = {}

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path not in self.kept:
            response = self.get_response(request)
            self.kept[request.path] = response
        return self.kept[request.path]


def one_cache_for_everybody(site: Site) -> None:
    SharedCache.kept.clear()
    with_middleware("tests.attacks.guards.SharedCache", before="SecurityMiddleware")(site)


GUARDS: tuple[Guard, ...] = (
    *OF_ACCOUNTS,
    Guard(
        "test_022_a_record_that_is_altered_dropped_swapped_or_added_makes_verify_log_fail",
        "every leaf is computed from its row again",
        puts("journal.verifying._leaf", always(())),
        where="altered",
    ),
    Guard(
        "test_022_a_record_that_is_altered_dropped_swapped_or_added_makes_verify_log_fail",
        "what is neither sealed nor waiting is told",
        puts("journal.verifying._rows_beside", always(())),
        where="added",
    ),
    Guard(
        "test_022_a_head_made_anew_is_not_the_one_before_the_next",
        "heads are chained",
        puts("journal.verifying._Heads._check", always(())),
    ),
    Guard(
        "test_022_the_receipt_of_every_voter_proves_inclusion_under_the_published_root",
        "the path of a proof must lead to the root",
        puts("journal.merkle.is_included", always(True)),
    ),
    Guard("test_046_every_address_has_a_row", "a row for every route", a_route_without_a_row),
    Guard(
        "test_046_everybody_gets_what_the_rows_say",
        "the verdict asks for the seat that leads",
        puts("workinggroups.permissions.leads", always(True)),
        where="mehmet",
    ),
    Guard(
        "test_084_everybody_may_follow_what_the_rows_say",
        "following asks who may read",
        puts("workinggroups.permissions.GroupThreadPolicy.may_read", always(True)),
    ),
    Guard("test_084_every_kind_of_topic_has_rows", "a row for every topic", a_topic_without_a_row),
    Guard(
        "test_047_a_representative_acts_for_no_other_organisation",
        "acting for an organisation needs its mandate",
        puts("proposals.actions.drafting.may_act_for", always(YES)),
        fails=(AssertionError, KeyError),
    ),
    Guard(
        "test_048_a_closed_discussion_leaks_through_no_door",
        "the owner of a discussion says who reads it",
        puts("workinggroups.permissions.GroupThreadPolicy.may_read", always(True)),
    ),
    Guard(
        "test_048_who_leaves_the_group_is_outside_at_once",
        "a seat counts on its days only",
        puts("workinggroups.permissions.is_member", always(True)),
    ),
    Guard(
        "test_049_nobody_writes_into_a_closed_discussion_from_outside",
        "a comment is found through its discussion",
        puts("workinggroups.permissions.GroupThreadPolicy.may_read", always(True)),
    ),
    Guard(
        "test_051_no_mapping_becomes_a_lookup_outside_the_reviewed_list",
        "mappings become lookups in reviewed places only",
        puts("tests.attacks.test_code.REVIEWED_EXPANSIONS", set()),
    ),
    Guard(
        "test_054_addresses_of_one_council_show_nothing_of_another",
        "a nested object is found through its parent",
        puts("discussions.views.find_comment", comments_of_any_thread),
    ),
    Guard(
        "test_056_parts_of_a_page_have_the_guard_of_the_page",
        "a part asks the verdict of its page",
        puts("workinggroups.permissions.leads", always(True)),
    ),
    Guard(
        "test_057_a_draft_and_its_files_exist_for_their_author_only",
        "files are found among the proposals one may see",
        no_query_is_narrowed,
    ),
    Guard(
        "test_059_settings_change_name_and_language_and_nothing_else",
        "the action takes a name and a language",
        any_field_of_a_person,
    ),
    Guard(
        "test_060_who_moderates_here_hides_nothing_there",
        "a moderator is one of this body or council",
        puts("proposals.permissions.is_moderator", always(True)),
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
    Guard(
        "test_114_what_is_neither_pdf_nor_picture_is_refused_with_a_sentence",
        "files are read and made anew",
        puts("proposals.attachment_content._reencoded_image", lambda data: data),
    ),
    Guard(
        "test_114_no_script_is_left_in_a_pdf_wherever_it_stands",
        "a PDF is made anew without actions",
        puts("proposals.attachment_content._harmless_pdf", lambda data: data),
    ),
    Guard(
        "test_115_a_name_is_only_ever_shown",
        "a file is kept under a name of our own",
        files_under_the_given_name,
        where="<svg",
    ),
    Guard(
        "test_117_a_picture_loses_its_place_and_is_shown_as_our_own_copy",
        "a picture is drawn anew",
        puts("proposals.attachment_content._reencoded_image", lambda data: data),
    ),
    Guard(
        "test_119_a_drafts_file_is_its_authors_alone",
        "files are found among the proposals one may see",
        no_query_is_narrowed,
    ),
    Guard(
        "test_120_many_fields_are_refused_and_not_read", "a limit of fields", sets(DATA_UPLOAD_MAX_NUMBER_FIELDS=None)
    ),
    Guard(
        "test_123_a_codec_that_is_not_of_text_is_refused_before_it_breaks_the_request",
        "UTF-8 only",
        puts("participation.charset.is_plain", always(True)),
        fails=(AssertionError, ValueError),
    ),
    Guard(
        "test_126_a_strange_language_is_turkish_and_soon",
        "languages by list",
        sets(LANGUAGES=[*settings.LANGUAGES, ("de", "Deutsch")]),
        where="de",
    ),
    Guard(
        "test_130_two_people_at_one_address_never_get_one_body",
        "no cache between people",
        one_cache_for_everybody,
    ),
    Guard(
        "test_130_no_shared_cache_keeps_a_page_made_for_somebody",
        "pages say that they are private",
        without_middleware("PersonalPagesMiddleware"),
        fails=(AssertionError, KeyError),
    ),
    Guard("test_132_trusted_origins_are_exact", "origins by list", sets(LIVE_ORIGINS=["*"])),
    Guard("test_133_another_host_s_name_is_not_believed", "hosts by list", sets(ALLOWED_HOSTS=["*"])),
    Guard("test_136_what_is_hidden_looks_exactly_like_what_is_not_there", "hidden answers as absent", anybodys_drafts),
    Guard("test_136_a_fault_tells_its_number_and_nothing_else", "no debugging pages", sets(DEBUG=True)),
    Guard(
        "test_107_a_token_is_dead_as_soon_as_its_account_changes",
        "a token lives as long as its account is as it was",
        puts("people.models.AccessToken.is_live", always(True)),
        where="change_password",
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
)
