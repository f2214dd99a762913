"""Cases 50, 52, 55, 65, 78, 82, 116, 117, 128, 145 and 150: filters, lists of numbers, exports, mails and pictures."""

from __future__ import annotations

import ast
import io
import struct
import zipfile
import zlib
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from PIL import Image

from documents.attachment_content import check
from journal.models import Audience, Entry
from people.models import Person
from proposals.models import Proposal
from proposals.stages import Stage
from tests import factories as f
from tests.attacks.test_code import CODE, name_of
from tests.proposals.test_pages_list import shown

pytestmark = pytest.mark.django_db
MB = 1024 * 1024
FILTERS = [
    "author__password__startswith=p",
    "ordering=author__email",
    "order_by=-author__password",
    "_connector=OR&stage=draft",
    "q__regex=.*",
    "council__procedure=1",
    "author=1",
    "fields=email",
    "expand=author",
]


# --- 50: filters ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("query", FILTERS)
def test_050_the_api_refuses_what_is_not_on_its_list(kocaeli, client, query):
    for path in ("/api/v1/councils/kocaeli/proposals/", "/api/v1/councils/", "/api/v1/councils/kocaeli/bodies/"):
        answer = client.get(f"{path}?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), path


@pytest.mark.parametrize("query", [*FILTERS, "sirala=author__password", "sirala=-author__email", "asama=draft"])
def test_050_a_page_takes_no_other_filter_and_no_other_order(kocaeli, client, query):
    for _ in range(3):
        f.ProposalFactory(council=kocaeli)
    f.ProposalFactory(council=kocaeli, stage=Stage.DRAFT, title="Gizli taslak")
    plain, answer = client.get("/kocaeli/oneriler/"), client.get(f"/kocaeli/oneriler/?{query}")
    assert len(shown(plain)) == 3
    assert shown(answer) == shown(plain)
    assert "Gizli taslak" not in answer.content.decode()


# --- 52 and 65: the administration ------------------------------------------------------------------------------------
@pytest.fixture
def proved(monkeypatch):
    """An administrator who has just proved who they are."""
    monkeypatch.setattr("participation.administration.require_proof", lambda *args, **kwargs: None)


def test_052_a_list_of_numbers_deletes_nothing_that_is_only_looked_at(client, kocaeli, superuser, proved):
    row = f.ProposalFactory(council=kocaeli)
    # One without a version, because the database itself keeps those that have any.
    row.pk, row.key, row.serial, row.number, row.thread = None, uuid4(), 99, "KOC-2026-0099", f.ThreadFactory()
    row.save(force_insert=True)
    client.force_login(superuser)
    numbers = [row.pk]
    client.post("/admin/proposals/proposal/", {"action": "delete_selected", "_selected_action": numbers, "post": "yes"})
    assert Proposal.objects.filter(pk__in=numbers).count() == 1


def test_065_a_forged_post_of_an_administrator_changes_no_proposal(client, kocaeli, superuser, proved):
    proposal = f.ProposalFactory(council=kocaeli)
    client.force_login(superuser)
    data = {
        "stage": "adopted",
        "support_count": "999",
        "title": "Ele geçirildi",
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 1,
        "form-0-id": proposal.pk,
        "form-0-title": "Ele geçirildi",
        "_save": "1",
    }
    for path in (f"{proposal.pk}/change/", f"{proposal.pk}/delete/", "add/", ""):
        client.post(f"/admin/proposals/proposal/{path}", data)
    now = Proposal.objects.get(pk=proposal.pk)
    assert (now.stage, now.support_count, now.title) == (proposal.stage, 0, proposal.title)


# --- 55 and 145: one's own data ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("query", ["", "?person={other}", "?id={other}", "?user={other}", "?email={email}"])
def test_055_an_export_is_of_who_asks_and_ends_with_the_session(client, kocaeli, ayse, mehmet, query):
    f.ProposalFactory(council=kocaeli, author=mehmet, title="Mehmet’in önerisi")
    client.force_login(ayse)
    path = reverse("my_data_file") + query.format(other=mehmet.pk, email=mehmet.email)
    text = client.get(path).content.decode()
    assert ayse.email in text
    assert mehmet.email not in text
    assert "Mehmet’in önerisi" not in text
    client.logout()
    assert client.get(path).status_code == 302


def test_145_two_exports_at_once_hold_each_their_own(kocaeli, ayse, mehmet):
    browsers = {person: Client() for person in (ayse, mehmet)}
    for person, browser in browsers.items():
        browser.force_login(person)
    for _ in range(2):
        for person, browser in browsers.items():
            text = browser.get(reverse("my_data_file")).content.decode()
            assert [each.email in text for each in (ayse, mehmet)] == [each == person for each in (ayse, mehmet)]


# --- 78 and 128: mails ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "evil", ["Ayşe\r\nBcc: kurban@ornek.invalid", "Ayşe\nSubject: x", "Ayşe\x0bTo: y", "Ayşe%0aBcc: z"]
)
def test_078_a_name_or_an_address_adds_no_header_to_a_mail(client, kocaeli, evil):
    form = {"email": "yeni@ornek.invalid", "password1": "uzun bir parola 42", "display_name": evil}
    client.post("/hesap/kayit/", form)
    client.post("/hesap/parola/sifirla/", {"email": f"yeni@ornek.invalid\r\nBcc: {evil}"})
    for message in mail.outbox:
        assert message.recipients() == ["yeni@ornek.invalid"]
        names = {name.lower() for name in message.message().keys()}  # noqa: SIM118 - a message is no mapping
        assert "bcc" not in names
        assert "\n" not in message.subject


