"""What stands in the place of a guard while it is out; `tests.attacks.guards` says which for which attack."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tests.attacks.taking_out import always, with_middleware
from tests.attacks.without import Site


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


def tokens_that_nobody_signed(site: Site) -> None:
    from django.core.signing import JSONSerializer, b64_decode

    def read(token: str, **_: Any) -> Any:
        return JSONSerializer().loads(b64_decode(token.partition(":")[0].encode()))

    site.replace("notifications.leaving.signing.loads", read)


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


def anybody_s_address_is_looked_up_first(site: Site) -> None:
    from ballots.proxies import _refusals, give_proxy
    from people.models import Person
    from people.verdicts import Refused

    def give(*, actor: Person, ballot: Any, address: str) -> Any:
        holder = Person.objects.filter(email__iexact=address).first()
        if holder is None:
            code, sentence = _refusals()["proxies_are_among_electors"]
            raise Refused(sentence, code=code)
        return give_proxy(actor=actor, ballot=ballot, holder=holder)

    site.replace("participation.api.views.proxies.give_proxy_to", give)
    site.replace("ballots.views.give_proxy_to", give)


def a_draft_that_is_gone_is_a_fault(site: Site) -> None:
    from proposals.actions import moving

    for module in ("submitting", "drafting", "attaching"):
        site.replace(
            f"proposals.actions.{module}.locked", lambda proposal: moving.all_locked([proposal.pk])[proposal.pk]
        )


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
    with_middleware("tests.attacks.unguarded.SharedCache", before="SecurityMiddleware")(site)


# --- Votes ------------------------------------------------------------------------------------------------------------
ONCE = "ALTER TABLE ballots_vote ADD CONSTRAINT one_vote_per_person UNIQUE (ballot_id, person_id)"


def looking_before_writing(site: Site) -> None:
    from tests.attacks.test_ballots import vote_without_a_constraint

    site.replace("ballots.actions.cast_vote", vote_without_a_constraint)
    site.sql(
        "ALTER TABLE ballots_vote DROP CONSTRAINT one_vote_per_person", back=("TRUNCATE ballots_vote CASCADE", ONCE)
    )


def counting_without_a_lock(site: Site) -> None:
    from tests.attacks.test_ballots import support_without_a_lock

    site.replace("proposals.actions.support_proposal", support_without_a_lock)


def another_statement(*changes: tuple[str, str], sql: tuple[str, ...] = ()) -> Any:
    """The statement that casts votes without one of its conditions."""

    def out(site: Site) -> None:
        from ballots import casting

        text = casting.CAST
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        site.replace("ballots.casting.CAST", text)
        site.sql(*sql)

    return out


def without(table: str, trigger: str) -> Any:
    return lambda site: site.sql(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


UNTIMED = (
    ("held.opens_at > clock_timestamp()", "false"),
    ("held.declared_at IS NOT NULL OR held.closes_at <= clock_timestamp()", "false"),
)
NO_LOOK = ("ALTER TABLE ballots_vote DISABLE TRIGGER ballots_vote_is_cast_while_open",)


class ActsForTheNamed:
    """Believes a form that says who sends it."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from people.models import Person

        if named := request.POST.get("voter_id"):
            request.user = Person.objects.get(pk=named)
        return self.get_response(request)


def papers_as_they_come(site: Site) -> None:
    """The database looks at papers too."""
    another_statement(sql=NO_LOOK)(site)
    site.replace("ballots.actions.papers.check", always(None))


def one_parameter_more(site: Site) -> None:
    from participation.api.views.proposals import ProposalList

    site.replace("participation.api.views.proposals.ProposalList.asks", ProposalList.asks | {"expand"})


def identities_may_repeat(site: Site) -> None:
    site.sql(
        """DO $$ DECLARE each name; BEGIN
             FOR each IN SELECT conname FROM pg_constraint
                          WHERE conrelid = 'people_identitycheck'::regclass AND contype = 'u'
             LOOP EXECUTE format('ALTER TABLE people_identitycheck DROP CONSTRAINT %I', each); END LOOP; END $$"""
    )


# --- Live -------------------------------------------------------------------------------------------------------------
def nobody_is_told(*names: str) -> Any:
    def out(site: Site) -> None:
        site.replace("tests.attacks.test_sockets.WITHIN", 1.5)
        for name in names:
            site.replace(f"realtime.actions.{name}", always(None))

    return out


def only_the_newest_is_told(site: Site) -> None:
    from realtime.streams.log import LogStream

    whole = LogStream.after

    async def newest(self: LogStream, cursor: int) -> Any:
        return (await whole(self, cursor) or [])[-1:]

    site.replace("realtime.streams.log.LogStream.after", newest)
    site.replace("tests.attacks.test_sockets.WITHIN", 1.5)


def headers_as_they_come(site: Site) -> None:
    site.replace("realtime.origins.SMUGGLED", re.compile(rb"(?!)"))
    site.replace("realtime.origins.is_allowed", always(True))


def says_ping(site: Site) -> None:
    from realtime.protocol import Wish

    site.replace("realtime.protocol.read", always(Wish("ping")))
    site.replace("tests.realtime.sockets.PATIENCE", 1.5)


def sentences_read_twice(site: Site) -> None:
    from journal import kinds

    def twice(kind: str, facts: Any) -> str:
        once = str(kinds._sentences[kind]).format_map(kinds._Facts(facts))
        return once.format_map(kinds._Facts({"title": "", "actor": "y"}))

    site.replace("tests.attacks.test_injection.sentence", twice)


def production() -> dict[str, str]:
    from tests.check import PRODUCTION

    return PRODUCTION


class BelievesAHeader:
    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from people.models import Person

        if named := request.headers.get("X-User"):
            request.user = Person.objects.get(email=named) if "@" in named else Person.objects.get(pk=named)
        return self.get_response(request)


def pages_without_a_limit(site: Site) -> None:
    from participation import asgi

    site.entry(asgi.application.application_mapping, "http", asgi.pages)
    site.replace("tests.attacks.test_sockets.WITHIN", 1.5)


def another_persons_rows(site: Site) -> None:
    from participation import my_data
    from people.models import Person

    part = my_data.Part("account", "Hesap", lambda me: Person.objects.values("email", "display_name"))
    site.replace("participation.my_data.PARTS", (part, *my_data.PARTS[1:]))


def addresses_in_the_administration(site: Site) -> None:
    from allauth.account.models import EmailAddress
    from django.contrib import admin

    site.entry(admin.site._registry, EmailAddress, admin.ModelAdmin(EmailAddress, admin.site))


def everything_of_a_proposal(site: Site) -> None:
    site.replace("people.read_only_admin.ReadOnly.has_delete_permission", always(True))
    site.replace("people.read_only_admin.ReadOnly.actions", ())
