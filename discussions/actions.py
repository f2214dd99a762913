"""Writing in a thread and keeping it readable.

Every write locks the thread's row first, so comments of a thread are added one after another, its counters equal a
recount at every commit, and the order of ids is the order in which comments became visible.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, F, Field, Q, QuerySet, When
from django.utils.translation import gettext as _

from discussions import markup
from discussions.journal_kinds import CommentKind
from discussions.models import MAX_DEPTH, Comment, CommentVersion, Mark, Mention, Report, ReportReason, Thread
from discussions.permissions import may_comment, may_delete, may_edit, may_hide, may_report, may_restore, may_settle
from discussions.policies import KnowsPeople
from journal.actions import record
from people.models import Person
from people.verdicts import Refused
from turkish.functions import Fold, SortKey
from turkish.text import fold

SHORTEST_BEGINNING = 2
"""Letters of a name before names are suggested."""
RATE = 10
"""Comments a person may write in `RATE_WINDOW`, in all threads together; and as many corrections."""
RATE_WINDOW = timedelta(minutes=1)


def open_thread(policy: str) -> Thread:
    """Make a thread for an owner whose policy is registered under this name."""
    return Thread.objects.create(policy=policy)


# --- Writing ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_comment(
    *,
    actor: Person,
    thread: Thread,
    text: str,
    mark: str = Mark.NEUTRAL,
    key: UUID,
    parent: Comment | None = None,
    at: datetime,
) -> Comment:
    """Add a comment once for each (author, key); a second call gives the first one back.

    A reply to a third-level comment becomes its neighbour. Raises `ValidationError` on ``text`` or ``mark``. Refuses
    with the owner's code, ``discussion_closed``, ``too_fast``, ``comment_gone`` for a parent that is not shown any
    more, ``key_reused`` for a key that came with something else before.
    """
    text, mark = _checked(text, mark)
    _take_turn(actor)
    thread = _locked(thread)
    repeated = Comment.objects.filter(author=actor, key=key).first()
    if repeated is not None:
        return _the_same(repeated, thread, text)
    may_comment(actor, thread, at=at).require()
    parent = _place_below(parent, thread)
    _require_patience(actor, at=at)
    comment = Comment(
        thread=thread,
        parent=parent,
        root=(parent.root or parent) if parent else None,
        depth=parent.depth + 1 if parent else 0,
        author=actor,
        key=key,
        text=text,
        mark=mark,
        created_at=at,
    )
    comment.save(force_insert=True)
    _count(comment, +1)
    _name_people(comment)
    _record(CommentKind.ADDED, comment, actor=actor, at=at)
    return comment


@transaction.atomic
def edit_comment(
    *,
    actor: Person,
    comment: Comment,
    text: str,
    mark: str | None = None,
    seen: datetime | None = None,
    at: datetime,
) -> Comment:
    """Change a comment and keep what it said before; the same text and mark again change nothing.

    `seen` is the moment of the last edit the writer knows of, or of the writing. Raises `ValidationError` on ``text`` or
    ``mark``; refuses with ``not_author``, ``comment_gone``, ``comment_hidden``, ``too_fast``, ``changed_meanwhile``.
    """
    _take_turn(actor)
    comment = _locked_with_thread(comment)
    text, mark = _checked(text, comment.mark if mark is None else mark)
    may_edit(actor, comment, at=at).require()
    if seen is not None and seen != (comment.edited_at or comment.created_at):
        raise Refused(_("Bu yorum bu arada başka bir yerde değişti."), code="changed_meanwhile")
    if (text, mark) == (comment.text, comment.mark):
        return comment
    _require_patience_in_correcting(actor, at=at)
    CommentVersion.objects.create(comment=comment, text=comment.text, mark=comment.mark, replaced_at=at)
    comment.text, comment.mark, comment.edited_at = text, mark, at
    comment.save(update_fields=["text", "mark", "edited_at"])
    _name_people(comment)
    _record(CommentKind.EDITED, comment, actor=actor, at=at)
    return comment


@transaction.atomic
def delete_comment(*, actor: Person, comment: Comment, at: datetime) -> Comment:
    """Take a comment back for good: its place stays, its text and earlier versions are removed from the database.

    Refuses with ``not_author``; deleting twice changes nothing.
    """
    comment = _locked_with_thread(comment)
    if comment.deleted_at is not None and comment.author_id == actor.pk:
        return comment
    may_delete(actor, comment).require()
    if comment.is_readable:
        _count(comment, -1)
    comment.text, comment.deleted_at = "", at
    comment.save(update_fields=["text", "deleted_at"])
    comment.versions.all().delete()
    comment.mentions.all().delete()
    _settle(comment, actor=None, at=at)
    _record(CommentKind.DELETED, comment, actor=actor, at=at)
    return comment


# --- Keeping it readable ----------------------------------------------------------------------------------------------
@transaction.atomic
def hide_comment(*, actor: Person, comment: Comment, reason: str, at: datetime) -> Comment:
    """Hide a comment's text with a reason that everybody reads; settles its open reports.

    Raises `ValidationError` on ``hidden_reason``; refuses with the owner's code, ``already_hidden``, ``comment_gone``.
    """
    comment = _locked_with_thread(comment)
    may_hide(actor, comment, at=at).require()
    was_readable = comment.is_readable
    comment.hidden_reason = markup.clean(reason)
    _check(comment, "hidden_reason", required=_("Neden gizlediğinizi yazın, herkes okuyacak."))
    comment.hidden_at, comment.hidden_by = at, actor
    comment.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    if was_readable:
        _count(comment, -1)
    _settle(comment, actor=actor, at=at)
    _record(CommentKind.HIDDEN, comment, actor=actor, at=at, reason=comment.hidden_reason)
    return comment


@transaction.atomic
def restore_comment(*, actor: Person, comment: Comment, at: datetime) -> Comment:
    """Show a hidden comment again. Refuses with the owner's code, ``not_hidden``, ``comment_gone``."""
    comment = _locked_with_thread(comment)
    may_restore(actor, comment, at=at).require()
    comment.hidden_at, comment.hidden_by, comment.hidden_reason = None, None, ""
    comment.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    _count(comment, +1)
    _record(CommentKind.RESTORED, comment, actor=actor, at=at)
    return comment


