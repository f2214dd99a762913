"""Files: given out as downloads to those who may see the proposal, whatever they are called or contain."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from proposals.actions import add_attachment
from proposals.models import Attachment
from proposals.stages import Stage
from tests.factories import ProposalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}},
    }


def png(colour: str = "teal", **options) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(buffer, "PNG", **options)
    return buffer.getvalue()


def pdf() -> bytes:
    buffer = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def proposal(kocaeli, ayse):
    return ProposalFactory(council=kocaeli, author=ayse)


@pytest.fixture
def draft(kocaeli, ayse):
    return ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)


def attach(proposal, name: str = "kroki.png", content: bytes | None = None) -> Attachment:
    upload = SimpleUploadedFile(name, content if content is not None else png())
    return add_attachment(actor=proposal.author, proposal=proposal, upload=upload, at=timezone.now())


def file_url(attachment, tail: str = "") -> str:
    return f"/kocaeli/oneriler/ek/{attachment.pk}/{tail}"


def test_a_file_missing_from_the_disk_is_not_found(client, proposal):
    attachment = attach(proposal)
    attachment.file.storage.delete(attachment.file.name)
    assert client.get(file_url(attachment)).status_code == 404


def test_the_author_adds_and_removes_files_before_and_after_submission(client, proposal, draft, ayse):
    client.force_login(ayse)
    for owner, address in (
        (draft, f"/kocaeli/oneriler/taslak/{draft.key}/ekler/"),
        (proposal, f"{proposal.get_absolute_url()}ekler/"),
    ):
        for _ in range(2):  # the same file again is the one that is there
            answer = client.post(
                address, {"file": SimpleUploadedFile("k.png", png()), "description": "Kroki", "do": "add"}
            )
            assert answer.status_code == 302
        attachment = owner.attachments.get()
        assert "Kroki" in client.get(address).content.decode()
        removal = file_url(attachment, "kaldir/")
        for _ in range(2):
            assert client.post(removal, {"key": owner.key})["Location"] == address
        assert not owner.attachments.exists()


def test_going_on_with_a_chosen_file_keeps_it(client, draft, ayse):
    client.force_login(ayse)
    address = f"/kocaeli/oneriler/taslak/{draft.key}/ekler/"
    answer = client.post(address, {"file": SimpleUploadedFile("k.png", png()), "do": "next"})
    assert answer["Location"].endswith("/onizleme/")
    assert draft.attachments.count() == 1


@pytest.mark.parametrize("who", ["mehmet", "derya", "hakan", "superuser"])
def test_nobody_else_adds_or_removes_files(client, request, proposal, who):
    attachment = attach(proposal)
    client.force_login(request.getfixturevalue(who))
    address = f"{proposal.get_absolute_url()}ekler/"
    assert client.get(address).status_code == 403
    assert client.post(address, {"file": SimpleUploadedFile("k.png", png("red"))}).status_code == 403
    assert client.post(file_url(attachment, "kaldir/")).status_code == 403
    assert proposal.attachments.count() == 1


def test_the_ninth_file_is_refused_with_a_sentence(client, proposal, ayse):
    for n in range(8):
        attach(proposal, content=png((n, n, n)))
    client.force_login(ayse)
    response = client.post(f"{proposal.get_absolute_url()}ekler/", {"file": SimpleUploadedFile("k.png", png("red"))})
    assert response.status_code == 403
    assert "en çok 8 dosya" in response.content.decode()
