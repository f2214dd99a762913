"""The council's rules about proxies."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ballots.models import MAX_PROXIES
from councils.journal_kinds import CouncilKind
from councils.models import Body, Council, ProxyRule, ProxyScope
from councils.permissions import may_set_proxy_rule
from councils.proxy_rules import rule_in_force
from journal.actions import record
from people.models import Person

MIN_REASON = 10
MAX_PROXY_REASON = 300
KIND_OF_RULE = {
    ProxyScope.RESIDENTS: CouncilKind.PROXIES_OF_RESIDENTS,
    ProxyScope.BODIES: CouncilKind.PROXIES_OF_BODIES,
    ProxyScope.BODY: CouncilKind.PROXIES_OF_BODY,
}


@transaction.atomic
def set_proxy_rule(
    *,
    actor: Person,
    council: Council,
    scope: str,
    body: Body | None = None,
    limit: int | None,
    reason: str,
    at: datetime,
) -> ProxyRule:
    """Say from now on how many others one person may vote for; ballots that are open keep their own. The same rule again
    changes nothing.

    Refuses who is not the council's secretary. `ValidationError` on ``body``, ``limit`` or ``reason``.
    """
    may_set_proxy_rule(actor, council, at=at).require()
    council = Council.objects.select_for_update(no_key=True).get(pk=council.pk)
    reason = " ".join(reason.split())
    rule = ProxyRule(council=council, scope=scope, body=body, limit=limit, reason=reason, actor=actor, at=at)
    _check_proxy_rule(rule)
    before = rule_in_force(council, scope, body)
    if before is not None and before.limit == limit:
        return before
    rule.save(force_insert=True)
    record(
        CouncilKind.PROXIES_AS_USUAL if limit is None else KIND_OF_RULE[ProxyScope(scope)],
        actor=actor,
        subject=rule,
        topic=f"council:{council.pk}" if body is None else body.topic,
        at=at,
        council=council,
        body=body,
        facts={"limit": limit, "reason": reason} | ({} if body is None else {"body": body.name}),
    )
    return rule


def _check_proxy_rule(rule: ProxyRule) -> None:
    wrong: dict[str, ValidationError] = {}
    needs_body = rule.scope == ProxyScope.BODY
    is_known = rule.scope in ProxyScope.values and needs_body == (rule.body is not None)
    if not is_known or (rule.body is not None and rule.body.council_id != rule.council_id):
        wrong["body"] = ValidationError(_("Kuralın hangi oylamalar için olduğunu seçin."), code="unknown_place")
    if rule.limit is None and not needs_body:
        wrong["limit"] = ValidationError(_("Bir sınır seçin; vekâlet verilemiyorsa 0."), code="required")
    elif rule.limit is not None and not 0 <= rule.limit <= MAX_PROXIES:
        sentence = _("Bir kişi en çok %(most)d kişinin vekili olabilir.") % {"most": MAX_PROXIES}
        wrong["limit"] = ValidationError(sentence, code="too_many")
    if len(rule.reason) < MIN_REASON:
        sentence = _("Dayanağı yazın: karar tarihi, numarası ya da yönergenin maddesi; herkes okuyacak.")
        wrong["reason"] = ValidationError(sentence, code="too_short")
    elif len(rule.reason) > MAX_PROXY_REASON:
        wrong["reason"] = ValidationError(_("Dayanak en çok 300 harf olabilir."), code="too_long")
    if wrong:
        raise ValidationError(wrong)
