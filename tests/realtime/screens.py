"""A page as live.js keeps it up to date, in Python: read from the server's HTML, changed by frames, compared with a fresh one.

The rules are those of docs/live.md. What live.js fetches again is taken from the fresh page, and only that.
"""

from __future__ import annotations

import json
import re
from typing import Any

from lxml import html

IN_PASSING = {"data-live-at", "data-live-ticket", "data-live-phase", "aria-busy"}
"""Attributes that differ from one answer to the next without meaning anything to a reader."""


class Screen:
    def __init__(self, text: str) -> None:
        self.tree = html.document_fromstring(text)
        body = self.tree.body
        self.topics: list[str] = json.loads(body.get("data-live-topics") or "[]")
        self.phases: dict[str, str] = {}

    def find(self, path: str) -> list[Any]:
        return list(self.tree.xpath(path))

    def by_id(self, name: str) -> Any:
        found = self.find(f'//*[@id="{name}"]')
        return found[0] if found else None

    # --- What arrives ---------------------------------------------------------------------------------------------------

    def take_entry(self, frame: dict[str, Any], fresh: Screen) -> None:
        topic = frame["t"]
        if topic not in self.topics:
            return
        old = self.by_id(frame["id"]) if "id" in frame else None
        if frame.get("do") == "add" and old is None:
            self._insert(frame)
        if frame.get("do") == "replace" and old is not None:
            self._swap(old, made(frame["html"]), keeping=True)
        for name, markup in (frame.get("regions") or {}).items():
            for element in self.find(f'//*[@data-live-replace="{topic}#{name}"]'):
                if markup:
                    self._swap(element, made(markup))
                else:
                    self._fetch(element, fresh)
        for element in self._refetched_by(topic):
            self._fetch(element, fresh)

    def take_state(self, topic: str, data: dict[str, Any], before: dict[str, Any] | None, fresh: Screen) -> None:
        if topic not in self.topics:
            return
        for key, value in data.items():
            for element in self.find(f'//*[@data-live-value="{topic}#{key}"]'):
                element.text = shown(value, element.get("data-live-format"))
            for element in self.find(f'//*[@data-live-bar="{topic}#{key}"]'):
                element.set("value", str(value))
        for element in self._refetched_by(topic):
            known = element.get("data-live-phase") or (before or data).get("phase")
            if known is not None and known != data.get("phase"):
                self._fetch(element, fresh)

    # --- How it changes the page -------------------------------------------------------------------------------------------

    def _refetched_by(self, topic: str) -> list[Any]:
        return [e for e in self.find("//*[@data-live-refetch]") if topic in e.get("data-live-refetch").split()]

    def _insert(self, frame: dict[str, Any]) -> None:
        lists = self.find(f'//*[@data-live-log="{frame["t"]}"]')
        if not lists:
            return
        home = lists[0]
        if frame.get("parent"):
            replies = self.find(f'//*[@data-live-replies="{frame["parent"]}"]')
            if not replies:
                return  # an answer to something on another page
            home = replies[0]
        item = made(frame["html"])
        if not frame.get("parent") and home.get("data-live-place") == "start":
            home.insert(0, item)
        else:
            home.append(item)
        for empty in self.find("//*[@data-live-empty]"):
            empty.getparent().remove(empty)

    def _fetch(self, element: Any, fresh: Screen) -> None:
        """live.js asks for the page, or a fragment of it, and takes the element with the same id."""
        found = fresh.by_id(element.get("id"))
        if found is not None:
            self._swap(element, html.fromstring(html.tostring(found)))
            self.topics = sorted({*self.topics, *fresh.topics})

    def _swap(self, old: Any, new: Any, *, keeping: bool = False) -> None:
        if keeping:
            kept = old.xpath('.//*[@data-live-keep or contains(concat(" ", @class, " "), " replies ")]')
            for element in kept:
                if old not in element.iterancestors():
                    continue  # it moved along with another one
                key = element.get("data-live-keep")
                slots = new.xpath(f'.//*[@data-live-keep="{key}"]') if key else new.xpath('.//*[@class="replies"]')
                tail, element.tail = element.tail, None
                if slots:
                    slots[0].getparent().replace(slots[0], element)
                elif not key:
                    new.append(element)
                else:
                    element.tail = tail
        new.tail = old.tail
        old.getparent().replace(old, new)

    # --- Comparing ---------------------------------------------------------------------------------------------------------

    def live_parts(self) -> dict[str, str]:
        """Every part of the page that is kept up to date, by what names it, in a form that can be compared."""
        parts: dict[str, str] = {}
        for attribute in ("value", "bar"):
            for place, element in enumerate(self.find(f"//*[@data-live-{attribute}]")):
                name = element.get(f"data-live-{attribute}")
                parts[f"{attribute} {name} {place}"] = (
                    (element.text or "").strip() if attribute == "value" else element.get("value")
                )
        for element in self.find("//*[@data-live-log or @data-live-replace or @data-live-refetch]"):
            name = element.get("data-live-log") or element.get("data-live-replace") or element.get("id")
            parts[name] = canonical(element)
        return parts


def made(markup: dict[str, str]) -> Any:
    return html.fragment_fromstring(markup["tr"].strip())


def shown(value: Any, form: str | None) -> str:
    """As the browser writes a number in Turkish."""
    if not isinstance(value, int | float):
        return str(value or "")
    if form == "percent":
        return f"%{value}"
    return f"{value:,}".replace(",", ".")


def canonical(element: Any) -> str:
    """Markup without what differs between two answers, with blanks as a browser shows them."""
    copy = html.fromstring(html.tostring(element))
    for field in copy.xpath('.//input[@type="hidden"]|.//script'):
        field.getparent().remove(field)
    for each in copy.iter():
        for name in IN_PASSING & set(each.attrib):
            del each.attrib[name]
    text = html.tostring(copy, encoding="unicode", method="html")
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", re.sub(r"\s+", " ", text)).replace("><", ">\n<")
