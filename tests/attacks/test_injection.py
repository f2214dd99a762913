"""Cases 69 to 73: what people type is text, on every page, in every feed and in every answer."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from discussions.actions import add_comment
from discussions.markup import excerpt, render
from discussions.models import Comment, CommentVersion, Report
from journal.kinds import sentence
from organisations.models import Organisation
from people.models import Person
from proposals.actions import decline_amendment
from proposals.models import Amendment, Attachment, Proposal, ProposalVersion, StageChange
from proposals.stages import Stage
from tests import factories as f
from workinggroups.models import Charter, JoinRequest, PartnerInstitution, PlannedActivity

pytestmark = pytest.mark.django_db

# Every payload carries the word `xsst`, by which what became of it is found again.
CORPUS = [
    "<script>xsst()</script>",
    "<img src=x onerror=xsst()>",
    "<svg/onload=xsst()>",
    '"><script>xsst()</script>',
    "'><img src=x onerror=xsst()>",
    '" onmouseover="xsst()" x="',
    "' onfocus='xsst()' autofocus='",
    "</title><script>xsst()</script>",
    "</textarea><script>xsst()</script>",
    "</script><script>xsst()</script>",
    "<!--><img src=x onerror=xsst()>-->",
    "<iframe srcdoc='<script>xsst()</script>'>",
    "<a href=javascript:xsst()>xsst</a>",
    "<math><mtext><table><mglyph><style><img src=x onerror=xsst()>",
    "<noscript><p title='</noscript><img src=x onerror=xsst()>'>",
    "<form action=//evil.example/xsst><button>xsst</button>",
    "<base href=//evil.example/xsst>",
    "<meta http-equiv=refresh content='0;url=javascript:xsst()'>",
    "<x style=animation-name:xsst onanimationstart=xsst()>",
    "{{ 7|add:7 }}{% load xsst %}{{ settings.SECRET_KEY }}",
    "{actor.__class__}{0}%(xsst)s xsst",
    "[xsst](javascript:xsst())",
    "[xsst](\tjava\nscript:xsst())",
    "[xsst](&#106;avascript:xsst())",
    "[xsst](JaVaScRiPt&colon;xsst())",
    "[xsst](data:text/html;base64,PHNjcmlwdD54c3N0KCk8L3NjcmlwdD4=)",
    "[xsst](vbscript:msgbox(xsst))",
    '[xsst](https://ornek.invalid "onmouseover=xsst()")',
    "![xsst](javascript:xsst())",
    "![xsst](https://evil.example/xsst.png)",
    "<javascript:xsst()>",
    "[xsst]: javascript:xsst()\n\n[xsst]",
    "[xsst](//evil.example/xsst)",
    "<https://ornek.invalid/\" onmouseover=\"xsst()>",
    "https://ornek.invalid/\"onmouseover=xsst()",
    "`<script>xsst()</script>`",
    "    <script>xsst()</script>",
    "&lt;script&gt;xsst()&lt;/script&gt;",
    "\\<script\\>xsst()\\</script\\>",
    "+ADw-script+AD4-xsst()+ADw-/script+AD4-",
    "\u202excsst<script>xsst()</script>",
    "@<b onclick=xsst()>Ayşe Demir</b> xsst",
]  # fmt: skip
ALLOWED_ELSEWHERE = ("http://", "https://", "mailto:", "/", "#", "?", "tel:")
URLS = {"href", "src", "action", "formaction", "data", "poster", "srcdoc", "xlink:href", "background"}


class Page(HTMLParser):
    """What a browser would run or fetch because of a payload."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.words = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "script" and not (names.get("src") or "").startswith("/static/"):
            self.wrong.append(f"<{tag}>")
        if tag in {"style", "iframe", "object", "embed", "base", "math", "noscript", "frame", "applet", "x"}:
            self.wrong.append(f"<{tag}>")
        if tag == "meta" and "http-equiv" in names:
            self.wrong.append("<meta http-equiv>")
        if tag in {"img", "form", "button", "svg", "input", "textarea"} and "xsst" in (names.get("src") or ""):
            self.wrong.append(f"<{tag} src>")
        for name, value in attrs:
            if re.match(r"on[a-z]|style$", name) or "xsst" in name or not re.fullmatch(r"[a-zA-Z:_@.][-\w:.]*", name):
                self.wrong.append(f"<{tag} {name}={value}>")
            if name in URLS and value:
                plain = re.sub(r"[\s\x00-\x20]", "", value).lower()
                is_relative = ":" not in plain.split("/")[0].split("?")[0]
                if not plain.startswith(ALLOWED_ELSEWHERE) and not is_relative:
                    self.wrong.append(f"<{tag} {name}={value}>")
                if plain.startswith(("//", "/\\")) or (tag in {"img", "form", "script", "link"} and "evil" in plain):
                    self.wrong.append(f"<{tag} {name}={value}>")

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        self.words += data.count("xsst")


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    return page


