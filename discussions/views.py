"""Pages of a thread and of one comment, and what its author does with it. Moderating is beside."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from discussions import actions
from discussions.finding import find_comment, find_thread, number, where
from discussions.forms import CommentForm, EditForm
from discussions.models import MAX_DEPTH, Comment, Thread
from discussions.permissions import may_comment, may_delete, may_edit, may_hide, may_report, may_restore
from discussions.reading import for_screen, page_of_replies, thread_context
from people.access import public, signed_in
from people.verdicts import YES, Refused, Verdict

SUGGESTIONS = 8


def comment_url(comment: Comment) -> str:
    """The comment on its own page."""
    return f"{reverse('comment_page', args=[comment.thread_id, comment.pk])}#comment-{comment.pk}"


def fragment(response: HttpResponse, target: str) -> HttpResponse:
    """Tell htmx where an answer that is no success belongs; site.js lets such answers in."""
    response["HX-Retarget"] = target
    response["HX-Reswap"] = "outerHTML"
    return response


def add_errors(form: CommentForm, error: ValidationError) -> None:
    """What the action found, at its field."""
    for name, errors in error.error_dict.items():
        for each in errors:
            form.add_error(name if name in form.fields else None, each)


# --- Reading ----------------------------------------------------------------------------------------------------------
@public
@require_safe
def thread_page(request: HttpRequest, thread: int) -> HttpResponse:
    """The discussion on its own page, older comments by key; htmx gets the next comments of the list."""
    found = find_thread(request, thread)
    before = number(request.GET.get("before"))
    if request.htmx and before is not None:  # type: ignore[attr-defined]
        return render(request, "discussions/_more.html", thread_context(request, found, before=before))
    return _thread_page(request, found, before=before)


def _thread_page(
    request: HttpRequest,
    thread: Thread,
    *,
    before: int | None = None,
    form: CommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = thread_context(request, thread, before=before, form=form) | where(thread) | {"live": _live(thread)}
    return render(request, "discussions/thread_page.html", context, status=status)


def _live(thread: Thread) -> dict[str, list[str]]:
    return {"topics": [thread.topic, f"state:{thread.topic}"]}


@public
@require_safe
def comment_page(request: HttpRequest, thread: int, pk: int) -> HttpResponse:
    """A comment with everything around it: its first-level comment and a page of replies in which it stands."""
    comment = find_comment(request, thread, pk)
    root = comment
    if comment.root_id is not None:
        root = find_comment(request, thread, comment.root_id)
    page = page_of_replies(root, at=comment.pk if comment.root_id else None, after=number(request.GET.get("after")))
    here = reverse("comment_page", args=[thread, root.pk])
    context = {
        "thread": comment.thread,
        "page": page,
        "may_comment": may_comment(request.user, comment.thread, at=timezone.now()),
        "next_url": f"{here}?after={page.after}" if page.after else None,
        "first_url": None if page.is_first else here,
        "live": _live(comment.thread),
        **where(comment.thread),
        **_readable_anyway(request, comment),
    }
    return render(request, "discussions/comment_page.html", context)


def _readable_anyway(request: HttpRequest, comment: Comment) -> dict[str, Any]:
    """A hidden comment's text is still shown, on this page, to its author and to moderators."""
    if comment.hidden_at is None or comment.deleted_at is not None or not request.user.is_authenticated:
        return {}
    if comment.author_id == request.user.pk or may_restore(request.user, comment, at=timezone.now()):
        return {"hidden_comment": comment}
    return {}


@public
@require_safe
def comment_history(request: HttpRequest, thread: int, pk: int) -> HttpResponse:
    """What a comment said before it was corrected; nothing of a comment that is not shown."""
    comment = find_comment(request, thread, pk)
    versions = list(comment.versions.all()[:100]) if comment.is_readable else []
    context = {"comment": comment, "versions": versions, **where(comment.thread)}
    return render(request, "discussions/comment_history.html", context)


@public
@require_safe
def comment_options(request: HttpRequest, thread: int, pk: int) -> HttpResponse:
    """What the reader may do with a comment: a page, or for htmx the lines of the comment's menu."""
    comment = find_comment(request, thread, pk)
    at, person = timezone.now(), request.user
    options = {
        "edit": may_edit(person, comment, at=at),
        "delete": may_delete(person, comment),
        "report": may_report(person, comment),
        "hide": may_hide(person, comment, at=at) if person.is_authenticated else None,
        "restore": may_restore(person, comment, at=at) if person.is_authenticated else None,
    }
    context = {"comment": comment, "options": options, "is_author": comment.author_id == person.pk}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "discussions/_options.html", context)
    return render(request, "discussions/comment_options.html", context | where(comment.thread))


@signed_in
@require_GET
def thread_people(request: HttpRequest, thread: int) -> JsonResponse:
    """Names that can follow an @, for those who may write here: `?q=` is how the name begins."""
    found = find_thread(request, thread)
    names: list[str] = []
    if may_comment(request.user, found, at=timezone.now()):
        names = actions.suggested_names(found, request.GET.get("q", "")[:80], limit=SUGGESTIONS)
    return JsonResponse({"names": names})


