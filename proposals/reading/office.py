"""The office's list: every submitted proposal of a council with who looks after it, its tags and its clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.models import Council, Holder
from people.models import Person
from proposals.models import Assignment, Proposal, SavedView, Tag, Tagging
from proposals.models.proposal import due_or_never
from proposals.permissions import office_staff
from proposals.reading.filters import AUTHOR_WORDS, STAGE_WORDS, WORDS, Choices, Filters, choices_of, read_filters
from proposals.reading.keyset import Page, page_of
from proposals.reading.listing import RELEVANCE, SORTS, Proposals, Sort, cards, matching, these
from proposals.stages import Stage
from turkish.functions import SortKey

ON_A_PAGE = 50
MINE, NOBODY = "ben", "yok"
VISITOR = AnonymousUser()


def _with_due(found: Proposals, _text: str) -> Proposals:
    return found.annotate(due=due_or_never())


DUE = Sort("sure", _l("Süresi en yakın"), "due", descending=False, is_moment=True, prepare=_with_due)
WAITING = Sort("bekleyen", _l("Aşamasında en uzun bekleyen"), "stage_since", descending=False, is_moment=True)
OLDEST = Sort("eski", _l("En eski"), "submitted_at", descending=False, is_moment=True)
OFFICE_SORTS = (DUE, SORTS[0], OLDEST, WAITING, SORTS[1], SORTS[2])


@dataclass(frozen=True)
class OfficeChoices:
    """What the filters can be set to, and whom something can be given to; six queries for a council of any size."""

    public: Choices
    staff: dict[int, Person]
    tags: dict[str, Tag]
    years: tuple[int, ...]


def office_choices(council: Council, *, at: datetime) -> OfficeChoices:
    tags = Tag.objects.filter(Exists(Tagging.objects.filter(tag=OuterRef("pk"))), council=council)
    years = (
        Proposal.objects.filter(council=council, year__isnull=False).order_by("-year").values_list("year", flat=True)
    )
    return OfficeChoices(
        public=choices_of(council),
        staff={person.pk: person for person in office_staff(council, at=at).order_by(SortKey("display_name"), "pk")},
        tags={tag.word: tag for tag in tags.order_by(SortKey("name"))},
        years=tuple(year for year in years.distinct() if year is not None),
    )


@dataclass(frozen=True)
class OfficeFilters:
    """What somebody of the office asked for. `assignee` is a person's id, `MINE` or `NOBODY`."""

    public: Filters = field(default_factory=Filters)
    holders: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    is_overdue: bool = False

    @property
    def count(self) -> int:
        own = sum(map(len, (self.holders, self.assignees, self.tags, self.years)))
        return self.public.count + own + self.is_overdue

    def __bool__(self) -> bool:
        return bool(self.public.text or self.count)


OFFICE_WORDS = {"elinde": "holders", "sorumlu": "assignees", "etiket": "tags", "yil": "years"}
KNOWN_WORDS = ("q", *WORDS, *OFFICE_WORDS, "gecikmis", "sirala")
"""The words of an address that a saved view keeps."""


def read_office_filters(params: QueryDict, choices: OfficeChoices) -> OfficeFilters:
    """The filters of an address; unknown words and values are left out."""
    known: dict[str, Iterable[str]] = {
        "elinde": Holder.values,
        "sorumlu": (MINE, NOBODY, *map(str, choices.staff)),
        "etiket": choices.tags,
        "yil": map(str, choices.years),
    }
    found: dict[str, Any] = {}
    for word, name in OFFICE_WORDS.items():
        asked = set(params.getlist(word)[:40])
        found[name] = tuple(value for value in known[word] if value in asked)
    return OfficeFilters(public=read_filters(params, choices.public), is_overdue=params.get("gecikmis") == "1", **found)


def known_query(params: QueryDict) -> str:
    """What of an address says filters and order, and nothing else."""
    kept = QueryDict(mutable=True)
    for word in KNOWN_WORDS:
        values = [value.replace("\0", "")[:200] for value in params.getlist(word)[:40] if value]
        if values:
            kept.setlist(word, values)
    return kept.urlencode()


def office_rows(council: Council, person: Person, filters: OfficeFilters, *, at: datetime) -> Proposals:
    """The submitted proposals of the council that fit."""
    found = matching(council, VISITOR, filters.public)
    if filters.holders:
        found = found.filter(holder__in=filters.holders)
    if filters.is_overdue:
        found = found.late(at)
    if filters.tags:
        carried = Tagging.objects.filter(proposal=OuterRef("pk"), tag__word__in=filters.tags, tag__council=council)
        found = found.filter(Exists(carried))
    if filters.years:
        found = found.filter(year__in=[int(year) for year in filters.years])
    if filters.assignees:
        running = Assignment.objects.filter(proposal=OuterRef("pk"), ended_at__isnull=True)
        condition = Q()
        if NOBODY in filters.assignees:
            condition |= ~Exists(running)
        people = [person.pk if word == MINE else int(word) for word in filters.assignees if word != NOBODY]
        if people:
            condition |= Q(Exists(running.filter(assignee_id__in=people)))
        found = found.filter(condition)
    return found


def office_sorts(filters: OfficeFilters) -> tuple[Sort, ...]:
    """Relevance comes first and only while something is searched."""
    searched = filters.public.text and not filters.public.number
    return (RELEVANCE, *OFFICE_SORTS) if searched else OFFICE_SORTS


def office_sort(word: str, filters: OfficeFilters) -> Sort:
    offered = office_sorts(filters)
    return next((sort for sort in offered if sort.word == word), offered[0])