@pytest.mark.parametrize("payload", CORPUS)
def test_069_the_reader_of_these_tests_sees_what_runs(payload):
    """The control: put into a page as it is, a payload that is HTML is noticed."""
    raw = read(f"<p>{payload}</p><input value='{payload}'><input value=\"{payload}\">")
    opens_a_tag = re.match(r"[\"'] |[\"'\u202e@` ]*<[a-z/]|\\<|[\"']>", payload)
    if opens_a_tag and not payload.startswith(("<javascript", "<https", "\\<")):
        assert raw.wrong, payload


# --- 70 and 71: Markdown -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("payload", CORPUS)
def test_070_markdown_gives_html_in_which_nothing_runs(payload):
    for text in (payload, f"> {payload}", f"* {payload}", f"**{payload}**", f"söz\n\n{payload}\n", payload * 3):
        page = read(render(text, [payload[:80]]))
        assert page.wrong == [], text
        html = render(text)
        assert not re.search(r"<(?!/?(?:p|br|strong|em|a|ul|ol|li|blockquote|code|pre|hr|h3|h4|h5|s|span)\b)", html)
        for link in re.findall(r'href="([^"]*)"', html):
            assert re.match(r"(https?://|mailto:|/(?![/\\])|#)", link), link
    shown = render_to_string("components/notice.html", {"text": excerpt(payload), "tone": "info"})
    assert read(shown).wrong == []


@pytest.mark.parametrize(
    "sample",
    [
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=xsst()&gt;'>",
        "<svg></p><style><a id='</style><img src=1 onerror=xsst()>'>",
        "<noscript><style></noscript><img src=x onerror=xsst()>",
        "<textarea><title></textarea><img src=x onerror=xsst()></title>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=xsst()>",
        "<img src='x` `<script>xsst()</script>` `'>",
    ],
)
def test_071_markup_that_changes_its_meaning_when_read_again_stays_text(sample):
    once = render(sample)
    assert read(once).wrong == []
    assert read(render(once)).wrong == []


def test_077_a_sentence_of_the_record_does_not_read_its_facts_as_a_template():
    facts = {"actor": "{title.__class__}", "title": "{actor}", "number": "%(title)s"}
    told = [sentence(kind, facts) for kind in ("proposals.submitted", "discussions.comment_added")]
    assert not any("class 'str'" in text for text in told)


# --- 69: every field on every page --------------------------------------------------------------------------------------
def fill(world, turn: int, unguarded) -> None:
    """Put payloads into every text a person can type, past forms and actions: the worst that could be stored."""
    t = world.things
    long = "\n\n".join(CORPUS[turn::6])
    short = iter((CORPUS[turn % len(CORPUS) :] + CORPUS) * 4)

    def some(length: int) -> str:
        return next(payload for payload in short if len(payload) <= length)

    for person in Person.objects.all():
        Person.objects.filter(pk=person.pk).update(display_name=some(80))
    for organisation in Organisation.objects.all():
        Organisation.objects.filter(pk=organisation.pk).update(
            name=some(160),
            about=long[:4000],
            website='https://ornek.invalid/"onmouseover=xsst()',
            email="xsst@ornek.invalid",
        )
    for proposal in Proposal.objects.all():
        Proposal.objects.filter(pk=proposal.pk).update(title=some(120), summary=some(400), text=long)
    with unguarded("proposals_proposalversion", "proposals_amendment"):
        for version in ProposalVersion.objects.all():
            ProposalVersion.objects.filter(pk=version.pk).update(title=some(120), summary=some(400), text=long)
        Amendment.objects.update(paragraph=long[:4000], text=long[4000:8000] or "x", reason=some(300))
    decline_amendment(
        actor=world.people["facilitator"],
        amendment=t.in_group_amendment,
        reason=some(400) + " ve on harf",
        at=timezone.now(),
    )
    ProposalVersion.objects.create(
        proposal=t.gathering,
        number=2,
        title=some(120),
        summary=some(400),
        text=long + "\n\nxsst",
        note=some(300),
        author=t.gathering.author,
        created_at=timezone.now(),
    )
    Proposal.objects.filter(pk=t.gathering.pk).update(version=2, on_behalf_of=t.organisation)
    StageChange.objects.create(
        proposal=t.gathering,
        old=Stage.SUBMITTED,
        new=Stage.WITHDRAWN,
        reason=some(400),
        reason_code="other",
        at=timezone.now(),
    )
    for attachment in Attachment.objects.all():
        Attachment.objects.filter(pk=attachment.pk).update(name=some(110), description=some(200))
    Comment.objects.update(text=long[:5000])
    Comment.objects.filter(pk=t.hidden.pk).update(hidden_reason=some(300))
    CommentVersion.objects.create(comment=t.comment, text=long[:5000], mark="for", replaced_at=timezone.now())
    Report.objects.update(note=some(500))
    JoinRequest.objects.update(message=some(1000))
    Charter.objects.update(purpose=long, scope=some(400), objectives=[some(100), some(100)])
    charter = t.group.charter
    PlannedActivity.objects.create(charter=charter, position=1, text=some(300))
    PartnerInstitution.objects.create(charter=charter, position=1, name=some(200), note=some(300))
    type(t.group).objects.filter(pk=t.group.pk).update(name=some(160), summary=some(400))
    type(t.council).objects.filter(pk=t.council.pk).update(
        about=long, vision=some(200), mission=some(200), principles=[some(80)]
    )
    t.council.themes.update(name=some(60), name_en=some(60))
    t.council.districts.update(name=some(60))
    f.SupportFactory(proposal=t.gathering, person=world.people["mehmet"], shows_name=True)