def test_128_one_address_is_not_flooded_with_mails(kocaeli, mehmet):
    for n in range(15):
        Client(REMOTE_ADDR=f"198.51.{n}.7").post("/hesap/parola/sifirla/", {"email": mehmet.email})
    assert 0 < len(mail.outbox) <= 10


# --- 82: programs -----------------------------------------------------------------------------------------------------
def programs(source: str) -> list[str]:
    """Calls that hand text to a shell."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            shell = any(word.arg == "shell" and ast.unparse(word.value) != "False" for word in node.keywords)
            if shell or name in {"os.system", "os.popen", "subprocess.getoutput", "asyncio.create_subprocess_shell"}:
                found.append(ast.unparse(node)[:100])
    return found


def test_082_nothing_is_handed_to_a_shell():
    assert {name_of(path): found for path in CODE if (found := programs(path.read_text()))} == {}
    assert programs("subprocess.run(f'convert {name}', shell=True)")
    assert programs("os.system(name)")


# --- 116 and 117: what unpacks to more than it seems ------------------------------------------------------------------
def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        zipped("[Content_Types].xml", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"),
        zipped("../../x", b"x"),
        zipped("bomb", b"\0" * 20 * MB),
        b"Rar!\x1a\x07\x01\x00" + b"\0" * 30,
        b"\x1f\x8b\x08" + b"\0" * 30,
    ],
    ids=["xlsx", "path", "bomb", "rar", "gzip"],
)
def test_116_an_archive_is_not_opened(data):
    with pytest.raises(ValidationError):
        check(io.BytesIO(data), "belge.xlsx", max_bytes=10 * MB)


def header_of_a_picture(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (40_000_001, 1), (8_000, 8_000)])
def test_117_a_picture_of_too_many_points_is_not_unpacked(width, height):
    with pytest.raises(ValidationError) as refusal:
        check(io.BytesIO(header_of_a_picture(width, height)), "foto.png", max_bytes=MB)
    assert refusal.value.code == "too_many_pixels"


def test_117_of_a_moving_picture_one_frame_is_kept():
    frames = [Image.new("RGB", (8, 8), (n % 256, 0, 0)) for n in range(200)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(check(io.BytesIO(buffer.getvalue()), "foto.webp", max_bytes=MB).content)) as kept:
        assert getattr(kept, "n_frames", 1) == 1


def test_145_nobody_else_s_address_stands_on_a_public_page(client, kocaeli, ayse):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse)
    for path in (
        proposal.get_absolute_url(),
        "/kocaeli/oneriler/",
        f"/api/v1/councils/kocaeli/proposals/{proposal.number}/",
    ):
        assert not [person for person in Person.objects.all() if person.email in client.get(path).content.decode()]


# --- 150: an administrator in the dark --------------------------------------------------------------------------------
def test_150_no_address_and_no_second_step_is_given_to_an_account_in_the_administration(
    client, superuser, proved, ayse
):
    """With another address, and a code mailed to it, an administrator would vote as anybody."""
    client.force_login(superuser)
    fields = {
        "user": ayse.pk,
        "email": "sistem2@ornek.invalid",
        "primary": "on",
        "verified": "on",
        "type": "totp",
        "data": "{}",
    }
    for path in ("account/emailaddress", "mfa/authenticator", "auth/group"):
        assert client.post(f"/admin/{path}/add/", fields).status_code in {403, 404}, path
    assert not EmailAddress.objects.filter(email="sistem2@ornek.invalid").exists()
    assert not Authenticator.objects.exists()
    for model in admin.site._registry:
        assert model._meta.app_label not in {"account", "auth"}, model


def test_150_rights_posts_and_second_steps_leave_a_word_in_the_record(client, kocaeli, superuser, proved, ayse):
    client.force_login(superuser)
    names = {"display_name": ayse.display_name, "language": "tr", "is_active": "on"}
    client.post(f"/admin/people/person/{ayse.pk}/change/", names | {"is_staff": "on"})
    client.post(
        "/admin/councils/officer/add/", {"council": kocaeli.pk, "person": ayse.pk, "role": "centre", "is_active": "on"}
    )
    step = Authenticator.objects.create(user=ayse, type="totp", data={"secret": "x"})
    client.post(f"/admin/mfa/authenticator/{step.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.exists()
    kinds = ["people.rights_changed", "councils.officer_changed", "people.second_step_removed"]
    found = Entry.objects.filter(kind__in=kinds).order_by("pk")
    assert [(entry.kind, entry.actor_id, entry.audience) for entry in found] == [
        (kind, superuser.pk, Audience.STAFF) for kind in kinds
    ]
