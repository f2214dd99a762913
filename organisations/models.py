"""Civil society organisations (STK) and the people who act for them."""

from __future__ import annotations

from datetime import date

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _l

from people.models import AnyPerson, Person
from turkish.functions import SortKey


class OrganisationForm(models.TextChoices):
    """The legal form of an organisation."""

    ASSOCIATION = "association", _l("Dernek")
    FOUNDATION = "foundation", _l("Vakıf")
    FEDERATION = "federation", _l("Federasyon")
    UNION = "union", _l("Sendika")
    CHAMBER = "chamber", _l("Meslek odası")
    COOPERATIVE = "cooperative", _l("Kooperatif")
    PLATFORM = "platform", _l("Platform")
    SPORTS_CLUB = "sports_club", _l("Spor kulübü")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, person: AnyPerson) -> OrganisationQuerySet:
        """Every listed organisation is public."""
        return self

    def represented_by(self, person: AnyPerson, *, on: date) -> OrganisationQuerySet:
        """Verified organisations for which the person holds a mandate on a day."""
        if not person.is_authenticated:
            return self.none()
        running = Representative.objects.filter(person_id=person.pk).on(on)
        return self.filter(pk__in=running.values("organisation"), verified_at__isnull=False)

    def alphabetical(self) -> OrganisationQuerySet:
        return self.order_by(SortKey("name"), "pk")

    def names(self, ids: set[int]) -> dict[int, str]:
        """Names by id, in one query."""
        return dict(self.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


class Organisation(models.Model):
    """A civil society organisation (sivil toplum kuruluşu, STK)."""

    name = models.CharField(_l("ad"), max_length=160)
    slug = models.SlugField(max_length=80, unique=True)
    form = models.CharField(_l("tür"), max_length=20, choices=OrganisationForm)
    about = models.TextField(_l("tanıtım"), max_length=4000, blank=True)
    website = models.URLField(_l("ağ adresi"), blank=True, validators=[URLValidator(schemes=["http", "https"])])
    email = models.EmailField(_l("e-posta"), blank=True)
    founded = models.PositiveSmallIntegerField(_l("kuruluş yılı"), null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _l("sivil toplum kuruluşu")
        verbose_name_plural = _l("sivil toplum kuruluşları")
        constraints = [
            models.CheckConstraint(condition=Q(form__in=OrganisationForm.values), name="organisation_form_is_known"),
            models.CheckConstraint(
                condition=Q(website="") | Q(website__startswith="https://") | Q(website__startswith="http://"),
                name="organisation_website_is_a_web_address",
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="organisation_is_verified_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


class RepresentativeQuerySet(models.QuerySet["Representative"]):
    def on(self, day: date) -> RepresentativeQuerySet:
        """Mandates that run on a day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class Representative(models.Model):
    """A person's mandate to act on behalf of an organisation (temsilci), with a start and an end."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="representatives")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mandates")
    title = models.CharField(_l("görev"), max_length=80, blank=True)
    starts_on = models.DateField(_l("başlangıç"))
    ends_on = models.DateField(_l("bitiş"), null=True, blank=True)

    objects = RepresentativeQuerySet.as_manager()

    class Meta:
        verbose_name = _l("temsilci")
        verbose_name_plural = _l("temsilciler")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"], condition=Q(ends_on__isnull=True), name="one_open_mandate_per_person"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="mandate_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation}"
