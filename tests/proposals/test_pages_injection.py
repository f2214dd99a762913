"""Attack cases 69 to 73: what people type is shown as text, on every page of proposals."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from proposals.models import Attachment, Proposal, ProposalVersion
from proposals.stages import Stage
from tests.factories import ProposalFactory, SupportFactory

pytestmark = pytest.mark.django_db
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><script>alert(1)</script>',
    "' autofocus onfocus=alert(1) x='",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    '![x](x"onerror="alert(1))',
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<form action=//evil><button>x</button></form>",
    "<style>@import '//evil'</style>",
    "<base href=//evil/>",
    "{{ request.user.password }}{% debug %}",
    '<!--<img src="--><img src=x onerror=alert(1)//">',
    "<details open ontoggle=alert(1)>",
]
HARMFUL_TAGS = {"iframe", "object", "embed", "base", "math", "frame", "noscript"}


class Watch(HTMLParser):
    """Collects what a browser would run or load: scripts without our address, event attributes, strange links."""

    def __init__(self) -> None:
        super().__init__()
        self.harm: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "script" and not (values.get("src") or "").startswith("/static/"):
            self.harm.append(f"script {values}")
        if tag in HARMFUL_TAGS or tag == "style":
            self.harm.append(tag)
        for name, value in values.items():
            plain = (value or "").strip().lower().replace("\t", "")
            if name.startswith("on") or name in {"srcdoc", "style"}:
                self.harm.append(f"{tag} {name}")
            if name in {"href", "src", "action", "formaction"} and plain.startswith(
                ("javascript:", "data:", "vbscript:", "//")
            ):
                self.harm.append(f"{tag} {name}={value}")


def harm_in(html: str) -> list[str]:
    watch = Watch()
    watch.feed(html)
    return watch.harm


@pytest.fixture
def poisoned(kocaeli, ayse) -> Proposal:
    """A proposal every text of which carries every payload."""
    everything = " ".join(PAYLOADS)
    ayse.display_name = everything[:80]
    ayse.save()
    at = timezone.now()
    proposal = ProposalFactory(
        council=kocaeli,
        author=ayse,
        stage=Stage.GATHERING,
        title=everything[:120],
        summary=everything[:400],
        text="\n\n".join(PAYLOADS),
        support_closes_at=at + timezone.timedelta(days=3),
    )
    ProposalVersion.objects.create(
        proposal=proposal,
        number=2,
        title="Eski",
        summary="Eski",
        text="Eski",
        note=everything[:300],
        author=ayse,
        created_at=at,
    )
    Proposal.objects.filter(pk=proposal.pk).update(version=2)
    SupportFactory(proposal=proposal, person=ayse, shows_name=True)
    for n, payload in enumerate(PAYLOADS):
        Attachment.objects.create(
            proposal=proposal,
            kind="pdf",
            file=SimpleUploadedFile("x.pdf", b""),
            name=payload[:120],
            description=payload[:200] if n % 2 else "",
            size=1,
            digest=str(n),
            added_by=ayse,
            added_at=at,
        )
    return proposal


def test_the_watch_sees_harm():
    assert len(harm_in("<script>x</script><a href='javascript:x'><b onclick=x><iframe>")) == 4


@pytest.mark.parametrize(
    "path",
    [
        "",
        "surumler/",
        "surumler/?eski=2&yeni=1",
        "destekleyenler/",
        "kutu/",
        "yeni-surum/",
        "ekler/",
        "geri-cek/",
        "sunuldu/",
    ],
)
def test_nothing_typed_runs_on_the_pages_of_a_proposal(client, poisoned, path):
    client.force_login(poisoned.author)
    response = client.get(f"{poisoned.get_absolute_url()}{path}")
    assert response.status_code == 200
    assert harm_in(response.content.decode()) == []


def test_nothing_typed_runs_in_lists_and_likeness(client, poisoned):
    for path in ("", "?gorunum=harita", "benzer/?title=script+alert+onerror"):
        assert harm_in(client.get(f"/kocaeli/oneriler/{path}").content.decode()) == []


def test_nothing_typed_runs_in_a_draft(client, kocaeli, ayse):
    everything = " ".join(PAYLOADS)
    draft = ProposalFactory(
        council=kocaeli,
        author=ayse,
        stage=Stage.DRAFT,
        title=everything[:120],
        summary=everything[:400],
        text=everything,
    )
    client.force_login(ayse)
    for word in ("baslik", "metin", "konu", "adres", "ekler", "onizleme", "sil"):
        html = client.get(f"/kocaeli/oneriler/taslak/{draft.key}/{word}/").content.decode()
        assert harm_in(html) == []
    assert harm_in(client.get("/kocaeli/oneriler/yeni/").content.decode()) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_reflected_runs(client, kocaeli, ayse, payload):
    ProposalFactory(council=kocaeli)
    for name in ("q", "asama", "konu", "sirala", "sayfa", "gorunum", "organ"):
        assert harm_in(client.get("/kocaeli/oneriler/", {name: payload}).content.decode()) == []
    assert harm_in(client.get("/kocaeli/oneriler/benzer/", {"title": payload}).content.decode()) == []
    draft = ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)
    client.force_login(ayse)
    address = f"/kocaeli/oneriler/taslak/{draft.key}"
    assert harm_in(client.post(f"{address}/baslik/", {"title": payload * 9}).content.decode()) == []
    for do in ("preview", "next"):
        html = client.post(f"{address}/metin/", {"summary": payload, "text": payload, "do": do}).content.decode()
        assert harm_in(html) == []
    for field in ("theme", "district", "latitude", "longitude"):
        assert harm_in(client.post(f"{address}/konu/", {field: payload}).content.decode()) == []
    assert harm_in(client.post(f"{address}/adres/", {"addressed_to": payload, "seen": payload}).content.decode()) == []
