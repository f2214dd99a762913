"""An opinion as a PDF: number, text, what it was made of, how the general assembly voted, and the way to its page."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ballots.models import Majority
from ballots.wording import outcome_sentence, rule_sentence
from discussions.markup import blocks
from documents import digest_of, render_pdf
from proposals.models import Opinion
from proposals.opinion_states import OpinionState
from proposals.reading.opinions import OpinionPart, opinion_part
from turkish.templatetags.turkish_text import day, number

TEMPLATE = Path(__file__).parent / "opinion.typ"
WITH_DOCUMENT = frozenset({OpinionState.ADOPTED, OpinionState.SENT})
LANGUAGE = "tr"


def has_document(opinion: Opinion) -> bool:
    """Whether the opinion is a document: once the general assembly has adopted it."""
    return opinion.state in WITH_DOCUMENT


def opinion_pdf(opinion: Opinion) -> bytes:
    """The document as it is now. It is kept under the digest of everything it says, so an older one is never given out."""
    with translation.override(LANGUAGE):  # the municipal council reads it
        data = document_data(opinion)
    files = {"qr.svg": _qr(data["address"])}
    folder = f"opinions/documents/{opinion.pk}"
    path = f"{folder}/{digest_of(TEMPLATE, data, files)}.pdf"
    try:
        with default_storage.open(path) as kept:
            return bytes(kept.read())
    except FileNotFoundError:
        made = render_pdf(TEMPLATE, data, files)
    _keep(folder, path, made)
    return made


def _keep(folder: str, path: str, content: bytes) -> None:
    """Keep the newest of an opinion's documents and no other."""
    saved = default_storage.save(path, ContentFile(content))
    for name in default_storage.listdir(folder)[1]:
        if f"{folder}/{name}" not in {path, saved}:
            default_storage.delete(f"{folder}/{name}")
    if saved != path:  # somebody else has kept the same meanwhile
        default_storage.delete(saved)


def _qr(address: str) -> bytes:
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=2, scale=4)
    return out.getvalue()


def document_data(opinion: Opinion) -> dict[str, Any]:
    """Everything the document says, as plain data in the active language."""
    part = opinion_part(opinion)
    assert opinion.adopted_at is not None
    facts = [
        {"name": _("Sayı"), "value": opinion.number},
        {"name": _("Kabul tarihi"), "value": day(opinion.adopted_at)},
    ]
    if opinion.sent_on is not None:
        facts += [
            {"name": _("Belediyeye verildi"), "value": day(opinion.sent_on)},
            {"name": _("Evrak kayıt no"), "value": opinion.registry_number},
        ]
    return {
        "language": LANGUAGE,
        "made_at": int(opinion.state_since.timestamp()),
        "title": opinion.title,
        "council": opinion.council.name,
        "kind": _("Genel kurul görüşü"),
        "number": opinion.number,
        "address": settings.SITE_URL + opinion.get_absolute_url(),
        "qr": _("Görüşün sayfasına götüren karekod"),
        "facts": facts,
        "text": blocks(opinion.text),
        "columns": [_("Sayı"), _("Öneri"), _("Destek")],
        "proposals": [
            {"number": row.number, "title": row.title, "supports": number(row.support_count)} for row in part.proposals
        ],
        "vote": _vote(part),
        "words": {
            "text": _("Görüş metni"),
            "proposals": _("Görüşün önerileri"),
            "vote": _("Genel kurulun oylaması"),
            "address": _("Bu görüşün sayfası:"),
        },
    }


def _vote(part: OpinionPart) -> list[str]:
    tally = part.tally
    if tally is not None:
        taken = ngettext(
            "Genel kurulun %(day)s günlü toplantısına %(members)s üyeden %(n)s üye katıldı.",
            "Genel kurulun %(day)s günlü toplantısına %(members)s üyeden %(n)s üye katıldı.",
            tally.present,
        ) % {"day": day(tally.held_on), "members": tally.members, "n": tally.present}
        votes = _("%(yes)s kabul, %(no)s ret, %(abstain)s çekimser; yeter sayı %(quorum)s. %(majority)s.") % {
            "yes": number(tally.votes_for),
            "no": number(tally.votes_against),
            "abstain": number(tally.votes_abstain),
            "quorum": number(tally.quorum),
            "majority": Majority(tally.majority).label,
        }
        return [taken, votes]
    if part.ballot is not None:
        return [outcome_sentence(part.ballot), rule_sentence(part.ballot)]
    return []
