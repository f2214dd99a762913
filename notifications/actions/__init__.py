"""Telling people of steps, what they do with it, and the mails."""

from notifications.actions.choosing import choose_mails, stop_mails
from notifications.actions.mailing import gather_digests, send_mails
from notifications.actions.posting import keep_letters, send_letters
from notifications.actions.reading import forget_old, forget_person, mark_all_read, mark_read
from notifications.actions.telling import keep_steps, tell_steps

__all__ = [
    "choose_mails",
    "forget_old",
    "forget_person",
    "gather_digests",
    "keep_letters",
    "keep_steps",
    "mark_all_read",
    "mark_read",
    "send_letters",
    "send_mails",
    "stop_mails",
    "tell_steps",
]
