"""Meetings of the municipal council, and the rule by which their days are expected."""

import datetime as dt
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0050_procedures_with_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="MunicipalCalendar",
            fields=[
                (
                    "council",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="municipal_calendar",
                        serialize=False,
                        to="councils.council",
                    ),
                ),
                (
                    "week",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "İlk"), (2, "İkinci"), (3, "Üçüncü"), (4, "Dördüncü")],
                        default=2,
                        verbose_name="ayın hangi haftası",
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Pazartesi"),
                            (1, "Salı"),
                            (2, "Çarşamba"),
                            (3, "Perşembe"),
                            (4, "Cuma"),
                            (5, "Cumartesi"),
                            (6, "Pazar"),
                        ],
                        default=3,
                        verbose_name="gün",
                    ),
                ),
                ("begins", models.TimeField(default=dt.time(14, 0), verbose_name="başlama saati")),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="gündem kaç gün önce kapanır",
                    ),
                ),
                (
                    "agenda_closes",
                    models.TimeField(default=dt.time(17, 0), verbose_name="gündemin kapandığı saat"),
                ),
                (
                    "recess_month",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "Ocak"),
                            (2, "Şubat"),
                            (3, "Mart"),
                            (4, "Nisan"),
                            (5, "Mayıs"),
                            (6, "Haziran"),
                            (7, "Temmuz"),
                            (8, "Ağustos"),
                            (9, "Eylül"),
                            (10, "Ekim"),
                            (11, "Kasım"),
                            (12, "Aralık"),
                        ],
                        null=True,
                        verbose_name="tatil ayı",
                    ),
                ),
            ],
            options={
                "verbose_name": "belediye meclisi takvim kuralı",
                "verbose_name_plural": "belediye meclisi takvim kuralları",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("week__range", (1, 4))),
                        name="municipal_meetings_have_a_week_of_every_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__range", (0, 6))), name="municipal_meetings_have_a_day_of_the_week"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("notice_days__range", (1, 30))),
                        name="agenda_closes_one_to_thirty_days_before",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recess_month__isnull", True), ("recess_month__range", (1, 12)), _connector="OR"
                        ),
                        name="recess_is_a_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MunicipalMeeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=120, verbose_name="birleşimin adı")),
                ("starts_at", models.DateTimeField(verbose_name="gün ve saat")),
                ("agenda_closes_at", models.DateTimeField(verbose_name="gündem kapanışı")),
                ("is_extraordinary", models.BooleanField(default=False, verbose_name="olağanüstü")),
                ("is_estimate", models.BooleanField(default=False, verbose_name="tahmini")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planlandı"),
                            ("held", "Yapıldı"),
                            ("postponed", "Ertelendi"),
                            ("cancelled", "İptal edildi"),
                        ],
                        default="planned",
                        max_length=9,
                        verbose_name="durum",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="açıklama")),
                (
                    "agenda_url",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["https", "http"])],
                        verbose_name="gündemin adresi",
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="municipal_meetings",
                        to="councils.council",
                    ),
                ),
            ],
            options={
                "verbose_name": "belediye meclisi toplantısı",
                "verbose_name_plural": "belediye meclisi toplantıları",
                "indexes": [models.Index(fields=["council", "starts_at", "id"], name="municipal_meetings_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("council", "uid"), name="one_municipal_meeting_per_uid_in_a_council"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["planned", "held"])),
                        fields=("council", "starts_at"),
                        name="one_municipal_meeting_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("agenda_closes_at__lt", models.F("starts_at"))),
                        name="agenda_closes_before_the_meeting_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["planned", "held", "postponed", "cancelled"])),
                        name="municipal_meeting_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["postponed", "cancelled"]), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="meetings_called_off_say_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_estimate", False), ("state", "planned"), _connector="OR"),
                        name="only_planned_meetings_are_estimates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("uid", ""), _negated=True)),
                        name="municipal_meeting_has_a_name",
                    ),
                ],
            },
        ),
    ]
