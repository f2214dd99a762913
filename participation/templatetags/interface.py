"""The components of the interface as template tags. docs/interface.md shows each of them in use."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Textarea
from django.http import HttpRequest, QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from participation.page_cache import kept_part
from realtime import tickets
from realtime.identity import digest
from turkish.templatetags import turkish_text
from turkish.text import upper

register = template.Library()

COMPONENTS = "components"
AVATAR_TONES = 5


# --- The head of the page -------------------------------------------------------------------------
@register.simple_tag
def stylesheets() -> SafeString:
    """The style sheet and the letters that every Turkish page needs."""
    if settings.DEBUG:
        from participation import stylesheet

        if stylesheet.is_stale():
            stylesheet.write()
    return format_html(
        '<link rel="stylesheet" href="{}"><link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>',
        static("vendor/site.css"),
        static("vendor/fonts/source-sans-3-latin-wght-normal.woff2"),
    )


def _live_ticket(request: HttpRequest | None, person: Any) -> str:
    """Says whose socket it is for a minute after the page was made; live.js asks for a new one later."""
    key = getattr(getattr(request, "session", None), "session_key", None)
    return tickets.mint(person.pk, digest(key)) if key else ""


@register.simple_tag(takes_context=True)
def live_attributes(context: Context) -> SafeString:
    """What live.js reads from the body: the topics a page follows, the moment of rendering and who reads."""
    live: Mapping[str, Any] = context.get("live") or {}
    person = context.get("person")
    attributes = {"data-live-at": str(int(timezone.now().timestamp()))}
    if live.get("topics"):
        attributes["data-live-topics"] = json.dumps(list(live["topics"]))
    if live.get("sequences"):
        attributes["data-live-seq"] = json.dumps(dict(live["sequences"]))
    if person is not None and person.is_authenticated:
        attributes["data-person"] = str(person.pk)
        if live.get("topics") and (ticket := _live_ticket(context.get("request"), person)):
            attributes["data-live-ticket"] = ticket
    return format_html_join(" ", '{}="{}"', attributes.items())


# --- Small things ---------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of the sprite. Decorative, unless it has a label."""
    return _icon(name, size, str(label), static("vendor/icons.svg"))


@lru_cache(maxsize=1024)
def _icon(name: str, size: str, label: str, sprite: str) -> SafeString:
    meaning = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    classes = f"icon {size}".strip()
    return format_html(
        '<svg class="{}" width="20" height="20" {}><use href="{}#{}"></use></svg>',
        classes,
        meaning,
        sprite,
        name,
    )


@register.simple_tag
def tag(text: str, tone: str = "") -> SafeString:
    """A short state in a pill. Tones: none, live, wait, done, no, plain."""
    return format_html('<span class="{}">{}</span>', f"tag {tone}".strip(), text)


@register.inclusion_tag(f"{COMPONENTS}/notice.html")
def notice(text: str, tone: str = "info") -> dict[str, Any]:
    """A sentence that matters. Tones: info, done, warn, refused."""
    return {"text": text, "tone": tone}


@register.inclusion_tag(f"{COMPONENTS}/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", action: str = "", icon: str = "") -> dict[str, Any]:
    """What stands where nothing is yet, with the next thing one can do."""
    return {"title": title, "text": text, "url": url, "action": action, "icon_name": icon}


@register.simple_tag
def ago(value: datetime | None) -> str:
    """A time element with the age of a moment."""
    return turkish_text.ago(value)


@register.simple_tag
def time_left(value: datetime | None) -> SafeString | str:
    """A time element with what is left until a moment, such as "2 gün kaldı"; nothing when it has passed."""
    left = turkish_text.left(value)
    if not value or not left:
        return ""
    return format_html(
        '<time datetime="{}" title="{}" data-left="{}">{}</time>',
        value.isoformat(),
        turkish_text.moment(value),
        _("%(time)s kaldı") % {"time": "{}"},
        _("%(time)s kaldı") % {"time": left},
    )


# --- People ---------------------------------------------------------------------------------------
def _name_of(person: Any) -> str:
    return getattr(person, "display_name", "") or str(person or "")


