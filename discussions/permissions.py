"""Who may do what with a comment. Reading, writing and moderating as such are asked of the thread's owner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from discussions.models import Comment, Thread
from discussions.policies import KnowsReaders
from people.models import AnyPerson, Person
from people.verdicts import YES, Verdict, no


def may_read(person: AnyPerson, thread: Thread) -> bool:
    """Whether the thread exists for the person; a thread without its owner exists for nobody."""
    try:
        return thread.rules.may_read(person, thread)
    except (LookupError, ObjectDoesNotExist):
        return False


def readers(thread: Thread, among: Mapping[int, Person]) -> set[int]:
    """Those of the people, by id, who may read the thread; at once where the thread's owner can say so."""
    try:
        rules = thread.rules
        if isinstance(rules, KnowsReaders):
            return rules.readers(thread, set(among))
    except (LookupError, ObjectDoesNotExist):
        return set()
    return {key for key, person in among.items() if may_read(person, thread)}


def may_comment(person: AnyPerson, thread: Thread, *, at: datetime) -> Verdict:
    """Those the owner lets write, while the thread is open."""
    verdict = thread.rules.may_comment(person, thread, at=at)
    if verdict and not thread.is_open:
        return no(_("Bu tartışma yeni yorumlara kapandı."), code="discussion_closed")
    return verdict


def _own_and_readable(person: AnyPerson, comment: Comment) -> Verdict:
    if not person.is_authenticated or comment.author_id != person.pk:
        return no(_("Bir yorumu yalnız yazarı değiştirebilir ya da silebilir."), code="not_author")
    if comment.deleted_at is not None:
        return no(_("Bu yorum silinmiş."), code="comment_gone")
    return YES


def may_edit(person: AnyPerson, comment: Comment, *, at: datetime) -> Verdict:
    """The author, as long as they may write in the thread at all."""
    verdict = _own_and_readable(person, comment)
    if verdict and comment.hidden_at is not None:
        return no(_("Gizlenmiş bir yorum düzeltilemez."), code="comment_hidden")
    return verdict and may_comment(person, comment.thread, at=at)


def may_delete(person: AnyPerson, comment: Comment) -> Verdict:
    """The author, at any time: also after the discussion has closed, also when the comment is hidden."""
    return _own_and_readable(person, comment)


def may_hide(person: AnyPerson, comment: Comment, *, at: datetime) -> Verdict:
    """Moderators of the thread."""
    verdict = comment.thread.rules.may_moderate(person, comment.thread, at=at)
    if verdict and comment.deleted_at is not None:
        return no(_("Bu yorum silinmiş."), code="comment_gone")
    if verdict and comment.hidden_at is not None:
        return no(_("Bu yorum zaten gizli."), code="already_hidden")
    return verdict


def may_restore(person: AnyPerson, comment: Comment, *, at: datetime) -> Verdict:
    """Moderators of the thread."""
    verdict = comment.thread.rules.may_moderate(person, comment.thread, at=at)
    if verdict and comment.deleted_at is not None:
        return no(_("Bu yorum silinmiş."), code="comment_gone")
    if verdict and comment.hidden_at is None:
        return no(_("Bu yorum gizli değil."), code="not_hidden")
    return verdict


def may_report(person: AnyPerson, comment: Comment) -> Verdict:
    """Anybody with an account, about somebody else's readable comment."""
    if not person.is_authenticated:
        return no(_("Bir yorumu bildirmek için giriş yapın."), code="sign_in")
    if not comment.is_readable:
        return no(_("Bu yorum artık görünmüyor."), code="comment_gone")
    if comment.author_id == person.pk:
        return no(_("Kendi yorumunuzu bildiremezsiniz, isterseniz silebilirsiniz."), code="own_comment")
    return YES


def may_settle(person: AnyPerson, comment: Comment, *, at: datetime) -> Verdict:
    """Moderators of the thread close reports."""
    return comment.thread.rules.may_moderate(person, comment.thread, at=at)
