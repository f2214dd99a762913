"""Ballots that a council or one of its bodies holds, and when they know proxies."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from ballots.models import MAX_PROXIES, Ballot
from councils.models.council import Body, Council, District
from people.models import AnyPerson, Person


class Electorate(models.TextChoices):
    """Whom a council's ballot asks (seçmen topluluğu); resolved by `electorates.py`."""

    RESIDENTS = "residents", _l("Konseyin doğrulanmış hemşehrileri")
    DISTRICT = "district", _l("Bir ilçenin doğrulanmış hemşehrileri")
    BODY = "body", _l("Bir organın oy hakkı olan üyeleri")
    ORGANISATIONS = "organisations", _l("Bir organdaki her kuruluştan bir temsilci")


class CouncilBallotQuerySet(models.QuerySet["CouncilBallot"]):
    def visible_to(self, person: AnyPerson) -> CouncilBallotQuerySet:
        """Every ballot of a council is public to read; who voted how is guarded by itself."""
        return self


class CouncilBallot(models.Model):
    """A ballot that a council or one of its bodies holds, with the rule of its electorate. Written once (migration 0007)."""

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, primary_key=True, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="ballots")
    electorate = models.CharField(_l("kimler oy verir"), max_length=13, choices=Electorate)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="ballots")
    district = models.ForeignKey(District, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = CouncilBallotQuerySet.as_manager()

    class Meta:
        verbose_name = _l("konsey oylaması")
        verbose_name_plural = _l("konsey oylamaları")
        constraints = [
            models.CheckConstraint(
                condition=Q(electorate=Electorate.RESIDENTS, body__isnull=True, district__isnull=True)
                | Q(electorate=Electorate.DISTRICT, body__isnull=True, district__isnull=False)
                | Q(
                    electorate__in=[Electorate.BODY, Electorate.ORGANISATIONS],
                    body__isnull=False,
                    district__isnull=True,
                ),
                name="electorate_names_its_place",
            )
        ]

    def __str__(self) -> str:
        return str(self.ballot)

    @property
    def who(self) -> str:
        """Who votes, in words."""
        match Electorate(self.electorate):
            case Electorate.RESIDENTS:
                return _("%(council)s hemşehrileri") % {"council": self.council}
            case Electorate.DISTRICT:
                return _("%(district)s hemşehrileri") % {"district": self.district}
            case Electorate.BODY:
                return _("%(body)s üyeleri") % {"body": self.body}
        return _("%(body)s: her kuruluştan bir temsilci") % {"body": self.body}


class ProxyScope(models.TextChoices):
    """Whose ballots a proxy rule is about."""

    RESIDENTS = "residents", _l("Hemşehrilere sorulan oylamalar")
    BODIES = "bodies", _l("Organların oylamaları")
    BODY = "body", _l("Tek bir organın oylamaları")


class ProxyRule(models.Model):
    """How many others one person may vote for, by the council's procedure from a moment on (vekâlet kuralı).

    Rules are added, never changed (migration 0040): the newest of a scope holds. A body's own rule goes before that of all
    bodies; without a limit it says that the body follows that one again.
    """

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="proxy_rules")
    scope = models.CharField(_l("hangi oylamalar"), max_length=9, choices=ProxyScope)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="proxy_rules")
    limit = models.PositiveSmallIntegerField(_l("vekâlet sınırı"), null=True, blank=True)
    reason = models.CharField(_l("dayanak"), max_length=300)
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _l("vekâlet kuralı")
        verbose_name_plural = _l("vekâlet kuralları")
        constraints = [
            models.CheckConstraint(
                condition=Q(scope=ProxyScope.BODY, body__isnull=False)
                | Q(scope__in=[ProxyScope.RESIDENTS, ProxyScope.BODIES], body__isnull=True, limit__isnull=False),
                name="proxy_rule_names_its_ballots",
            ),
            models.CheckConstraint(
                condition=Q(limit__isnull=True) | Q(limit__lte=MAX_PROXIES), name="proxy_rule_allows_few"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="proxy_rule_says_why"),
        ]
        indexes = [models.Index(fields=["council", "-id"], name="proxy_rules_newest_first")]

    def __str__(self) -> str:
        return f"{self.place}: {self.limit}"

    @property
    def place(self) -> str:
        """Whose ballots the rule is about, in words."""
        return str(ProxyScope(self.scope).label) if self.body is None else self.body.name
