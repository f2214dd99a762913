"""What was told of clocks is only added; when each is warned of; the longer days of the law where another body is asked."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE TRIGGER servicerequests_clocknotice_is_append_only BEFORE UPDATE OR DELETE ON servicerequests_clocknotice
  FOR EACH ROW EXECUTE FUNCTION journal_is_sealed_for_good();
CREATE TRIGGER servicerequests_clocknotice_is_never_emptied BEFORE TRUNCATE ON servicerequests_clocknotice
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
"""
UNGUARD = """
DROP TRIGGER servicerequests_clocknotice_is_never_emptied ON servicerequests_clocknotice;
DROP TRIGGER servicerequests_clocknotice_is_append_only ON servicerequests_clocknotice;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("servicerequests", "0050_matters"),
        ("journal", "0004_entries_are_sealed"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClockNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "clock",
                    models.CharField(choices=[("first_answer", "İlk yanıt"), ("resolution", "Sonuç")], max_length=12),
                ),
                ("since", models.DateTimeField()),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("warning", "Başvuruyu yürüten"),
                            ("head", "Birim sorumlusu"),
                            ("directorate", "Müdürlük"),
                        ],
                        max_length=11,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="requesttypeversion",
            name="ceiling_days_extended",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="başka kuruma sorulursa yasal süre"
            ),
        ),
        migrations.AddField(
            model_name="servicerequest",
            name="asked_other_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="servicerequest",
            name="first_answer_warned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="servicerequest",
            name="warned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="requesttypeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ceiling_days_extended__isnull", True),
                    ("ceiling_days_extended__gt", models.F("ceiling_days")),
                    _connector="OR",
                ),
                name="a_longer_ceiling_is_longer",
            ),
        ),
        migrations.AddField(
            model_name="clocknotice",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clock_notices",
                to="servicerequests.servicerequest",
            ),
        ),
        migrations.AddConstraint(
            model_name="clocknotice",
            constraint=models.UniqueConstraint(
                fields=("request", "clock", "since", "level"), name="a_clock_is_told_once_at_a_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="clocknotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("clock__in", ["first_answer", "resolution"])), name="told_clock_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="clocknotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["warning", "head", "directorate"])), name="level_of_a_clock_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="clocknotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("level", "warning"), ("at__gte", models.F("due_at")), _connector="OR"),
                name="only_late_answers_are_told_upwards",
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
