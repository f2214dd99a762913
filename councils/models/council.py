"""A city's council, its organs, assemblies and groups, who sits in them, and who lives in the city."""

from __future__ import annotations

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from organisations.models import Organisation
from people.models import AnyPerson, Person
from turkish.functions import SortKey

RESERVED_SLUGS = frozenset(
    (
        "admin api ben canli demo dil durum erisilebilirlik hakkinda hesap hosgeldiniz kisisel-veriler makbuz masam media muhur "
        "oylama saglik static tartisma yardim"
    ).split()
)


class CouncilQuerySet(models.QuerySet["Council"]):
    def alphabetical(self) -> CouncilQuerySet:
        return self.order_by(SortKey("name"))


class Council(models.Model):
    """One city's council (kent konseyi). Everything else belongs to exactly one."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=40, unique=True)
    code = models.CharField(max_length=3, unique=True, validators=[RegexValidator(r"^[A-Z]{3}$")])
    province = models.CharField(max_length=40)
    municipality = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    vision = models.TextField(blank=True)
    mission = models.TextField(blank=True)
    principles = models.JSONField(default=list, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    zoom = models.PositiveSmallIntegerField(default=10)
    # A GeoJSON feature collection of the districts, one feature each with its slug.
    outline = models.JSONField(default=dict, blank=True)
    # Where residents are verified (address, hours, phone, documents); empty when the council has not said.
    verification_desk = models.JSONField(default=dict, blank=True)
    # Texts whose wording is an example and not the council's own.
    sample_fields = models.JSONField(default=list, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = _l("kent konseyi")
        verbose_name_plural = _l("kent konseyleri")
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z]{3}$"), name="council_code_is_three_capitals"),
            models.CheckConstraint(
                condition=~Q(slug__in=sorted(RESERVED_SLUGS)), name="council_slug_is_not_a_page_of_the_site"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("council_home", args=[self.slug])


class District(models.Model):
    """A district of the city (ilçe)."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="districts")
    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60)
    latitude = models.FloatField()
    longitude = models.FloatField()
    # How many people live there, for comparing who takes part; empty when the council's file does not say.
    population = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _l("ilçe")
        verbose_name_plural = _l("ilçeler")
        ordering = [SortKey("name")]
        constraints = [
            models.UniqueConstraint(fields=["council", "slug"], name="one_district_per_slug_in_a_council"),
        ]

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    """What a proposal is about (konu)."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="themes")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    slug = models.SlugField(max_length=60)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _l("konu")
        verbose_name_plural = _l("konular")
        ordering = [SortKey("name")]
        constraints = [models.UniqueConstraint(fields=["council", "slug"], name="one_theme_per_slug_in_a_council")]

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.name_en if self.name_en and get_language() == "en" else self.name


class BodyKind(models.TextChoices):
    """What a body is; each kind has its own place in the council."""

    GENERAL_ASSEMBLY = "general_assembly", _l("Genel kurul")
    EXECUTIVE_BOARD = "executive_board", _l("Yürütme kurulu")
    SECRETARIAT = "secretariat", _l("Genel sekreterlik")
    ASSEMBLY = "assembly", _l("Meclis")
    WORKING_GROUP = "working_group", _l("Çalışma grubu")
    DIRECTORATE = "directorate", _l("Müdürlük")


class BodyQuerySet(models.QuerySet["Body"]):
    def visible_to(self, person: AnyPerson) -> BodyQuerySet:
        """Every body of a council is public; its closed discussions are guarded by themselves."""
        return self

    def take_proposals(self) -> BodyQuerySet:
        """Bodies a proposal can be addressed to."""
        kinds = [BodyKind.WORKING_GROUP, BodyKind.ASSEMBLY, BodyKind.DIRECTORATE]
        return self.filter(kind__in=kinds, is_active=True)

    def alphabetical(self) -> BodyQuerySet:
        return self.order_by(SortKey("name"), "pk")


class Body(models.Model):
    """An organ, an assembly (meclis) or a working group (çalışma grubu) of a council."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="bodies")
    kind = models.CharField(max_length=20, choices=BodyKind)
    name = models.CharField(max_length=160)
    slug = models.SlugField(max_length=80)
    summary = models.TextField(blank=True)
    is_sample = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _l("organ")
        verbose_name_plural = _l("organlar")
        constraints = [
            models.UniqueConstraint(fields=["council", "slug"], name="one_body_per_slug_in_a_council"),
            models.CheckConstraint(condition=Q(kind__in=BodyKind.values), name="body_kind_is_known"),
            models.UniqueConstraint(
                fields=["council", "kind"],
                condition=Q(kind__in=["general_assembly", "executive_board", "secretariat", "directorate"]),
                name="one_organ_of_a_kind_in_a_council",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        return f"body:{self.pk}"

    def get_absolute_url(self) -> str:
        name = "group_detail" if self.kind == BodyKind.WORKING_GROUP else "assembly_detail"
        return reverse(name, args=[self.council.slug, self.slug])


class Role(models.TextChoices):
    """What a member does in a body."""

    MEMBER = "member", _l("Üye")
    FACILITATOR = "facilitator", _l("Kolaylaştırıcı")
    PRESIDENT = "president", _l("Başkan")
    SECRETARY = "secretary", _l("Sekreter")


LEADING_ROLES = (Role.FACILITATOR, Role.PRESIDENT, Role.SECRETARY)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> MembershipQuerySet:
        """Memberships whose term runs on a day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def voting(self) -> MembershipQuerySet:
        return self.filter(has_vote=True)

    def leading(self) -> MembershipQuerySet:
        return self.filter(role__in=LEADING_ROLES)


class Membership(models.Model):
    """A seat (üyelik): a person in a body, with role, term and vote right."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.MEMBER)
    has_vote = models.BooleanField(default=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _l("üyelik")
        verbose_name_plural = _l("üyelikler")
        constraints = [
            models.UniqueConstraint(
                fields=["body", "person"], condition=Q(ends_on__isnull=True), name="one_open_seat_per_person_in_a_body"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_is_known"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="term_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.body}"


class OfficerRole(models.TextChoices):
    """What somebody does for the municipality behind the council."""

    DIRECTORATE = "directorate", _l("STK Şube Müdürlüğü personeli")
    CENTRE = "centre", _l("Sivil toplum merkezi görevlisi")


class Officer(models.Model):
    """A member of the municipality's staff (görevli) who serves a council."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="officers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="offices")
    role = models.CharField(max_length=12, choices=OfficerRole)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _l("görevli")
        verbose_name_plural = _l("görevliler")
        constraints = [
            models.UniqueConstraint(fields=["council", "person", "role"], name="one_office_per_person_and_role"),
            models.CheckConstraint(condition=Q(role__in=OfficerRole.values), name="officer_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"


class Residence(models.Model):
    """Where a person lives: declared by themselves, and verified by an officer (hemşehri)."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="residence")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="residences")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="residences")
    declared_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _l("ikamet")
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="residence_is_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("person")),
                name="nobody_verifies_their_own_residence",
            ),
        ]
        indexes = [
            models.Index(
                fields=["council", "declared_at", "id"],
                condition=Q(verified_at__isnull=True),
                name="residences_still_to_verify",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.district}"

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


class CouncilOrganisation(models.Model):
    """An organisation in the directory of a council's city."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="organisation_links")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="council_links")
    district = models.ForeignKey(District, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _l("rehber kaydı")
        verbose_name_plural = _l("rehber kayıtları")
        constraints = [
            models.UniqueConstraint(
                fields=["council", "organisation"], name="one_listing_per_organisation_in_a_council"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.council}"