@register.inclusion_tag(f"{COMPONENTS}/person_name.html", takes_context=True)
def person_name(context: Context, person: Any, organisation: Any = None, url: str = "") -> dict[str, Any]:
    """A person's name, and on whose behalf they act."""
    council = context.get("council")
    slug = getattr(organisation, "slug", "")
    if not url and slug and council:
        try:
            url = reverse("organisation_detail", args=[council.slug, slug])
        except NoReverseMatch:
            url = ""
    return {
        "name": _name_of(person) or _("Silinmiş hesap"),
        "organisation": getattr(organisation, "name", organisation) or "",
        "url": url,
    }


@register.simple_tag
def avatar(person: Any) -> SafeString:
    """The initials of a person in a disc; decorative, because the name stands beside it."""
    name = _name_of(person)
    words = name.split()
    initials = upper("".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words[:1])))
    tone = sum(map(ord, name)) % AVATAR_TONES
    return format_html('<span class="avatar tone-{}" aria-hidden="true">{}</span>', tone, initials or "·")


@register.inclusion_tag(f"{COMPONENTS}/presence.html")
def presence(topic: str, count: int = 0) -> dict[str, Any]:
    """How many people look at this page now; filled in and kept by live.js."""
    return {"topic": topic, "count": count}


# --- Where a thing stands -------------------------------------------------------------------------
def _state(step: Any) -> str:
    return str(step.get("state", "") if isinstance(step, Mapping) else getattr(step, "state", ""))


def _label(step: Any) -> str:
    return str(step.get("label", "") if isinstance(step, Mapping) else getattr(step, "label", ""))


def _place(steps: Sequence[Any]) -> tuple[int, str]:
    """The position, counted from one, and the label of the step a thing stands at; the last past one when none is."""
    standing = [index for index, step in enumerate(steps) if _state(step) in {"now", "exit"}]
    past = [index for index, step in enumerate(steps) if _state(step) == "past"]
    index = (standing or past or [0])[-1]
    return index + 1, _label(steps[index]) if steps else ""


@register.inclusion_tag(f"{COMPONENTS}/path.html")
def path(steps: Sequence[Any]) -> dict[str, Any]:
    """The path of a proposal. A step has label, state (past, now, ahead, exit) and may have note, at, url."""
    return {"steps": steps}


@register.inclusion_tag(f"{COMPONENTS}/mini_path.html")
def mini_path(steps: Sequence[Any]) -> dict[str, Any]:
    """The same path as small bars, with its own words for screen readers."""
    number, label = _place(steps)
    return {"steps": steps, "number": number, "total": len(steps), "label": label}


@register.inclusion_tag(f"{COMPONENTS}/wizard_steps.html")
def wizard_steps(steps: Sequence[Any]) -> dict[str, Any]:
    """Where one is in a form of several screens."""
    number, label = _place(steps)
    return {"steps": steps, "number": number, "total": len(steps), "label": label}


@register.inclusion_tag(f"{COMPONENTS}/tally.html")
def tally(rows: Sequence[Mapping[str, Any]], topic: str = "") -> dict[str, Any]:
    """Votes as bars in a fixed order. A row has key, label, count, share (0..100) and tone (yes, no, abstain)."""
    return {"rows": rows, "topic": topic}


