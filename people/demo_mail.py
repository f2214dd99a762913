"""Mails of the demo: written to the console and kept in files, so that a page can show them."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend

KEPT = 200


@dataclass(frozen=True, slots=True)
class KeptMail:
    """One mail as plain text."""

    to: str
    subject: str
    text: str
    sent_at: str

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.sent_at)


def folder() -> Path:
    return Path(settings.VAR_DIR) / "demo_mails"


def keep(message: EmailMessage) -> None:
    """Write one file per mail, whole or not at all, and let go of the oldest; processes need no lock between them."""
    directory = folder()
    directory.mkdir(parents=True, exist_ok=True)
    mail = KeptMail(
        to=", ".join(message.recipients()),
        subject=str(message.subject),
        text=str(message.body),
        sent_at=datetime.now(UTC).isoformat(),
    )
    name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
    unfinished = directory / f"{name}.part"
    unfinished.write_text(json.dumps(asdict(mail), ensure_ascii=False), encoding="utf-8")
    unfinished.rename(directory / f"{name}.json")
    for old in sorted(directory.glob("*.json"), reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)


def kept() -> list[KeptMail]:
    """The kept mails, newest first; a file that vanished or cannot be read is left out."""
    mails = []
    for path in sorted(folder().glob("*.json"), reverse=True)[:KEPT]:
        try:
            mails.append(KeptMail(**json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, TypeError):
            continue
    return mails


class DemoMailBackend(EmailBackend):
    """The console's backend that also keeps every mail."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int | None:
        for message in email_messages:
            keep(message)
        return super().send_messages(email_messages)
