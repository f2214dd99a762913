"""The page about the API, written from its schema."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import spectacular_settings

from participation.api.problems import SENTENCES
from people.access import public

GROUPS: dict[str, str | Promise] = {
    "councils": _l("Konseyler"),
    "bodies": _l("Organlar, meclisler, gruplar"),
    "groups": _l("Gruba katılma ve ayrılma"),
    "organisations": _l("STK’lar"),
    "proposals": _l("Öneriler"),
    "opinions": _l("Görüşler"),
    "requests": _l("Müdürlüğe başvurular"),
    "solidarity": _l("Dayanışma panosu"),
    "partnerships": _l("Proje ortaklıkları"),
    "lending": _l("Ödünç malzemeler"),
    "impact": _l("Etki"),
    "supports": _l("Destek"),
    "drafts": _l("Taslaklar"),
    "attachments": _l("Ekler"),
    "ballots": _l("Oylamalar"),
    "decisions": _l("Belediye meclisinde"),
    "seals": _l("Mühürlü günlük"),
    "comments": _l("Yorumlar"),
    "me": _l("Siz"),
    "desk": _l("Görev işleri"),
    "moderation": _l("Moderasyon"),
}
SAMPLES = {
    "council": "kocaeli",
    "body": "ulasim-calisma-grubu",
    "number": "KOC-2026-0042",
    "key": "5f0c1a52-90f1-4c57-a7f4-0d46a1fbd0aa",
    "id": "42",
    "article": "genel-kurul-bildirimi-ne-zaman-yapilir",
    "attachment": "42",
    "matter": "ulasim",
    "request_number": "KOC-T-2026-0042",
    "item": "katlanir-masa",
    "loan": "42",
    "partnership": "42",
    "step": "42",
    "post": "42",
    "match": "42",
    "join_request": "42",
    "membership": "42",
    "organisation": "korfez-bisikletliler-dernegi",
    "person": "42",
    "token": "42",
    "version": "1",
    "proxy": "42",
    "name": "5f0c1a5290f14c57a7f40d46",
    "kind": "admissibility",
}


@dataclass(frozen=True)
class Field:
    """A parameter or a field of the body."""

    name: str
    kind: str
    is_required: bool
    note: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    name: str
    method: str
    path: str
    summary: str
    who: str
    scope: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    refusals: tuple[tuple[str, str], ...]
    example: str


@dataclass(frozen=True)
class Group:
    key: str
    title: str
    operations: tuple[Operation, ...]


@public
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """What the API is, who may do what with it, and each endpoint with an example."""
    codes = [(code, str(sentence)) for code, sentence in SENTENCES.items()]
    context = {
        "groups": groups(get_language() or settings.LANGUAGE_CODE),
        "codes": codes,
        "base": f"{settings.SITE_URL}/api/v1/",
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "tokens_url": reverse("tokens"),
    }
    return render(request, "api/docs.html", context)


@lru_cache(maxsize=8)
def groups(language: str) -> tuple[Group, ...]:
    """Every endpoint by its group, in a language. The schema is the code's, so it is read once."""
    generator = SchemaGenerator(patterns=None, urlconf=spectacular_settings.SERVE_URLCONF)
    schema: dict[str, Any] = generator.get_schema(request=None, public=True)
    found: dict[str, list[Operation]] = {key: [] for key in GROUPS}
    for path, methods in schema["paths"].items():
        for method, described in methods.items():
            group = described["tags"][0]
            if group in found:
                found[group].append(_operation(schema, path, method.upper(), described))
    return tuple(Group(key, str(GROUPS[key]), tuple(rows)) for key, rows in found.items())


