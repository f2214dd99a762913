"""Reporting a comment, and what moderators do with it."""

from __future__ import annotations

from collections.abc import Hashable

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from discussions import actions
from discussions.finding import BIGGEST, find_comment, find_thread, number, where
from discussions.forms import HideForm, ReportForm
from discussions.models import Report
from discussions.permissions import may_hide, may_report, may_restore, may_settle
from discussions.reading import PAGE, open_reports
from discussions.views import comment_url
from people.access import signed_in
from people.verdicts import Refused


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def comment_report(request: HttpRequest, thread: int, pk: int) -> HttpResponse:
    """Tell the moderators what is wrong with a comment."""
    comment = find_comment(request, thread, pk)
    verdict = may_report(request.user, comment)
    known = Report.objects.filter(comment=comment, reporter=request.user).first()
    form = ReportForm(request.POST if request.method == "POST" else None)
    status = 200 if verdict or known else 403
    if request.method == "POST" and known is None:
        status = 422
        if form.is_valid():
            try:
                known = actions.report_comment(
                    actor=request.user, comment=comment, at=timezone.now(), **form.cleaned_data
                )
            except Refused as refusal:
                form.add_error(None, refusal.reason)
                status = 403
            except ValidationError as error:
                form.add_error(None, error)
    if request.method == "POST" and known is not None:
        return HttpResponseRedirect(f"{request.path}#bildirildi")
    context = {
        "comment": comment,
        "form": form,
        "verdict": verdict,
        "report": known,
        "back_url": comment_url(comment),
        **where(comment.thread),
    }
    return render(request, "discussions/comment_report.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def comment_hide(request: HttpRequest, thread: int, pk: int) -> HttpResponse:
    """Hide a comment with a reason that everybody reads."""
    comment = find_comment(request, thread, pk)
    verdict = may_hide(request.user, comment, at=timezone.now())
    form = HideForm(request.POST if request.method == "POST" else None)
    status = 200 if verdict else 403
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.hide_comment(actor=request.user, comment=comment, at=timezone.now(), **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.reason)
                status = 403
            except ValidationError as error:
                form.add_error("reason", [message for messages in error.message_dict.values() for message in messages])
            else:
                return HttpResponseRedirect(comment_url(comment))
    reports = comment.reports.filter(settled_at__isnull=True).order_by("pk")[:50] if verdict else []
    context = {
        "comment": comment,
        "form": form,
        "verdict": verdict,
        "reports": reports,
        "back_url": comment_url(comment),
        **where(comment.thread),
    }
    return render(request, "discussions/comment_hide.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def comment_restore(request: HttpRequest, thread: int, pk: int) -> HttpResponse:
    """Show a hidden comment again."""
    comment = find_comment(request, thread, pk)
    verdict = may_restore(request.user, comment, at=timezone.now())
    if request.method == "POST":
        try:
            actions.restore_comment(actor=request.user, comment=comment, at=timezone.now())
        except Refused:
            pass  # the page says why
        else:
            return HttpResponseRedirect(comment_url(comment))
    context = {"comment": comment, "verdict": verdict, "back_url": comment_url(comment), **where(comment.thread)}
    return render(request, "discussions/comment_restore.html", context, status=200 if verdict else 403)


@signed_in
@require_POST
def report_settle(request: HttpRequest, thread: int, pk: int) -> HttpResponse:
    """Close a report without hiding the comment; whoever does not moderate the thread finds no report."""
    found = find_thread(request, thread)
    report = get_object_or_404(Report, pk=min(pk, BIGGEST), comment__thread=found)
    try:
        actions.settle_report(actor=request.user, report=report, at=timezone.now())
    except Refused:
        raise Http404 from None
    council = request.council  # type: ignore[attr-defined]
    return HttpResponseRedirect(
        reverse("report_list", args=[council.slug]) if council is not None else comment_url(report.comment)
    )


@signed_in
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """Reports of a council that wait for this moderator, oldest first. Somebody who moderates nothing sees none."""
    at = timezone.now()
    verdicts: dict[Hashable, bool] = {}
    mine: list[Report] = []
    after = number(request.GET.get("after")) or 0
    for report in open_reports(request.council.pk, after=after):  # type: ignore[attr-defined]
        # Who moderates follows from where a thread belongs, so one verdict serves all threads of a body.
        place = (report.comment.thread.policy, report.body_id)
        if place not in verdicts:
            verdicts[place] = bool(may_settle(request.user, report.comment, at=at))
        if verdicts[place]:
            mine.append(report)
        if len(mine) > PAGE:
            break
    context = {"reports": mine[:PAGE], "next_after": mine[PAGE - 1].pk if len(mine) > PAGE else None}
    return render(request, "discussions/report_list.html", context)
