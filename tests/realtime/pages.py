"""A site of its own for the tests of the live engine: one page that uses every attribute of the contract."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils.html import escape
from django.views.decorators.cache import never_cache

from journal.models import Entry
from people.access import public


@public
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """A room as rendered now; ``?person=7`` is who reads."""
    said = Entry.objects.filter(topic="room:1", kind="room.written").order_by("sequence")
    items = "".join(f'<li id="said-{e.sequence}">{escape(e.facts["text"])}</li>' for e in said)
    last = Entry.objects.filter(topic="room:1").order_by("-sequence").values_list("sequence", flat=True).first() or 0
    return HttpResponse(
        f"""<!DOCTYPE html><html lang="tr"><head><meta charset="utf-8"><title>Oda</title>
        <script src="/static/js/live.js" defer></script></head>
        <body data-live-topics='["room:1","state:room:1","presence:room:1","secret:1"]' data-live-seq='{{"room:1": {last}}}'
              data-person="{escape(request.GET.get("person", ""))}">
        <p><b data-live-value="state:room:1#yes">0</b> <b data-live-value="state:room:1#share" data-live-format="percent"></b>
           <progress max="100" value="0" data-live-bar="state:room:1#share"></progress>
           <span data-live-presence="presence:room:1" hidden></span></p>
        <section id="status" data-live-replace="room:1#status">start <button name="choice" value="yes">Evet</button></section>
        <section id="fetched" data-live-refetch="room:1" data-live-kinds="room.moved"><b>{last}</b>
           <form><textarea name="note"></textarea></form></section>
        <ol id="list" data-live-log="room:1" data-live-new-one="1 yeni yorum · göster"
            data-live-new-many="{{n}} yeni yorum · göster">{items}</ol>
        <p data-live-offline hidden>Bağlantı yok, yenileniyor</p></body></html>"""
    )


urlpatterns = [path("", page), path("", include("realtime.urls"))]
