"""The sealed log for everybody: its heads as pages, JSON and a feed, and the check of a proof."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.syndication.views import Feed
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from councils.paging import page_of
from journal import proofs
from journal.models import Head
from journal.sealing import last_head
from people.access import public

PAGE_SIZE = 25
FEED_SIZE = 100
FILE_SIZE = 1_000
BIGGEST = 2**63 - 1


class SealLine:
    """A head as a page shows it."""

    def __init__(self, head: Head) -> None:
        self.number, self.size, self.at = head.number, head.size, head.at
        self.root, self.hash, self.previous = (bytes(one).hex() for one in (head.root, head.hash, head.previous))

    def get_absolute_url(self) -> str:
        return reverse("seal_detail", args=[self.number])


@public
@require_safe
def seal_list(request: HttpRequest) -> HttpResponse:
    """What the log proves and does not, and its heads, newest first."""
    page = page_of(request, Head.objects.all(), by=["number"], size=PAGE_SIZE, descending=True)
    last = last_head()
    context = {
        "seals": [SealLine(head) for head in page.items],
        "last": SealLine(last) if last is not None else None,
        "page": page,
    }
    return render(request, "journal/seal_list.html", context)


@public
@require_safe
def seal_detail(request: HttpRequest, number: int) -> HttpResponse:
    """One head with its whole hashes."""
    if number > BIGGEST:
        raise Http404
    head = get_object_or_404(Head, number=number)
    before = Head.objects.filter(number=number - 1).values_list("size", flat=True).first() or 0
    context = {
        "seal": SealLine(head),
        "added": head.size - before,
        "has_next": Head.objects.filter(number=number + 1).exists(),
    }
    return render(request, "journal/seal_detail.html", context)


@public
@require_safe
def seal_file(request: HttpRequest) -> HttpResponse:
    """Heads to keep elsewhere, oldest first from after ``sonra``; `verify_log --heads` reads the file as it is."""
    after = request.GET.get("sonra", "0")
    if not (after.isascii() and after.isdecimal() and len(after) < 19):
        raise Http404
    found = list(Head.objects.filter(number__gt=int(after)).order_by("number")[: FILE_SIZE + 1])
    more = (
        f"{settings.SITE_URL}{reverse('seal_file')}?sonra={found[FILE_SIZE - 1].number}"
        if len(found) > FILE_SIZE
        else None
    )
    heads = [proofs.head_document(head) for head in found[:FILE_SIZE]]
    return JsonResponse({"heads": heads, "next": more}, json_dumps_params={"indent": 1})


class SealFeed(Feed):
    """The newest heads for feed readers, so that observers keep them without doing anything."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Meydan · mühürler")

    def subtitle(self) -> str:
        return _("Kayıt günlüğünün mühürleri. Saklayın: günlük sonradan değiştirilirse bu mühürlerle anlaşılır.")

    def link(self) -> str:
        return reverse("seal_list")

    def feed_url(self) -> str:
        return reverse("seal_feed")

    def items(self) -> Iterable[SealLine]:
        return [SealLine(head) for head in Head.objects.order_by("-number")[:FEED_SIZE]]

    def item_title(self, seal: SealLine) -> str:
        return _("Mühür %(number)d: %(size)d kayıt") % {"number": seal.number, "size": seal.size}

    def item_description(self, seal: SealLine) -> str:
        return _("Özet %(hash)s · kök %(root)s · önceki %(previous)s") % {
            "hash": seal.hash,
            "root": seal.root,
            "previous": seal.previous,
        }

    def item_pubdate(self, seal: SealLine) -> object:
        return seal.at

    def item_updateddate(self, seal: SealLine) -> object:
        return seal.at

    def item_guid(self, seal: SealLine) -> str:
        return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:seal-{seal.number}"


@public
@require_safe
def seal_feed(request: HttpRequest) -> HttpResponseBase:
    response = SealFeed()(request)
    response["X-Robots-Tag"] = "noindex"
    return response


class ProofForm(forms.Form):
    """A proof to check: pasted, or the file as it was downloaded."""

    file = forms.FileField(label=_l("Kanıt dosyası"), required=False)
    proof = forms.CharField(
        label=_l("Ya da içini yapıştırın"),
        required=False,
        max_length=proofs.MAX_DOCUMENT,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is not None and file.size is not None and file.size > proofs.MAX_DOCUMENT:
            raise forms.ValidationError(_("Bu dosya bir kanıt dosyası olamayacak kadar büyük."))
        return file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("proof") and not cleaned.get("file"):
            raise forms.ValidationError(_("Kanıt dosyasını seçin ya da içini yapıştırın."))
        return cleaned

    def text(self) -> str:
        file = self.cleaned_data.get("file")
        return file.read().decode("utf-8", "replace") if file else self.cleaned_data["proof"]


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proof_check(request: HttpRequest) -> HttpResponse:
    """Check a proof somebody brings. Nothing of it is kept."""
    form = ProofForm(request.POST, request.FILES) if request.method == "POST" else ProofForm()
    checked, status = None, 200
    if request.method == "POST":
        if form.is_valid():
            checked = proofs.check(form.text())
        else:
            status = 422
    return render(request, "journal/proof_check.html", {"form": form, "checked": checked}, status=status)
