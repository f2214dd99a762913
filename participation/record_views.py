"""The public record: a council's, a body's, a proposal's; as pages and as Atom feeds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from councils.models import Body, BodyKind
from councils.paging import page_of
from journal.models import EntryQuerySet
from participation.record import (
    FEED_SIZE,
    PAGE_SIZE,
    KindGroup,
    RecordLine,
    entries_of_body,
    entries_of_council,
    entries_of_proposal,
    narrowed,
    record_lines,
    record_tabs,
    without_comments,
)
from people.access import public
from proposals.models import Proposal

WITH_COMMENTS = "yorumlarla"
"""The parameter that brings the lines of the discussion into the record of a proposal."""


@dataclass(frozen=True)
class Record:
    """What a record is about."""

    title: str
    url: str
    entries: EntryQuerySet
    page_url: str
    feed_url: str
    # On a page about one thing its name is not repeated in every line.
    names_its_subjects: bool = True
    # Where the lines of a discussion would bury the steps, they are told only when asked for.
    leaves_out_comments: bool = False

    def told(self, request: HttpRequest) -> EntryQuerySet:
        """The entries that are told when no kind is chosen."""
        return without_comments(self.entries) if self.hides_comments(request) else self.entries

    def hides_comments(self, request: HttpRequest) -> bool:
        return self.leaves_out_comments and WITH_COMMENTS not in request.GET


def _council_record(request: HttpRequest) -> Record:
    council = request.council
    assert council is not None
    return Record(
        title=council.name,
        url=council.get_absolute_url(),
        entries=entries_of_council(council),
        page_url=reverse("council_journal", args=[council.slug]),
        feed_url=reverse("council_feed", args=[council.slug]),
    )


def _body_record(request: HttpRequest, kind: str, slug: str) -> Record:
    council = request.council
    assert council is not None
    body = get_object_or_404(Body.objects.visible_to(request.user), council=council, slug=slug)
    is_group = body.kind == BodyKind.WORKING_GROUP
    if is_group != (kind == "group"):
        raise Http404
    body.council = council
    return Record(
        title=body.name,
        url=body.get_absolute_url(),
        entries=entries_of_body(body),
        page_url=reverse(f"{kind}_record", args=[council.slug, slug]),
        feed_url=reverse(f"{kind}_feed", args=[council.slug, slug]),
    )


def _proposal_record(request: HttpRequest, number: str) -> Record:
    council = request.council
    assert council is not None
    proposal = get_object_or_404(
        Proposal.objects.visible_to(request.user).exclude(number=""), council=council, number=number
    )
    proposal.council = council
    return Record(
        title=f"{proposal.number} {proposal.title}",
        url=proposal.get_absolute_url(),
        entries=entries_of_proposal(proposal),
        page_url=reverse("proposal_record", args=[council.slug, number]),
        feed_url=reverse("proposal_feed", args=[council.slug, number]),
        names_its_subjects=False,
        leaves_out_comments=True,
    )


def _page(request: HttpRequest, record: Record) -> HttpResponse:
    chosen = request.GET.get("tur", "")
    is_narrowed = chosen in KindGroup.values
    entries = narrowed(record.entries, chosen) if is_narrowed else record.told(request)
    page = page_of(request, entries, by=["pk"], size=PAGE_SIZE, descending=True)
    hides_comments = record.hides_comments(request)
    context = {
        "record": record,
        "lines": record_lines(page.items),
        "page": page,
        "tabs": record_tabs(chosen, is_whole=not hides_comments),
        "chosen": chosen,
        "can_switch": record.leaves_out_comments and not is_narrowed,
        "hides_comments": hides_comments,
        "with_comments": f"?{WITH_COMMENTS}=1",
    }
    return render(request, "journal/record.html", context)


@public
@require_safe
def council_journal(request: HttpRequest) -> HttpResponse:
    return _page(request, _council_record(request))


@public
@require_safe
def group_record(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, _body_record(request, "group", slug))


@public
@require_safe
def assembly_record(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, _body_record(request, "assembly", slug))


@public
@require_safe
def proposal_record(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, _proposal_record(request, number))


def _printable(text: str) -> str:
    """Without control characters, which XML cannot carry."""
    return "".join(character for character in text if character >= " " or character in "\t\n")


class RecordFeed(Feed):
    """The newest lines of a record for feed readers. An entry's id is a tag URI (RFC 4151) that never changes."""

    feed_type = Atom1Feed
    page_url: str
    entries: EntryQuerySet

    def get_object(self, request: HttpRequest, record: Record) -> Record:
        return record

    def title(self, record: Record) -> str:
        return _("%(name)s · kayıt") % {"name": _printable(record.title)}

    def subtitle(self, record: Record) -> str:
        return _("Ne oldu, kim yaptı, ne zaman: herkese açık kayıt.")

    def link(self, record: Record) -> str:
        return record.page_url

    def feed_url(self, record: Record) -> str:
        return record.feed_url

    def items(self, record: Record) -> Iterable[RecordLine]:
        return record_lines(self.entries.newest_first()[:FEED_SIZE])

    def item_title(self, line: RecordLine) -> str:
        return _printable(line.sentence)

    def item_description(self, line: RecordLine) -> str:
        return escape(_printable(line.title))  # readers take it for HTML

    def item_link(self, line: RecordLine) -> str:
        return line.url or self.page_url

    def item_pubdate(self, line: RecordLine) -> object:
        return line.at

    def item_updateddate(self, line: RecordLine) -> object:
        return line.at

    def item_guid(self, line: RecordLine) -> str:
        return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:entry-{line.id}"


def _feed(request: HttpRequest, record: Record) -> HttpResponseBase:
    feed = RecordFeed()
    feed.page_url = record.page_url
    feed.entries = record.told(request)
    response = feed(request, record=record)
    response["X-Robots-Tag"] = "noindex"
    return response


@public
@require_safe
def council_feed(request: HttpRequest) -> HttpResponseBase:
    return _feed(request, _council_record(request))


@public
@require_safe
def group_feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _feed(request, _body_record(request, "group", slug))


@public
@require_safe
def assembly_feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _feed(request, _body_record(request, "assembly", slug))


@public
@require_safe
def proposal_feed(request: HttpRequest, number: str) -> HttpResponseBase:
    return _feed(request, _proposal_record(request, number))
