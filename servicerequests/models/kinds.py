"""The types of requests a council's directorate takes: data, in versions that are added and never changed."""

from __future__ import annotations

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _l

from councils.models import Council, Officer
from people.models import Person
from servicerequests.form_fields import Question, questions_of


class Filer(models.TextChoices):
    """Who may file (kim başvurabilir)."""

    EVERYBODY = "everybody", _l("Hesabı olan herkes")
    RESIDENTS = "residents", _l("Hemşehriliği doğrulananlar")
    ORGANISATIONS = "organisations", _l("Doğrulanmış kuruluşların temsilcileri")


class Priority(models.TextChoices):
    LOW = "low", _l("Düşük")
    USUAL = "usual", _l("Olağan")
    HIGH = "high", _l("Yüksek")


class DeskUnit(models.Model):
    """A desk of the directorate (birim): who works there, and who leads it. Requests wait in its queue."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="desk_units")
    name = models.CharField(_l("ad"), max_length=120)
    slug = models.SlugField(max_length=80)
    # Nobody while the post is empty; what is late is then told to the whole directorate.
    head = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.SET_NULL, related_name="desks_led")
    officers = models.ManyToManyField(Officer, blank=True, related_name="desks")
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _l("birim")
        verbose_name_plural = _l("birimler")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["council", "slug"], name="one_desk_unit_per_slug_of_a_council"),
            models.CheckConstraint(condition=~Q(name=""), name="desk_unit_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class OfficeSpan(models.Model):
    """When the directorate is open on a weekday (çalışma saati); several spans leave the lunch out."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="office_spans")
    weekday = models.PositiveSmallIntegerField(_l("gün"), validators=[MaxValueValidator(6)])
    opens = models.TimeField(_l("açılış"))
    closes = models.TimeField(_l("kapanış"))

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="office_span_is_on_a_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="office_span_closes_after_it_opens"),
            models.UniqueConstraint(fields=["council", "weekday", "opens"], name="one_office_span_per_opening"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H.%M}–{self.closes:%H.%M}"


class RequestType(models.Model):
    """What one may ask for (başvuru türü); its newest version says how."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="request_types")
    slug = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_l("açık"), default=True)

    class Meta:
        verbose_name = _l("başvuru türü")
        verbose_name_plural = _l("başvuru türleri")
        ordering = ["position", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["council", "slug"], name="one_request_type_per_slug_of_a_council")
        ]

    def __str__(self) -> str:
        return self.slug


class RequestTypeVersion(models.Model):
    """How a type is filed and answered: added, never changed. A request keeps the one it was filed under."""

    type = models.ForeignKey(RequestType, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_l("sürüm"))
    name = models.CharField(_l("ad"), max_length=80)
    name_en = models.CharField(_l("İngilizce adı"), max_length=80, blank=True)
    about = models.CharField(_l("ne için"), max_length=300)
    about_en = models.CharField(_l("İngilizce açıklama"), max_length=300, blank=True)
    unit = models.ForeignKey(DeskUnit, on_delete=models.PROTECT, related_name="+")
    form = models.JSONField(_l("sorular"), default=list, blank=True)
    filer = models.CharField(_l("kim başvurabilir"), max_length=13, choices=Filer, default=Filer.EVERYBODY)
    is_public = models.BooleanField(_l("kendiliğinden herkese açık"), default=False)
    priority = models.CharField(_l("öncelik"), max_length=5, choices=Priority, default=Priority.USUAL)
    first_answer_hours = models.PositiveSmallIntegerField(
        _l("ilk yanıt (çalışma saati)"), validators=[MinValueValidator(1)]
    )
    resolution_days = models.PositiveSmallIntegerField(_l("sonuç (iş günü)"), validators=[MinValueValidator(1)])
    # The last moment the law allows; nothing where no law counts days.
    law = models.CharField(_l("yasal dayanak"), max_length=120, blank=True)
    ceiling_days = models.PositiveSmallIntegerField(_l("yasal süre"), null=True, blank=True)
    # What the law gives where another body has to be asked; nothing where it gives no more.
    ceiling_days_extended = models.PositiveSmallIntegerField(
        _l("başka kuruma sorulursa yasal süre"), null=True, blank=True
    )
    ceiling_is_working = models.BooleanField(_l("yasal süre iş günüdür"), default=False)
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _l("başvuru türü sürümü")
        verbose_name_plural = _l("başvuru türü sürümleri")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["type", "number"], name="one_version_per_number_of_a_request_type"),
            models.CheckConstraint(condition=Q(number__gte=1), name="request_type_versions_start_at_one"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(about=""), name="request_type_says_what_it_is_for"),
            models.CheckConstraint(condition=Q(filer__in=Filer.values), name="request_type_filer_is_known"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="request_type_priority_is_known"),
            models.CheckConstraint(
                condition=Q(first_answer_hours__gte=1, resolution_days__gte=1), name="request_type_is_answered_in_time"
            ),
            models.CheckConstraint(
                condition=Q(ceiling_days__isnull=True, law="") | Q(ceiling_days__gte=1) & ~Q(law=""),
                name="a_legal_ceiling_names_its_law",
            ),
            models.CheckConstraint(
                condition=Q(ceiling_days_extended__isnull=True) | Q(ceiling_days_extended__gt=F("ceiling_days")),
                name="a_longer_ceiling_is_longer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.number}"

    @property
    def words(self) -> str:
        """Its name in the active language."""
        return self.name_en if self.name_en and get_language() == "en" else self.name

    @property
    def help(self) -> str:
        return self.about_en if self.about_en and get_language() == "en" else self.about

    @cached_property
    def questions(self) -> list[Question]:
        return questions_of(self.form)

    @property
    def first_answer(self) -> timedelta:
        return timedelta(hours=self.first_answer_hours)
