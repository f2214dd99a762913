"""Where the desk writes the knowledge base, reads what others wrote, and lets it be shown."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import actions, reading
from articles.forms import ArticleForm, ReasonForm, shown_in
from articles.models import Article, State
from articles.permissions import may_release, may_write
from councils.paging import page_of
from discussions.markup import render as as_html
from people.access import signed_in
from people.verdicts import Refused

ON_A_PAGE = 30
TABS = {"onay": State.IN_REVIEW, "taslak": State.DRAFT, "yayin": State.RELEASED, "kaldirilan": State.RETIRED}
TONES = {State.DRAFT: "plain", State.IN_REVIEW: "wait", State.RELEASED: "done", State.RETIRED: "plain"}


def _guard(request: HttpRequest) -> None:
    may_write(request.user, request.council).require()  # type: ignore[attr-defined]


@signed_in
@require_safe
def article_desk(request: HttpRequest) -> HttpResponse:
    """Every article of the council: what waits for a second reader on top; or only one state, or what is out of date."""
    _guard(request)
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    chosen = request.GET.get("durum", "")
    if chosen == "eski":
        rows = reading.stale_articles(council, at=at)
        page = page_of(request, reading.helped(rows), by=["reviewed_at", "id"], size=ON_A_PAGE)
    else:
        rows = reading.articles_of_desk(council)
        if chosen in TABS:
            rows = rows.filter(state=TABS[chosen])
        page = page_of(request, reading.helped(rows), by=["state_since", "id"], size=ON_A_PAGE, descending=True)
    for row in page.items:
        row.council = council
    context = {
        "page": page,
        "rows": [
            {"row": row, "tone": TONES[State(row.state)], "title": getattr(row, "newest_title", "") or row.title}
            for row in page.items
        ],
        "chosen": chosen if chosen in TABS or chosen == "eski" else "",
        "tabs": [("", _("Hepsi")), *((word, state.label) for word, state in TABS.items()), ("eski", _("Eskiyenler"))],
    }
    return render(request, "articles/desk.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def article_new(request: HttpRequest) -> HttpResponse:
    """Begin an article."""
    _guard(request)
    form, status = ArticleForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                council = request.council  # type: ignore[attr-defined]
                made = actions.start_article(actor=request.user, council=council, words=form.words(), at=timezone.now())
            except ValidationError as error:
                form.take(error.message_dict)
            else:
                messages.success(request, _("Taslak saklandı. Bitince onaya verin; başka bir görevli okuyup yayımlar."))
                return HttpResponseRedirect(made.desk_url)
    return render(request, "articles/write.html", {"form": form}, status=status)


def _find(request: HttpRequest, pk: int) -> Article:
    _guard(request)
    council = request.council  # type: ignore[attr-defined]
    found = Article.objects.filter(council=council, pk=pk).defer("search").first()
    if found is None:
        raise Http404
    found.council = council
    return found


def _page(
    request: HttpRequest,
    found: Article,
    *,
    form: ArticleForm | None = None,
    reason: ReasonForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    newest = actions.newest_of(found)
    releases = may_release(request.user, found, newest)
    context: dict[str, Any] = {
        "article": found,
        "newest": newest,
        "html": as_html(newest.body),
        "form": form or ArticleForm(initial=shown_in(newest)),
        "reason": reason or ReasonForm(),
        "refused": refused,
        "tone": TONES[State(found.state)],
        "may_release": bool(releases),
        "why_not": "" if releases or found.state != State.IN_REVIEW else str(releases.reason),
        "may_hand_in": found.state == State.DRAFT,
        "may_retire": found.state != State.RETIRED,
        "versions": found.versions.select_related("author", "release__released_by").defer("body")[:20],
        "moves": found.moves.select_related("actor").exclude(reason="").order_by("-at", "-pk")[:10],
        "is_newest_shown": found.is_shown and found.state == State.RELEASED,
    }
    return render(request, "articles/write.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def article_write(request: HttpRequest, pk: int) -> HttpResponse:
    """One article for the desk: its newest text, who released what, and a new text."""
    found = _find(request, pk)
    if request.method != "POST":
        return _page(request, found)
    form = ArticleForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        actions.write_article(
            actor=request.user,
            article=found,
            words=form.words(),
            seen=form.cleaned_data["seen"] or 0,
            at=timezone.now(),
        )
    except ValidationError as error:
        form.take(error.message_dict if hasattr(error, "error_dict") else {"": error.messages})
        return _page(request, found, form=form, status=422)
    messages.success(request, _("Saklandı."))
    return HttpResponseRedirect(found.desk_url)


@signed_in
@require_POST
def article_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in, release, give back, look over, retire."""
    found, at, said = _find(request, pk), timezone.now(), ""
    common: dict[str, Any] = {"actor": request.user, "article": found, "at": at}
    try:
        match request.POST.get("do", ""):
            case "hand_in":
                actions.hand_in_article(**common)
                said = _("Onaya verildi. Başka bir görevli okuyup yayımlar.")
            case "release":
                seen = request.POST.get("seen", "")
                actions.release_article(**common, seen=int(seen) if seen.isdecimal() and len(seen) < 6 else 0)
                said = _("Yayımlandı.")
            case "confirm":
                actions.confirm_article(**common)
                said = _("Gözden geçirildi olarak yazıldı.")
            case ("give_back" | "retire") as deed:
                reason = ReasonForm(request.POST)
                if not reason.is_valid():
                    return _page(request, found, reason=reason, status=422)
                do = actions.give_back_article if deed == "give_back" else actions.retire_article
                try:
                    do(**common, reason=reason.cleaned_data["reason"])
                except ValidationError as error:
                    reason.add_error("reason", error.message_dict["reason"])
                    return _page(request, found, reason=reason, status=422)
                said = _("Yazana geri verildi.") if deed == "give_back" else _("Yayından kaldırıldı.")
    except Refused as error:
        return _page(request, _find(request, pk), refused=error.reason, status=403)
    if said:
        messages.success(request, said)
    return HttpResponseRedirect(found.desk_url)