def _operation(schema: dict[str, Any], path: str, method: str, described: dict[str, Any]) -> Operation:
    body = _body(schema, described)
    return Operation(
        name=described["operationId"],
        method=method,
        path=path,
        summary=described.get("summary", ""),
        who=described.get("x-who-may", ""),
        scope=described.get("x-scope", ""),
        parameters=tuple(_parameter(schema, each) for each in described.get("parameters", ()) if each["in"] == "query"),
        body=body,
        refusals=tuple(
            (status, answer.get("description", ""))
            for status, answer in sorted(described["responses"].items())
            if status.startswith("4")
        ),
        example=_example(path, method, body, is_public="401" not in described["responses"]),
    )


def _resolved(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A part of the schema with what it points to put in its place."""
    for pointed in [part, *part.get("allOf", ()), *part.get("oneOf", ())]:
        if "$ref" in pointed:
            name = pointed["$ref"].rpartition("/")[2]
            return {**schema["components"]["schemas"][name], **{k: v for k, v in part.items() if k == "description"}}
    return part


def _parameter(schema: dict[str, Any], described: dict[str, Any]) -> Field:
    kind = _resolved(schema, described.get("schema", {}))
    kind = _resolved(schema, kind.get("items", kind))
    return Field(
        described["name"],
        _kind(kind),
        bool(described.get("required")),
        str(described.get("description", "")),
        tuple(str(value) for value in kind.get("enum", ())),
    )


def _body(schema: dict[str, Any], described: dict[str, Any]) -> tuple[Field, ...]:
    content = described.get("requestBody", {}).get("content", {})
    content = content.get("application/json") or content.get("multipart/form-data")
    if not content:
        return ()
    shape = _resolved(schema, content["schema"])
    required = set(shape.get("required", ()))
    fields = []
    for name, field in shape.get("properties", {}).items():
        kind = _resolved(schema, field)
        if kind.get("readOnly") or field.get("readOnly"):
            continue
        longest = kind.get("maxLength")
        note = " ".join(filter(None, [field.get("description", ""), _("En çok %s harf.") % longest if longest else ""]))
        values = tuple(str(value) for value in kind.get("enum", ()) if value not in (None, ""))
        fields.append(Field(name, _kind(kind), name in required, note if not values else "", values))
    return tuple(fields)


def _kind(kind: dict[str, Any]) -> str:
    words = {
        "string": _("metin"),
        "integer": _("tam sayı"),
        "number": _("sayı"),
        "boolean": _("true ya da false"),
        "date-time": _("tarih ve saat (ISO 8601)"),
        "uuid": "UUID",
    }
    type_ = kind.get("type", "")
    if isinstance(type_, list):  # OpenAPI 3.1 lists "null" beside the type
        type_ = next((each for each in type_ if each != "null"), "")
    return words.get(kind.get("format", ""), words.get(type_, words["string"]))


def _example(path: str, method: str, body: tuple[Field, ...], *, is_public: bool) -> str:
    for name, sample in SAMPLES.items():
        path = path.replace(f"{{{name}}}", sample)
    url = f"{settings.SITE_URL}{path}"
    if method == "GET" and is_public:
        return f"curl '{url}'"
    lines = [f"curl {'' if method == 'GET' else f'-X {method} '}'{url}'", '-H "Authorization: Bearer $TOKEN"']
    if body:
        sent = [field for field in body if field.is_required] or list(body[:1])
        if any(field.name == "file" for field in sent):
            return " \\\n  ".join([*lines, "-F file=@ek.pdf"])
        fields = ", ".join(f'"{field.name}": {_sample(field)}' for field in sent)
        lines += ["-H 'Content-Type: application/json'", f"-d '{{{fields}}}'"]
    return " \\\n  ".join(lines)


def _sample(field: Field) -> str:
    if field.values:
        return f'"{field.values[0]}"'
    if field.kind == _kind({"type": "boolean"}):
        return "true"
    if field.kind in {_kind({"type": "integer"}), _kind({"type": "number"})}:
        return "1"
    if field.kind == _kind({"format": "date-time"}):
        return '"2026-12-01T18:00:00+03:00"'
    return f'"{SAMPLES["key"]}"' if field.kind == "UUID" else '"…"'
