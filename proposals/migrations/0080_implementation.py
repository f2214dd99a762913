"""Implementations with milestones, evidence and notes, and the review a year later."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLES = ("proposals_milestonechange", "proposals_progressnote", "proposals_reviewanswer")
GUARD = """
CREATE FUNCTION proposals_implementation_is_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was said about an implementation is added to and never changes'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'what_was_said_is_added_to';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION proposals_implementation_is_added_to();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
"""
    for table in TABLES
)
UNGUARD = (
    "".join(
        f"DROP TRIGGER {table}_is_never_emptied ON {table}; DROP TRIGGER {table}_is_append_only ON {table};"
        for table in TABLES
    )
    + "DROP FUNCTION proposals_implementation_is_added_to();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0085_population"),
        ("proposals", "0077_escalations_are_added_to"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Implementation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contact", models.CharField(blank=True, max_length=120, verbose_name="başvurulacak görev")),
                ("began_at", models.DateTimeField()),
                ("outcome", models.TextField(blank=True)),
                ("why_open", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="implementation",
                        to="proposals.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "uygulama",
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=160, verbose_name="adım")),
                ("planned_on", models.DateField(verbose_name="planlanan gün")),
                ("added_at", models.DateTimeField()),
                ("done_on", models.DateField(blank=True, null=True)),
                ("evidence", models.TextField(blank=True, validators=[django.core.validators.MinLengthValidator(10)])),
                ("link", models.URLField(blank=True, max_length=500)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="proposals.attachment",
                    ),
                ),
                (
                    "implementation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="proposals.implementation",
                    ),
                ),
            ],
            options={
                "verbose_name": "uygulama adımı",
                "ordering": ["planned_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MilestoneChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old", models.DateField()),
                ("new", models.DateField()),
                ("reason", models.TextField(validators=[django.core.validators.MinLengthValidator(10)])),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="proposals.milestone"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ProgressNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(validators=[django.core.validators.MinLengthValidator(10)])),
                ("at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "implementation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="proposals.implementation"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("asked", models.PositiveIntegerField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("yes", models.PositiveIntegerField(blank=True, null=True)),
                ("partly", models.PositiveIntegerField(blank=True, null=True)),
                ("no", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="review", to="proposals.proposal"
                    ),
                ),
            ],
            options={
                "verbose_name": "değerlendirme",
            },
        ),
        migrations.CreateModel(
            name="ReviewAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.CharField(
                        choices=[("yes", "Oldu"), ("partly", "Kısmen oldu"), ("no", "Olmadı")], max_length=6
                    ),
                ),
                ("sentence", models.CharField(blank=True, max_length=300, verbose_name="bir cümle")),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="proposals.review"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="birim")),
                ("word", models.SlugField(max_length=160)),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="councils.council"
                    ),
                ),
            ],
            options={
                "verbose_name": "sorumlu birim",
            },
        ),
        migrations.AddField(
            model_name="implementation",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="implementations",
                to="proposals.unit",
            ),
        ),
        migrations.AddIndex(
            model_name="milestone",
            index=models.Index(
                condition=models.Q(("done_on__isnull", True)), fields=["planned_on"], name="milestones_open_by_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("done_by__isnull", True),
                        ("done_on__isnull", True),
                        ("evidence", ""),
                        ("file__isnull", True),
                        ("link", ""),
                    ),
                    models.Q(
                        ("done_by__isnull", False),
                        ("done_on__isnull", False),
                        models.Q(("evidence", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_milestone_is_open_or_done_with_evidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.UniqueConstraint(
                fields=("implementation", "title"), name="one_milestone_per_title_of_an_implementation"
            ),
        ),
        migrations.AddConstraint(
            model_name="milestonechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("old", models.F("new")), _negated=True), models.Q(("reason", ""), _negated=True)
                ),
                name="a_moved_day_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="progressnote",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="a_progress_note_says_something"
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)), fields=["closes_at"], name="reviews_open_by_end"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opened_at"))), name="a_review_lasts_some_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", True),
                        ("no__isnull", True),
                        ("partly__isnull", True),
                        ("yes__isnull", True),
                    ),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("no__isnull", False),
                        ("partly__isnull", False),
                        ("yes__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_review_is_counted_when_it_closes",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewanswer",
            constraint=models.UniqueConstraint(fields=("review", "person"), name="one_answer_per_person_in_a_review"),
        ),
        migrations.AddConstraint(
            model_name="reviewanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer__in", ["yes", "partly", "no"])), name="review_answer_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("council", "word"), name="one_unit_per_name_in_a_council"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("word", ""), _negated=True)),
                name="a_unit_has_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="implementation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", True), ("outcome", "")),
                    models.Q(("done_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="what_is_done_says_what_was_done",
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