def pages_of(world) -> list[tuple[str, str]]:
    """Who reads what."""
    t, k = world.things, "kocaeli"
    names: list[tuple[str, str, list[object]]] = [
        ("visitor", "home", []),
        ("visitor", "council_home", [k]),
        ("visitor", "body_list", [k]),
        ("visitor", "group_detail", [k, t.group.slug]),
        ("visitor", "group_members", [k, t.group.slug]),
        ("visitor", "organisation_list", [k]),
        ("visitor", "organisation_detail", [k, t.organisation.slug]),
        ("visitor", "council_journal", [k]),
        ("visitor", "proposal_record", [k, t.gathering.number]),
        ("visitor", "proposal_list", [k]),
        ("visitor", "proposal_supporters", [k, t.gathering.number]),
        ("visitor", "ballot_detail", [t.ballot.pk]),
        ("visitor", "proposal_text", [k, t.gathering.number]),
        ("visitor", "proposal_amendments", [k, t.gathering.number]),
        ("visitor", "proposal_amendments", [k, t.in_group.number]),
        ("mehmet", "amendment_detail", [k, t.gathering.number, t.amendment.number]),
        ("mehmet", "amendment_propose", [k, t.gathering.number, 1]),
        ("mehmet", "amendment_withdraw", [k, t.gathering.number, t.amendment.number]),
        ("facilitator", "desk", [k]),
        ("ayse", "me", []),
        ("mehmet", "proposal_detail", [k, t.gathering.number]),
        ("mehmet", "proposal_detail", [k, t.voting.number]),
        ("mehmet", "comment_page", [t.thread.pk, t.comment.pk]),
        ("mehmet", "comment_report", [t.thread.pk, t.comment.pk]),
        ("ayse", "comment_history", [t.thread.pk, t.comment.pk]),
        ("ayse", "comment_page", [t.thread.pk, t.hidden.pk]),
        ("ayse", "comment_edit", [t.thread.pk, t.comment.pk]),
        ("ayse", "proposal_draft_step", [k, t.draft.key, "baslik"]),
        ("ayse", "proposal_draft_step", [k, t.draft.key, "metin"]),
        ("ayse", "proposal_draft_step", [k, t.draft.key, "ekler"]),
        ("ayse", "proposal_draft_step", [k, t.draft.key, "onizleme"]),
        ("ayse", "proposal_revise", [k, t.submitted.number]),
        ("ayse", "proposal_attachments", [k, t.submitted.number]),
        ("ayse", "proposal_versions", [k, t.gathering.number]),
        ("ayse", "me", []),
        ("ayse", "settings", []),
        ("secretary", "proposal_admissibility", [k, t.submitted.number]),
        ("secretary", "residence_desk", [k]),
        ("secretary", "residence_person", [k, world.people["mehmet"].pk]),
        ("secretary", "report_list", [k]),
        ("secretary", "desk", [k]),
        ("facilitator", "ballot_roll_call", [t.ballot.pk]),
        ("facilitator", "group_requests", [k, t.group.slug]),
        ("facilitator", "group_member_end", [k, t.group.slug, t.seat.pk]),
        ("facilitator", "comment_hide", [t.thread.pk, t.comment.pk]),
        ("superuser", "admin:people_person_changelist", []),
    ]
    return [(role, reverse(name, args=arguments)) for role, name, arguments in names]


