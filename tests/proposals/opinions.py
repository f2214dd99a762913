"""A general assembly with members, and proposals that wait for it, for tests of opinions."""

from __future__ import annotations

import io
from datetime import timedelta

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from councils.models import Body, BodyKind, Role
from proposals.models import Proposal
from proposals.stages import Stage
from tests import factories as f

NOW = timezone.now()


def assembly(council, *, members=5) -> tuple[Body, list]:
    """The general assembly with so many voting members, the first of them its president."""
    body = f.BodyFactory(council=council, kind=BodyKind.GENERAL_ASSEMBLY, name="Genel Kurul")
    people = [f.PersonFactory() for _ in range(members)]
    for place, person in enumerate(people):
        f.MembershipFactory(body=body, person=person, role=Role.MEMBER if place else Role.PRESIDENT)
    return body, people


def before_the_assembly(council, body, **fields) -> Proposal:
    """A proposal that its body adopted and that waits for the general assembly."""
    procedure = fields.pop("procedure", None) or f.whole_way(council)
    return f.ProposalFactory(
        council=council,
        addressed_to=body,
        procedure=procedure,
        stage=Stage.GENERAL_ASSEMBLY,
        created_at=NOW - timedelta(days=60),
        **fields,
    )


def minutes(name="tutanak.pdf") -> SimpleUploadedFile:
    """A small PDF."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(out, deterministic_id=True)  # the same file at every moment
    return SimpleUploadedFile(name, out.getvalue(), content_type="application/pdf")
