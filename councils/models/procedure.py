"""How a council treats proposals: versions of its procedure for each route, with the steps that apply."""

from __future__ import annotations

from functools import cached_property

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _l

from ballots.models import Majority
from councils.models.council import Body, BodyKind, Council
from people.models import Person


class Route(models.TextChoices):
    """To whom a proposal is addressed decides the way it goes (yol)."""

    WORKING_GROUP = "working_group", _l("Çalışma grubu → genel kurul → belediye meclisi")
    ASSEMBLY = "assembly", _l("Meclis → genel kurul → belediye meclisi")
    DIRECTORATE = "directorate", _l("Müdürlüğe doğrudan öneri")

    @classmethod
    def to(cls, body: Body) -> Route:
        """The route of what is addressed to a body."""
        return {BodyKind.ASSEMBLY: cls.ASSEMBLY, BodyKind.DIRECTORATE: cls.DIRECTORATE}.get(
            BodyKind(body.kind), cls.WORKING_GROUP
        )


class Step(models.TextChoices):
    """A step of the way from an idea to policy (adım), in its order; a procedure leaves out those that do not apply."""

    SUBMITTED = "submitted", _l("Uygunluk kararı")
    GATHERING = "gathering", _l("Destek toplama")
    IN_GROUP = "in_group", _l("Görüşme")
    BALLOT = "ballot", _l("Oylama")
    BOARD = "board", _l("Yürütme kurulunun gündeme alması")
    GENERAL_ASSEMBLY = "general_assembly", _l("Genel kurulun görüşü")
    OPINION = "opinion", _l("Görüşün gönderilmesi")
    SENT = "sent", _l("Belediye meclisine ulaşma")
    ON_AGENDA = "on_agenda", _l("Belediye meclisinin kararı")
    IN_COMMISSION = "in_commission", _l("Meclis komisyonu")
    DIRECTORATE = "directorate", _l("Müdürlüğün yanıtı")
    IMPLEMENTATION = "implementation", _l("Uygulama")
    DONE = "done", _l("Bir yıl sonra değerlendirme")


class Holder(models.TextChoices):
    """Who must act on a proposal in a step (elinde tutan)."""

    SECRETARIAT = "secretariat", _l("Genel sekreterlik")
    CITIZENS = "citizens", _l("Hemşehriler")
    BODY = "body", _l("Önerinin sunulduğu grup ya da meclis")
    EXECUTIVE_BOARD = "executive_board", _l("Yürütme kurulu")
    GENERAL_ASSEMBLY = "general_assembly", _l("Genel kurul")
    MUNICIPAL_COUNCIL = "municipal_council", _l("Belediye meclisi")
    DIRECTORATE = "directorate", _l("STK Şube Müdürlüğü")
    SUPPORTERS = "supporters", _l("Destekleyenler")


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    def in_force(self, council: Council, route: Route | str) -> Procedure | None:
        """The newest version of a route, with its steps."""
        found = self.filter(council=council, route=route).order_by("-number").prefetch_related("steps")[:1]
        return next(iter(found), None)


class Procedure(models.Model):
    """A version of a council's procedure for a route (usul): added, never changed. Proposals keep the one they began with."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="procedures")
    route = models.CharField(_l("yol"), max_length=13, choices=Route)
    number = models.PositiveSmallIntegerField(_l("sürüm"))
    reason = models.CharField(_l("dayanak"), max_length=300)
    # Nobody when it came from the council's file or with the installation.
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        # The table of a release before, with one row for each council, stands beside it until nothing serves from it.
        db_table = "councils_procedureversion"
        verbose_name = _l("usul")
        verbose_name_plural = _l("usuller")
        constraints = [
            models.UniqueConstraint(fields=["council", "route", "number"], name="one_procedure_per_number_of_a_route"),
            models.CheckConstraint(condition=Q(route__in=Route.values), name="procedure_route_is_known"),
            models.CheckConstraint(condition=Q(number__gte=1), name="procedure_numbers_start_at_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="procedure_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.council} · {self.get_route_display()} · {self.number}"

    @cached_property
    def rules(self) -> dict[str, ProcedureStep]:
        """The steps that apply, by name, in the order of the way."""
        order = {step: place for place, step in enumerate(Step.values)}
        return {row.step: row for row in sorted(self.steps.all(), key=lambda row: order[row.step])}

    def _of(self, step: Step, name: str) -> int | None:
        rule = self.rules.get(step)
        return getattr(rule, name) if rule is not None else None

    @property
    def admissibility_days(self) -> int | None:
        return self._of(Step.SUBMITTED, "days")

    @property
    def support_threshold(self) -> int | None:
        return self._of(Step.GATHERING, "threshold")

    @property
    def support_days(self) -> int | None:
        return self._of(Step.GATHERING, "days")

    @property
    def group_days(self) -> int | None:
        return self._of(Step.IN_GROUP, "days")

    @property
    def ballot_days(self) -> int | None:
        return self._of(Step.BALLOT, "days")

    @property
    def quorum_percent(self) -> int | None:
        return self._of(Step.BALLOT, "quorum_percent")

    @property
    def majority(self) -> str:
        rule = self.rules.get(Step.BALLOT)
        return rule.majority if rule is not None else ""


class ProcedureStep(models.Model):
    """A step that applies in a version of a procedure: who holds it, for how long, and what it needs."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(_l("adım"), max_length=20, choices=Step)
    holder = models.CharField(_l("elinde tutan"), max_length=20, choices=Holder)
    # Empty when something else than a number of days says when the step is due, such as the next meeting.
    days = models.PositiveSmallIntegerField(_l("gün"), null=True, blank=True)
    is_working_days = models.BooleanField(_l("iş günü"), default=True)
    threshold = models.PositiveIntegerField(
        _l("destek eşiği"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    quorum_percent = models.PositiveSmallIntegerField(
        _l("yeter sayı (%)"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    majority = models.CharField(_l("çoğunluk"), max_length=12, choices=Majority, blank=True)

    class Meta:
        verbose_name = _l("usul adımı")
        verbose_name_plural = _l("usul adımları")
        constraints = [
            models.UniqueConstraint(fields=["procedure", "step"], name="a_step_applies_once_in_a_procedure"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="procedure_step_is_known"),
            models.CheckConstraint(condition=Q(holder__in=Holder.values), name="procedure_holder_is_known"),
            models.CheckConstraint(condition=Q(days__isnull=True) | Q(days__gte=1), name="procedure_step_lasts_a_day"),
            models.CheckConstraint(
                condition=~Q(step=Step.GATHERING) | Q(threshold__gte=1, days__isnull=False, threshold__isnull=False),
                name="gathering_has_a_threshold_and_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(step__in=[Step.BALLOT, Step.GENERAL_ASSEMBLY])
                | Q(majority__in=Majority.values, quorum_percent__isnull=False, quorum_percent__lte=100),
                name="voting_steps_have_quorum_and_majority",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id}: {self.step}"