# --- Writing ----------------------------------------------------------------------------------------------------------
@signed_in
@require_POST
def comment_add(request: HttpRequest, thread: int) -> HttpResponse:
    """Add a comment, or with ``parent`` a reply."""
    found = find_thread(request, thread)
    given = request.POST.get("parent")
    parent = find_comment(request, thread, number(given) or 0) if given else None
    form = CommentForm(request.POST, auto_id=_auto_id(found, parent))
    status = 422
    if form.is_valid():
        try:
            comment = actions.add_comment(
                actor=request.user, thread=found, parent=parent, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
            status = 403
            if refusal.code == "key_reused":
                form.renew_key()
        except ValidationError as error:
            add_errors(form, error)
        else:
            return _added(request, comment, parent)
    return _not_added(request, found, parent, form, status)


def _auto_id(thread: Thread, parent: Comment | None) -> str:
    return f"reply-{parent.pk}-%s" if parent else f"thread-{thread.pk}-%s"


def _added(request: HttpRequest, comment: Comment, parent: Comment | None) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        context: dict[str, Any] = {
            "node": for_screen(comment.pk),
            "thread": comment.thread,
            "parent": parent,
            "allowed": YES,
            "unknown": actions.unknown_names(comment),
        }
        if parent is None:
            context["form"] = CommentForm(auto_id=_auto_id(comment.thread, None))
        return render(request, "discussions/_added.html", context, status=201)
    unknown = actions.unknown_names(comment)
    if unknown:
        messages.info(request, _("Bu adla kimse bulunamadı, kimse anılmadı: %(names)s") % {"names": ", ".join(unknown)})
    if parent is None:
        return HttpResponseRedirect(f"{comment.thread.rules.address(comment.thread)}#comment-{comment.pk}")
    return HttpResponseRedirect(comment_url(comment))


def _not_added(
    request: HttpRequest, thread: Thread, parent: Comment | None, form: CommentForm, status: int
) -> HttpResponse:
    """The same form with what was typed and what is wrong."""
    if request.htmx:  # type: ignore[attr-defined]
        target = f"#reply-{parent.pk}" if parent else f"#thread-{thread.pk}-form"
        context = {"thread": thread, "parent": parent, "form": form, "verdict": YES}
        return fragment(render(request, "discussions/_form.html", context, status=status), target)
    if parent is None:
        return _thread_page(request, thread, form=form, status=status)
    return _reply_page(request, parent, form, verdict=YES, status=status)


@public
@require_safe
def comment_reply(request: HttpRequest, thread: int, pk: int) -> HttpResponse:
    """The form of a reply, or why there is none: below the comment, or on a page of its own."""
    parent = find_comment(request, thread, pk)
    verdict = may_comment(request.user, parent.thread, at=timezone.now())
    # A third-level comment is answered beside it: the name tells whom.
    text = f"@{parent.author.display_name} " if parent.depth >= MAX_DEPTH and parent.is_readable else ""
    form = CommentForm(auto_id=_auto_id(parent.thread, parent), initial={"text": text})
    if request.htmx:  # type: ignore[attr-defined]
        context = {"thread": parent.thread, "parent": parent, "form": form, "verdict": verdict, "is_asked_for": True}
        return render(request, "discussions/_form.html", context)
    return _reply_page(request, parent, form, verdict=verdict)


def _reply_page(
    request: HttpRequest, parent: Comment, form: CommentForm, *, verdict: Verdict, status: int = 200
) -> HttpResponse:
    context = {
        "thread": parent.thread,
        "parent": parent,
        "form": form,
        "verdict": verdict,
        "back_url": comment_url(parent),
        **where(parent.thread),
    }
    return render(request, "discussions/comment_reply.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def comment_edit(request: HttpRequest, thread: int, pk: int) -> HttpResponse:
    """Correct one's own comment; earlier texts stay readable."""
    comment = find_comment(request, thread, pk)
    verdict = may_edit(request.user, comment, at=timezone.now())
    form = EditForm(request.POST or None, instance=comment, auto_id="edit-%s")
    status = 200 if verdict else 403
    if request.method == "POST":
        status = 422
        form = EditForm(request.POST, auto_id="edit-%s")
        if form.is_valid():
            try:
                actions.edit_comment(actor=request.user, comment=comment, at=timezone.now(), **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.reason)
                status = 403
            except ValidationError as error:
                add_errors(form, error)
            else:
                return HttpResponseRedirect(comment_url(comment))
    context = {"comment": comment, "form": form, "verdict": verdict, "back_url": comment_url(comment)}
    return render(request, "discussions/comment_edit.html", context | where(comment.thread), status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def comment_delete(request: HttpRequest, thread: int, pk: int) -> HttpResponse:
    """Ask once, then delete one's own comment for good."""
    comment = find_comment(request, thread, pk)
    verdict = may_delete(request.user, comment)
    if request.method == "POST":
        try:
            actions.delete_comment(actor=request.user, comment=comment, at=timezone.now())
        except Refused:
            pass  # the page says why
        else:
            return HttpResponseRedirect(comment_url(comment))
    context = {
        "comment": comment,
        "verdict": verdict,
        "title": _("Yorumu sil"),
        "back_url": comment_url(comment),
        **where(comment.thread),
    }
    return render(request, "discussions/comment_delete.html", context, status=200 if verdict else 403)
