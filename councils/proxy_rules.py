"""Which rule about proxies holds for a ballot, and the rules as people read them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.models import Body, Council, CouncilBallot, ProxyRule, ProxyScope


def rule_in_force(council: Council, scope: str, body: Body | None = None) -> ProxyRule | None:
    """The newest rule of a scope; None where nothing was ever said."""
    return ProxyRule.objects.filter(council=council, scope=scope, body=body).order_by("-pk").first()


def proxy_limit_of(asked: CouncilBallot) -> int:
    """How many others one person may vote for in a ballot that is opened now; 0 where the procedure allows no proxies."""
    if asked.body is None:
        rule = rule_in_force(asked.council, ProxyScope.RESIDENTS)
    else:
        rule = rule_in_force(asked.council, ProxyScope.BODY, asked.body)
        if rule is None or rule.limit is None:
            rule = rule_in_force(asked.council, ProxyScope.BODIES)
    return rule.limit or 0 if rule is not None else 0


def limit_sentence(limit: int | None) -> str:
    """What a limit means."""
    if limit is None:
        return _("Organların ortak kuralı geçerli.")
    if not limit:
        return _("Vekâlet verilemez.")
    return ngettext(
        "Bir kişi en çok %(n)d kişinin vekili olabilir.", "Bir kişi en çok %(n)d kişinin vekili olabilir.", limit
    ) % {"n": limit}


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """What holds for some ballots now."""

    place: str
    sentence: str
    rule: ProxyRule | None
    """Where it comes from; None where nothing was ever said."""


def rules_now(council: Council) -> list[PlaceRule]:
    """What holds for residents, for bodies, and for each body with a rule of its own. One query."""
    rules = ProxyRule.objects.filter(council=council).select_related("actor", "body")
    latest = rules.order_by("scope", "body_id", "-pk").distinct("scope", "body_id")
    newest = {(rule.scope, rule.body_id): rule for rule in latest}
    found = []
    for scope in (ProxyScope.RESIDENTS, ProxyScope.BODIES):
        rule_ = newest.pop((scope, None), None)
        limit = rule_.limit if rule_ is not None else 0
        found.append(PlaceRule(str(scope.label), limit_sentence(limit), rule_))
    own = [rule for rule in newest.values() if rule.limit is not None]
    return found + [PlaceRule(rule.place, limit_sentence(rule.limit), rule) for rule in own]
