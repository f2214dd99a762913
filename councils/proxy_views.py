"""The council's rules about proxies: everybody reads them, the secretary writes a new one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from councils.actions import set_proxy_rule
from councils.ballot_forms import ProxyRuleForm
from councils.models import Body, ProxyRule
from councils.paging import page_of
from councils.permissions import may_set_proxy_rule
from councils.proxy_rules import limit_sentence, rules_now
from people.access import public, signed_in
from people.verdicts import Refused, no

ON_A_PAGE = 30


@public
@require_safe
def proxy_rules(request: HttpRequest) -> HttpResponse:
    """What holds now for whose ballots, and every rule there was, with who wrote it and why."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    rows = ProxyRule.objects.filter(council=council).select_related("actor", "body")
    page = page_of(request, rows, by=["pk"], size=ON_A_PAGE, descending=True)
    context = {
        "rules": rules_now(council),
        "page": page,
        "lines": [{"rule": rule, "sentence": limit_sentence(rule.limit)} for rule in page.items],
        "may_set": bool(may_set_proxy_rule(request.user, council, at=at)),
    }
    return render(request, "councils/proxy_rules.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def proxy_rule_set(request: HttpRequest) -> HttpResponse:
    """The secretary says from now on how many others one person may vote for."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    verdict = may_set_proxy_rule(request.user, council, at=at)
    bodies = Body.objects.visible_to(request.user).filter(council=council, is_active=True).alphabetical()
    form = ProxyRuleForm(request.POST if request.method == "POST" else None, bodies=bodies)
    status = 200 if verdict else 403
    if request.method == "POST" and verdict:
        status = 422
        try:
            if form.is_valid():
                assert request.user.is_authenticated
                set_proxy_rule(actor=request.user, council=council, at=at, **form.said())
                return HttpResponseRedirect(reverse("proxy_rules", args=[council.slug]))
        except ValidationError as error:
            form.take_errors(error)
        except Refused as refusal:
            verdict, status = no(refusal.reason, code=refusal.code), 403
    context: dict[str, Any] = {"form": form, "verdict": verdict}
    return render(request, "councils/proxy_rule_set.html", context, status=status)