@transaction.atomic
def report_comment(*, actor: Person, comment: Comment, reason: str, note: str = "", at: datetime) -> Report:
    """Tell the moderators about a comment, once a reader; not a journal entry, because reports are not public.

    Raises `ValidationError` on ``reason`` or ``note``; refuses with ``own_comment``, ``comment_gone``, ``sign_in``.
    """
    comment = _locked_with_thread(comment)
    repeated = Report.objects.filter(comment=comment, reporter=actor).first()
    if repeated is not None:
        return repeated
    may_report(actor, comment).require()
    council, body = comment.thread.rules.place(comment.thread)
    report = Report(
        comment=comment,
        reporter=actor,
        reason=reason,
        note=markup.clean(note),
        created_at=at,
        council_id=council.pk if council is not None else None,
        body_id=body.pk if body is not None else None,
    )
    report.clean_fields(exclude=["comment", "reporter", "council_id", "body_id"])
    if report.reason == ReportReason.OTHER and not report.note:
        _check(report, "note", required=_("Nedenini kısaca yazın."))
    report.save(force_insert=True)
    return report


@transaction.atomic
def settle_report(*, actor: Person, report: Report, at: datetime) -> Report:
    """Close a report without hiding the comment; a settled one stays as it is. Refuses with the owner's code."""
    report = Report.objects.select_for_update(of=("self",)).select_related("comment__thread").get(pk=report.pk)
    may_settle(actor, report.comment, at=at).require()
    if report.settled_at is None:
        report.settled_at, report.settled_by = at, actor
        report.save(update_fields=["settled_at", "settled_by"])
    return report


# --- Steps ------------------------------------------------------------------------------------------------------------
def _checked(text: str, mark: str) -> tuple[str, str]:
    """The text as it is stored and a known mark; `ValidationError` otherwise."""
    draft = Comment(text=markup.clean(text), mark=mark)
    _check(draft, "text", required=_("Yorumunuzu yazın."))
    _check(draft, "mark")
    return draft.text, draft.mark


def _check(row: Comment | Report, name: str, required: str = "") -> None:
    if required and not getattr(row, name):
        raise ValidationError({name: ValidationError(required, code="required")})
    column = row._meta.get_field(name)
    assert isinstance(column, Field)
    try:
        column.clean(getattr(row, name), row)
    except ValidationError as error:
        raise ValidationError({name: error.error_list}) from None


def _take_turn(actor: Person) -> None:
    """One writer at a time for each person: a key and the rate are checked by one, not by two at once."""
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=actor.pk)


def _locked(thread: Thread) -> Thread:
    return Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)


def _locked_with_thread(comment: Comment) -> Comment:
    thread = _locked(Thread(pk=comment.thread_id))
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    comment.thread = thread
    return comment