@register.inclusion_tag(f"{COMPONENTS}/support_bar.html")
def support_bar(count: int, threshold: int, topic: str = "") -> dict[str, Any]:
    """How far a proposal is from its threshold; the same for every reader."""
    share = min(100, count * 100 // threshold) if threshold else 100
    return {"count": count, "threshold": threshold, "share": share, "topic": topic}


@register.inclusion_tag(f"{COMPONENTS}/progress.html")
def progress(value: int, label: str = "") -> dict[str, Any]:
    """How much is done, 0..100."""
    return {"value": max(0, min(100, int(value or 0))), "label": label}


# --- Forms ----------------------------------------------------------------------------------------
@register.inclusion_tag(f"{COMPONENTS}/error_summary.html")
def errors(form: Any, more: Iterable[Any] = ()) -> dict[str, Any]:
    """Everything that is wrong in a form, and in more that are sent with it, on top of it, with links to the fields."""
    bound = [each for each in (form, *more) if each.is_bound]
    return {"form": form, "wrong": [field for each in bound for field in each if field.errors]}


@register.inclusion_tag(f"{COMPONENTS}/field.html")
def field(
    bound: BoundField,
    label: str = "",
    hint: str = "",
    *,
    as_cards: bool = False,
    counter: bool = False,
    mark_optional: bool = True,
    **attributes: Any,
) -> dict[str, Any]:
    """One field with its label, hint and error, tied together for screen readers; other keywords become attributes."""
    widget = bound.field.widget
    hint = hint or str(bound.help_text or "")
    described = [f"{bound.auto_id}_hint"] * bool(hint) + [f"{bound.auto_id}_error"] * bool(bound.errors)
    attrs = {name.replace("_", "-"): value for name, value in attributes.items()}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if isinstance(widget, Textarea):
        attrs.setdefault("data-autosize", True)
    if counter:
        attrs["data-counter"] = f"{bound.auto_id}_counter"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        kind = "group"
    else:
        kind = "check" if isinstance(widget, CheckboxInput) else "line"
    return {
        "field": bound,
        "kind": kind,
        "label": label or bound.label,
        "hint": hint,
        "described": " ".join(described),
        "control": "" if kind == "group" else bound.as_widget(attrs=attrs),
        "as_cards": as_cards,
        "counter": counter,
        "optional": mark_optional and not bound.field.required,
    }


# --- Moving about ---------------------------------------------------------------------------------
@register.inclusion_tag(f"{COMPONENTS}/pagination.html")
def pagination(
    previous: str | None = None,
    next: str | None = None,  # noqa: A002 - the name in the template
    previous_label: str = "",
    next_label: str = "",
) -> dict[str, Any]:
    """Keyset pages: links to the one before and the one after, or None."""
    return {"previous": previous, "next": next, "previous_label": previous_label, "next_label": next_label}


@register.simple_tag(takes_context=True)
def current(context: Context, name: str, *prefixes: str) -> SafeString:
    """Mark the link of the place where the reader is: the page itself, or the part of the site it belongs to."""
    request: HttpRequest | None = context.get("request")
    match = getattr(request, "resolver_match", None)
    here = (match.url_name or "") if match else ""
    if here == name:
        return SafeString('aria-current="page"')
    if here and any(here.startswith(prefix) for prefix in prefixes):
        return SafeString('aria-current="true"')
    return SafeString("")


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The present query string with changes; None takes a key out, a list gives several values."""
    request: HttpRequest | None = context.get("request")
    params = request.GET.copy() if request else QueryDict(mutable=True)
    for key, value in changes.items():
        if value is None:
            params.pop(key, None)
        else:
            params.setlist(key, [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)])
    return f"?{params.urlencode()}" if params else "?"


class _Kept(template.Node):
    def __init__(self, name: str, of: Sequence[template.base.FilterExpression], nodes: template.NodeList) -> None:
        self.name, self.of, self.nodes = name, of, nodes

    def render(self, context: Context) -> SafeString:
        of = tuple(each.resolve(context) for each in self.of)
        made = kept_part(context.get("request"), self.name, lambda: self.nodes.render(context), of=of)
        # Rendered by the template engine, just now or before.
        return mark_safe(made)  # noqa: S308  # nosec B308 B703  # nosemgrep: declared-safe


@register.tag
def kept(parser: template.base.Parser, token: template.base.Token) -> _Kept:
    """{% kept "name" %} … {% endkept %}: the same for every reader of this address, so it is kept while nothing changes
    (`participation.page_cache`). {% kept "name" council.pk %}: the same at every address with this council. Nothing between the
    two may depend on who reads, hold a form's token or the nonce.
    """
    _tag, name, *of = token.split_contents()
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    return _Kept(name.strip('"'), [parser.compile_filter(each) for each in of], nodes)