@pytest.mark.parametrize("turn", range(3))
def test_069_a_payload_in_any_field_stays_text_on_every_page(world, turn, unguarded):
    add_comment(
        actor=world.people["mehmet"],
        thread=world.things.thread,
        text=CORPUS[turn],
        key=uuid4(),
        at=timezone.now(),
    )
    fill(world, turn * 2, unguarded)
    seen = 0
    clients = {role: world.client(role) for role in world.people}
    for role, path in pages_of(world):
        answer = clients[role].get(path)
        assert answer.status_code == 200, (role, path, answer.status_code)
        page = read(answer.content.decode())
        assert page.wrong == [], (role, path)
        seen += page.words
    assert seen > 100
    for name in ("council_feed", "proposal_feed", "group_feed"):
        arguments = {"proposal_feed": [world.things.gathering.number], "group_feed": [world.things.group.slug]}.get(
            name, []
        )
        feed = clients["visitor"].get(reverse(name, args=["kocaeli", *arguments]))
        assert feed["Content-Type"].startswith("application/atom+xml")
        assert feed["X-Content-Type-Options"] == "nosniff"
        for element in ET.fromstring(feed.content).iter():
            assert element.tag.startswith("{http://www.w3.org/2005/Atom}"), element.tag
            assert element.get("type", "text") != "html" or read(element.text or "").wrong == [], element.text
    for path in (
        "/api/v1/councils/kocaeli/proposals/",
        f"/api/v1/threads/{world.things.thread.pk}/comments/",
        "/kocaeli/oneriler/noktalar.json?yakinlik=9",
        f"/canli/yokla/?t=thread:{world.things.thread.pk}&at=1",
    ):
        answer = clients["visitor"].get(path)
        assert answer["Content-Type"].startswith("application/json"), path
        assert answer["X-Content-Type-Options"] == "nosniff"
        if "yokla" in path:
            for frame in answer.json()["frames"]:
                for html in frame.get("html", {}).values():
                    assert read(html).wrong == []
    file = clients["visitor"].get(reverse("proposal_attachment", args=["kocaeli", world.things.document.pk]))
    assert file["Content-Disposition"].startswith("attachment")
    named = r"attachment; filename(\*=utf-8''[\w%.~+()!'-]+|=\"([^\"\\\r\n]|\\.)*\")"
    assert re.fullmatch(named, file["Content-Disposition"]), file["Content-Disposition"]


# --- 73: what a request says ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("payload", CORPUS[:20:2])
def test_073_what_a_request_says_is_not_said_back_as_html(world, payload):
    t = world.things
    clients = {role: world.client(role) for role in ("visitor", "secretary", "ayse")}
    for role, path, names in (
        ("visitor", "/kocaeli/oneriler/", ("q", "asama", "konu", "sirala", "sayfa", "gorunum", "bilinmeyen")),
        ("visitor", "/kocaeli/oneriler/benzer/", ("title",)),
        ("visitor", "/kocaeli/meclisler-ve-gruplar/", ("q",)),
        ("visitor", "/kocaeli/stk/", ("q", "sayfa")),
        ("visitor", "/kocaeli/kayit/", ("tur", "sayfa")),
        ("visitor", "/hesap/giris/", ("next",)),
        ("visitor", reverse("thread_page", args=[t.thread.pk]), ("before",)),
        ("ayse", reverse("proposal_versions", args=["kocaeli", t.gathering.number]), ("eski", "yeni", "surum")),
        ("secretary", "/kocaeli/masam/hemsehrilik/", ("q", "durum", "sayfa")),
        ("secretary", "/kocaeli/masam/", ("bolum",)),
    ):
        answer = clients[role].get(path, dict.fromkeys(names, payload))
        assert answer.status_code in {200, 400, 404}, (path, answer.status_code)
        assert read(answer.content.decode()).wrong == [], path
    for path in (f"/{payload}/", f"/kocaeli/{payload}", f"/kocaeli/oneriler/{payload}/", f"/api/v1/{payload}/"):
        answer = clients["visitor"].get(path.replace("?", "").replace("#", ""))
        assert answer.status_code in {301, 404}, path
        if answer.status_code == 404 and "json" not in answer["Content-Type"]:
            assert read(answer.content.decode()).wrong == [], path