def _the_same(repeated: Comment, thread: Thread, text: str) -> Comment:
    if repeated.thread_id != thread.pk or (
        text != repeated.text and repeated.edited_at is None and repeated.is_readable
    ):
        raise Refused(_("Bu form daha önce gönderildi. Yeni bir yorum için sayfayı yenileyin."), code="key_reused")
    return repeated


def _place_below(parent: Comment | None, thread: Thread) -> Comment | None:
    if parent is None:
        return None
    found = Comment.objects.select_related("parent", "root").filter(pk=parent.pk, thread=thread).first()
    if found is None or not found.is_readable:
        raise Refused(_("Yanıtladığınız yorum artık görünmüyor."), code="comment_gone")
    return found.parent if found.depth >= MAX_DEPTH else found


def _require_patience(actor: Person, *, at: datetime) -> None:
    recent = Comment.objects.filter(author=actor, created_at__gt=at - RATE_WINDOW, created_at__lte=at)
    _refuse_haste(recent.count())


def _require_patience_in_correcting(actor: Person, *, at: datetime) -> None:
    recent = CommentVersion.objects.filter(comment__author=actor, replaced_at__gt=at - RATE_WINDOW, replaced_at__lte=at)
    _refuse_haste(recent.count())


def _refuse_haste(written: int) -> None:
    if written >= RATE:
        raise Refused(_("Çok hızlı yazıyorsunuz. Bir dakika sonra yeniden deneyin."), code="too_fast")


def _count(comment: Comment, change: int) -> None:
    Thread.objects.filter(pk=comment.thread_id).update(comment_count=F("comment_count") + change)
    if comment.root_id is not None:
        Comment.objects.filter(pk=comment.root_id).update(reply_count=F("reply_count") + change)


def _name_people(comment: Comment) -> None:
    """Keep one row for each person the text names: those who wrote in the thread, and whom its owner knows."""
    named = markup.find_mentions(comment.text, _meant(comment))
    comment.mentions.exclude(person__in=named).delete()
    Mention.objects.bulk_create([Mention(comment=comment, person_id=person) for person in named], ignore_conflicts=True)


def _meant(comment: Comment) -> list[tuple[int, str]]:
    """Ids and names of the people a comment may mean; asked only when there is an @."""
    if "@" not in comment.text:
        return []
    people = people_of(comment.thread).filter(folded_name__in=markup.possible_names(comment.text))
    return list(people.values_list("pk", "display_name"))


def unknown_names(comment: Comment) -> list[str]:
    """Names the author of a comment wrote behind an @ that are nobody's here: nobody was mentioned."""
    return markup.unknown_names(comment.text, _meant(comment))


def people_of(thread: Thread) -> QuerySet[Any]:
    """Those a comment in the thread can mention, with their `folded_name`; perhaps a whole city, never to be listed."""
    wrote = Comment.objects.filter(thread=thread, deleted_at__isnull=True).values("author")
    meant = Q(pk__in=wrote)
    rules = thread.rules
    if isinstance(rules, KnowsPeople):
        meant |= Q(pk__in=rules.people(thread).values("pk"))
    return Person.objects.filter(meant, is_active=True).annotate(folded_name=Fold("display_name"))


def suggested_names(thread: Thread, begins: str, *, limit: int) -> list[str]:
    """Names of which a word begins like this, in alphabetical order; the whole name's beginning comes first.

    Fewer than `SHORTEST_BEGINNING` letters suggest nothing.
    """
    begins = fold(begins).strip()
    if len(begins) < SHORTEST_BEGINNING:
        return []
    people = people_of(thread).filter(
        Q(folded_name__startswith=begins) | Q(folded_name__contains=f" {begins}"), ~Q(display_name="")
    )
    first = Case(When(folded_name__startswith=begins, then=0), default=1)
    names = people.order_by(first, SortKey("display_name")).values_list("display_name", flat=True)
    return list(dict.fromkeys(names[: limit * 2]))[:limit]


def _settle(comment: Comment, *, actor: Person | None, at: datetime) -> None:
    Report.objects.filter(comment=comment, settled_at__isnull=True).update(settled_at=at, settled_by=actor)


def _record(kind: CommentKind, comment: Comment, *, actor: Person, at: datetime, **facts: object) -> None:
    thread = comment.thread
    rules = thread.rules
    council, body = rules.place(thread)
    record(
        kind,
        actor=actor,
        subject=comment,
        topic=thread.topic,
        at=at,
        council=council,
        body=body,
        audience=rules.audience(thread),
        facts={
            "comment": comment.pk,
            "parent": comment.parent_id,
            "root": comment.root_id,
            "mark": comment.mark,
            **facts,
        },
    )
