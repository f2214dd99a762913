"""A council's procedure becomes versions for each route, with a row for each step.

The table of before stays, without its key to councils, so that a process of the release before can still read it; nothing
writes to it any more. What runs keeps the steps it had: they are version 1. Version 2 adds the way to the municipal council.
"""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LET_GO = """
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT conname FROM pg_constraint WHERE conrelid = 'councils_procedure'::regclass AND contype = 'f' LOOP
    EXECUTE format('ALTER TABLE councils_procedure DROP CONSTRAINT %I', name);
  END LOOP;
END $$;
"""
TAKE_BACK = """
DELETE FROM councils_procedure p WHERE NOT EXISTS (SELECT FROM councils_council c WHERE c.id = p.council_id);
ALTER TABLE councils_procedure ADD CONSTRAINT councils_procedure_council_id_fk FOREIGN KEY (council_id)
  REFERENCES councils_council (id) DEFERRABLE INITIALLY DEFERRED;
"""
COPY = """
INSERT INTO councils_procedureversion (council_id, route, number, reason, at)
SELECT o.council_id, r.route, n.number, 'Başlangıç usulü', now()
  FROM councils_procedure o, (VALUES ('working_group'), ('assembly')) AS r(route), (VALUES (1), (2)) AS n(number);
INSERT INTO councils_procedurestep
  (procedure_id, step, holder, days, is_working_days, threshold, quorum_percent, majority)
SELECT v.id, s.step, s.holder, s.days, s.is_working_days, s.threshold, s.quorum_percent, s.majority
  FROM councils_procedureversion v JOIN councils_procedure o ON o.council_id = v.council_id, LATERAL (VALUES
    (1, 'submitted', 'secretariat', greatest(o.admissibility_days, 1), true, NULL::int, NULL::int, ''),
    (1, 'gathering', 'citizens', o.support_days, false, o.support_threshold, NULL, ''),
    (1, 'in_group', 'body', greatest(o.group_days, 1), true, NULL, NULL, ''),
    (1, 'ballot', 'body', o.ballot_days, false, NULL, o.quorum_percent, o.majority),
    (2, 'board', 'executive_board', 10, true, NULL, NULL, ''),
    (2, 'general_assembly', 'general_assembly', 182, false, NULL, 50, 'simple'),
    (2, 'opinion', 'secretariat', 3, true, NULL, NULL, ''),
    (2, 'sent', 'municipal_council', NULL, true, NULL, NULL, ''),
    (2, 'on_agenda', 'municipal_council', 30, false, NULL, NULL, ''),
    (2, 'in_commission', 'municipal_council', 10, true, NULL, NULL, ''),
    (2, 'implementation', 'directorate', 365, false, NULL, NULL, ''),
    (2, 'done', 'supporters', 365, false, NULL, NULL, '')
  ) AS s(since, step, holder, days, is_working_days, threshold, quorum_percent, majority)
 WHERE v.number >= s.since;
"""
TABLES = ("councils_procedureversion", "councils_procedurestep")
GUARD = """
CREATE FUNCTION councils_procedure_is_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'versions of a procedure are added and never change'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'procedures_are_added_to';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION councils_procedure_is_added_to();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
"""
    for table in TABLES
)
UNGUARD = (
    "".join(
        f"""
DROP TRIGGER {table}_is_never_emptied ON {table};
DROP TRIGGER {table}_is_append_only ON {table};
"""
        for table in TABLES
    )
    + "DROP FUNCTION councils_procedure_is_added_to();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0040_proxies_by_procedure"),
        ("journal", "0004_entries_are_sealed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="Procedure")],
            database_operations=[migrations.RunSQL(LET_GO, TAKE_BACK)],
        ),
        migrations.CreateModel(
            name="Procedure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "route",
                    models.CharField(
                        choices=[
                            ("working_group", "Çalışma grubu → genel kurul → belediye meclisi"),
                            ("assembly", "Meclis → genel kurul → belediye meclisi"),
                            ("directorate", "Müdürlüğe doğrudan öneri"),
                        ],
                        max_length=13,
                        verbose_name="yol",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="sürüm")),
                ("reason", models.CharField(max_length=300, verbose_name="dayanak")),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "usul",
                "verbose_name_plural": "usuller",
                "db_table": "councils_procedureversion",
            },
        ),
        migrations.CreateModel(
            name="ProcedureStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("submitted", "Uygunluk kararı"),
                            ("gathering", "Destek toplama"),
                            ("in_group", "Görüşme"),
                            ("ballot", "Oylama"),
                            ("board", "Yürütme kurulunun gündeme alması"),
                            ("general_assembly", "Genel kurulun görüşü"),
                            ("opinion", "Görüşün gönderilmesi"),
                            ("sent", "Belediye meclisine ulaşma"),
                            ("on_agenda", "Belediye meclisinin kararı"),
                            ("in_commission", "Meclis komisyonu"),
                            ("directorate", "Müdürlüğün yanıtı"),
                            ("implementation", "Uygulama"),
                            ("done", "Bir yıl sonra değerlendirme"),
                        ],
                        max_length=20,
                        verbose_name="adım",
                    ),
                ),
                (
                    "holder",
                    models.CharField(
                        choices=[
                            ("secretariat", "Genel sekreterlik"),
                            ("citizens", "Hemşehriler"),
                            ("body", "Önerinin sunulduğu grup ya da meclis"),
                            ("executive_board", "Yürütme kurulu"),
                            ("general_assembly", "Genel kurul"),
                            ("municipal_council", "Belediye meclisi"),
                            ("directorate", "STK Şube Müdürlüğü"),
                            ("supporters", "Destekleyenler"),
                        ],
                        max_length=20,
                        verbose_name="elinde tutan",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="gün")),
                ("is_working_days", models.BooleanField(default=True, verbose_name="iş günü")),
                (
                    "threshold",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="destek eşiği",
                    ),
                ),
                (
                    "quorum_percent",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="yeter sayı (%)",
                    ),
                ),
                (
                    "majority",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("simple", "Kabul oyları ret oylarından çok olmalı"),
                            ("absolute", "Kabul oyları oy hakkı olanların yarısını aşmalı"),
                            ("two_thirds", "Kabul oyları, kabul ve ret toplamının en az üçte ikisi olmalı"),
                        ],
                        max_length=12,
                        verbose_name="çoğunluk",
                    ),
                ),
            ],
            options={
                "verbose_name": "usul adımı",
                "verbose_name_plural": "usul adımları",
            },
        ),
        migrations.RemoveConstraint(
            model_name="body",
            name="body_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="body",
            name="one_organ_of_a_kind_in_a_council",
        ),
        migrations.AlterField(
            model_name="body",
            name="kind",
            field=models.CharField(
                choices=[
                    ("general_assembly", "Genel kurul"),
                    ("executive_board", "Yürütme kurulu"),
                    ("secretariat", "Genel sekreterlik"),
                    ("assembly", "Meclis"),
                    ("working_group", "Çalışma grubu"),
                    ("directorate", "Müdürlük"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "general_assembly",
                            "executive_board",
                            "secretariat",
                            "assembly",
                            "working_group",
                            "directorate",
                        ],
                    )
                ),
                name="body_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["general_assembly", "executive_board", "secretariat", "directorate"])),
                fields=("council", "kind"),
                name="one_organ_of_a_kind_in_a_council",
            ),
        ),
        migrations.AddField(
            model_name="procedure",
            name="actor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="procedure",
            name="council",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="procedures", to="councils.council"
            ),
        ),
        migrations.AddField(
            model_name="procedurestep",
            name="procedure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="councils.procedure"
            ),
        ),
        migrations.AddConstraint(
            model_name="procedure",
            constraint=models.UniqueConstraint(
                fields=("council", "route", "number"), name="one_procedure_per_number_of_a_route"
            ),
        ),
        migrations.AddConstraint(
            model_name="procedure",
            constraint=models.CheckConstraint(
                condition=models.Q(("route__in", ["working_group", "assembly", "directorate"])),
                name="procedure_route_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="procedure",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="procedure_numbers_start_at_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="procedure",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="procedure_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="procedurestep",
            constraint=models.UniqueConstraint(fields=("procedure", "step"), name="a_step_applies_once_in_a_procedure"),
        ),
        migrations.AddConstraint(
            model_name="procedurestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "step__in",
                        [
                            "submitted",
                            "gathering",
                            "in_group",
                            "ballot",
                            "board",
                            "general_assembly",
                            "opinion",
                            "sent",
                            "on_agenda",
                            "in_commission",
                            "directorate",
                            "implementation",
                            "done",
                        ],
                    )
                ),
                name="procedure_step_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="procedurestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "holder__in",
                        [
                            "secretariat",
                            "citizens",
                            "body",
                            "executive_board",
                            "general_assembly",
                            "municipal_council",
                            "directorate",
                            "supporters",
                        ],
                    )
                ),
                name="procedure_holder_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="procedurestep",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__isnull", True), ("days__gte", 1), _connector="OR"),
                name="procedure_step_lasts_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="procedurestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("step", "gathering"), _negated=True),
                    models.Q(("days__isnull", False), ("threshold__gte", 1), ("threshold__isnull", False)),
                    _connector="OR",
                ),
                name="gathering_has_a_threshold_and_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="procedurestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("step__in", ["ballot", "general_assembly"]), _negated=True),
                    models.Q(
                        ("majority__in", ["simple", "absolute", "two_thirds"]),
                        ("quorum_percent__isnull", False),
                        ("quorum_percent__lte", 100),
                    ),
                    _connector="OR",
                ),
                name="voting_steps_have_quorum_and_majority",
            ),
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