def office_listing(
    council: Council, person: Person, filters: OfficeFilters, *, sort: Sort, cursor: str, at: datetime
) -> Page[Proposal]:
    """One page in two queries: the rows with everything they show, and their tags."""

    def placed(found: Proposals) -> Proposals:
        return sort.prepare(found, filters.public.text).annotate(place=F(sort.key))

    page = page_of(
        placed(office_rows(council, person, filters, at=at)),
        key="place",
        descending=sort.descending,
        cursor=cursor,
        size=ON_A_PAGE,
        is_moment=sort.is_moment,
        dress=lambda few: placed(with_notes(cards(these(few)))),
    )
    for row in page.rows:
        row.council = council
    return page


def with_notes(found: Proposals) -> Proposals:
    """With who looks after each, and its tags in `taggings.all`."""
    running = Assignment.objects.filter(proposal=OuterRef("pk"), ended_at__isnull=True)
    tags = Tagging.objects.select_related("tag").order_by(SortKey("tag__name"))
    return found.annotate(assignee_name=Subquery(running.values("assignee__display_name")[:1])).prefetch_related(
        Prefetch("taggings", queryset=tags)
    )


def views_of(council: Council, person: Person) -> QuerySet[SavedView]:
    """One's own views, and those that colleagues of the council's office share."""
    return (
        SavedView.objects.filter(council=council)
        .filter(Q(person=person) | Q(is_shared=True, person__is_active=True))
        .select_related("person")
        .order_by(SortKey("name"), "pk")
    )


# --- A file -----------------------------------------------------------------------------------------------------------
def office_head() -> list[str]:
    """The names of the columns of the file."""
    return [
        _("Numara"),
        _("Başlık"),
        _("Öneren"),
        _("Kuruluş"),
        _("Aşama"),
        _("Aşamaya geldiği tarih"),
        _("Kimin elinde"),
        _("Son tarih"),
        _("Konu"),
        _("İlçe"),
        _("Kime sunuldu"),
        _("Destek"),
        _("Yorum"),
        _("Sunulduğu tarih"),
        _("Bittiği tarih"),
        _("Sorumlu"),
        _("Etiketler"),
        _("Adres"),
    ]


def office_table(found: Proposals, council: Council, *, site: str) -> Iterator[list[str | int | datetime | None]]:
    """A row of the file for each proposal, read from the database a thousand at a time."""
    running = Assignment.objects.filter(proposal=OuterRef("pk"), ended_at__isnull=True)
    tags = Tagging.objects.filter(proposal=OuterRef("pk")).order_by(SortKey("tag__name"))
    rows = (
        found.order_by("-submitted_at", "-pk")
        .annotate(
            assignee_name=Subquery(running.values("assignee__display_name")[:1]),
            tag_names=ArraySubquery(tags.values("tag__name")),
        )
        .values_list(
            "number", "title", "on_behalf_of__name", "stage", "stage_since", "holder", "due_at", "theme__name",
            "district__name", "addressed_to__name", "support_count", "thread__comment_count", "submitted_at", "ended_at",
            "assignee_name", "tag_names",
        )
    )  # fmt: skip
    holders, stages = dict(Holder.choices), dict(Stage.choices)
    for (
        number, title, organisation, stage, since, holder, due, theme, district, body, supports, comments, submitted,
        ended, assignee, names,
    ) in rows.iterator(chunk_size=1_000):  # fmt: skip
        yield [
            number,
            title,
            str(AUTHOR_WORDS["stk" if organisation else "yurttas"]),
            organisation or "",
            str(stages[stage]),
            since,
            str(holders.get(holder, "")),
            due,
            theme or "",
            district or "",
            body or "",
            supports,
            comments,
            submitted,
            ended,
            assignee or "",
            ", ".join(names),
            site + reverse("proposal_detail", args=[council.slug, number]),
        ]


# --- Chips and options of the page ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Choice:
    """A value of a filter of the page."""

    word: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Group:
    """A filter with its values."""

    word: str
    label: str
    choices: list[Choice]

    @property
    def chosen(self) -> int:
        return sum(choice.chosen for choice in self.choices)


def groups(filters: OfficeFilters, choices: OfficeChoices) -> list[Group]:
    """Every filter of the list with its values, those that are set among them."""
    public = filters.public
    named: list[tuple[str, str, list[tuple[str, str]], tuple[str, ...]]] = [
        ("asama", _("Aşama"), [(word, str(Stage(stage).label)) for word, stage in STAGE_WORDS.items()], public.stages),
        ("elinde", _("Kimin elinde"), [(str(word), str(label)) for word, label in Holder.choices], filters.holders),
        (
            "sorumlu",
            _("Sorumlu"),
            [(MINE, _("Ben")), (NOBODY, _("Kimse"))]
            + [(str(pk), person.display_name) for pk, person in choices.staff.items()],
            filters.assignees,
        ),
        ("etiket", _("Etiket"), [(word, tag.name) for word, tag in choices.tags.items()], filters.tags),
        ("konu", _("Konu"), [(word, str(theme)) for word, theme in choices.public.themes.items()], public.themes),
        ("ilce", _("İlçe"), [(word, row.name) for word, row in choices.public.districts.items()], public.districts),
        ("organ", _("Grup ya da meclis"), [(word, b.name) for word, b in choices.public.bodies.items()], public.bodies),
        ("yazar", _("Öneren"), [(word, str(label)) for word, label in AUTHOR_WORDS.items()], public.authors),
        ("yil", _("Yıl"), [(str(year), str(year)) for year in choices.years], filters.years),
    ]
    return [
        Group(word, label, [Choice(value, text, value in chosen) for value, text in values])
        for word, label, values, chosen in named
        if values
    ]
