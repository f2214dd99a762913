"""The way through the municipal council: agenda items, commissions, missed meetings, decisions by two people."""

import django.db.models.deletion
import proposals.models.decision
from django.conf import settings
from django.db import migrations, models

ADDED_TO = ("proposals_decisiondocument", "proposals_decisionoutcome", "proposals_missedmeeting")

# What is only added to. A decision that waits changes once: it is confirmed or withdrawn, and nothing else of it.
GUARD = (
    """
CREATE FUNCTION proposals_decision_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE settled proposals_decision;
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state = 'pending' AND NEW.state IN ('confirmed', 'withdrawn') THEN
    settled := OLD;
    settled.state := NEW.state;
    settled.confirmed_by_id := NEW.confirmed_by_id;
    settled.confirmed_at := NEW.confirmed_at;
    settled.withdrawn_by_id := NEW.withdrawn_by_id;
    settled.withdrawn_at := NEW.withdrawn_at;
    IF settled IS NOT DISTINCT FROM NEW THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a decision is confirmed or withdrawn once, and never changes'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'decisions_are_written_once';
END $$;
CREATE TRIGGER proposals_decision_is_append_only BEFORE UPDATE OR DELETE ON proposals_decision
  FOR EACH ROW EXECUTE FUNCTION proposals_decision_is_written_once();

CREATE FUNCTION proposals_decision_is_entered_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'pending' THEN
    RAISE EXCEPTION 'a decision waits for its second person when it is entered'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'decisions_are_entered_waiting';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER proposals_decision_enters_waiting BEFORE INSERT ON proposals_decision
  FOR EACH ROW EXECUTE FUNCTION proposals_decision_is_entered_waiting();

CREATE FUNCTION proposals_outcome_belongs_to_what_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM proposals_decision WHERE id = NEW.decision_id AND state = 'pending' FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'outcomes are written while their decision waits'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'outcomes_belong_to_decisions_that_wait';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER proposals_decisionoutcome_enters_in_time BEFORE INSERT ON proposals_decisionoutcome
  FOR EACH ROW EXECUTE FUNCTION proposals_outcome_belongs_to_what_waits();

CREATE FUNCTION proposals_municipal_rows_are_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only added to', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'municipal_rows_are_added_to';
END $$;
"""
    + "".join(
        f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION proposals_municipal_rows_are_added_to();\n"
        for table in ADDED_TO
    )
    + "".join(
        f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();\n"
        for table in ("proposals_decision", *ADDED_TO)
    )
)
UNGUARD = (
    "".join(
        f"DROP TRIGGER {table}_is_never_emptied ON {table};\nDROP TRIGGER {table}_is_append_only ON {table};\n"
        for table in ("proposals_decision", *ADDED_TO)
    )
    + """
DROP TRIGGER proposals_decisionoutcome_enters_in_time ON proposals_decisionoutcome;
DROP TRIGGER proposals_decision_enters_waiting ON proposals_decision;
DROP FUNCTION proposals_municipal_rows_are_added_to();
DROP FUNCTION proposals_outcome_belongs_to_what_waits();
DROP FUNCTION proposals_decision_is_entered_waiting();
DROP FUNCTION proposals_decision_is_written_once();
"""
)


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0065_municipal_meetings"),
        ("proposals", "0080_implementation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agenda_number",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="gündem numarası"),
                ),
                ("commission", models.CharField(blank=True, max_length=160, verbose_name="komisyon")),
                ("decided_on", models.DateField(verbose_name="karar tarihi")),
                ("year", models.PositiveSmallIntegerField(verbose_name="yıl")),
                ("serial", models.PositiveIntegerField(verbose_name="karar numarası")),
                ("is_unanimous", models.BooleanField(default=False, verbose_name="oy birliği")),
                ("votes_for", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="kabul")),
                ("votes_against", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="ret")),
                ("votes_abstain", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="çekimser")),
                ("reasons", models.TextField(verbose_name="gerekçe")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Onay bekliyor"),
                            ("confirmed", "Onaylandı"),
                            ("withdrawn", "Geri çekildi"),
                        ],
                        default="pending",
                        max_length=9,
                    ),
                ),
                ("entered_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="councils.council"
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.municipalmeeting"
                    ),
                ),
                (
                    "opinion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="proposals.opinion"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "karar",
                "verbose_name_plural": "kararlar",
            },
        ),
        migrations.CreateModel(
            name="DecisionDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("decision", "Karar belgesi"), ("report", "Komisyon raporu")],
                        max_length=8,
                        verbose_name="belge türü",
                    ),
                ),
                ("file", models.FileField(max_length=200, upload_to=proposals.models.decision.decision_path)),
                ("name", models.CharField(max_length=120)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="proposals.decision"
                    ),
                ),
            ],
            options={
                "verbose_name": "karar belgesi",
                "verbose_name_plural": "karar belgeleri",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="DecisionOutcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("accepted", "Kabul edildi"),
                            ("partly", "Kısmen kabul edildi"),
                            ("declined", "Kabul edilmedi"),
                            ("deferred", "Ertelendi"),
                        ],
                        max_length=8,
                        verbose_name="sonuç",
                    ),
                ),
                ("accepted_parts", models.TextField(blank=True, verbose_name="kabul edilen bölümler")),
                (
                    "reason_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_local", "Kentin ya da belediyenin görevi değil"),
                            ("personal", "Kişisel bir istek ya da şikâyet"),
                            ("unlawful", "Hukuka aykırı"),
                            ("offensive", "Hakaret ya da ayrımcılık içeriyor"),
                            ("unclear", "Ne istendiği anlaşılmıyor"),
                            ("repeated", "Aynı konu kısa süre önce karara bağlandı"),
                            ("already_done", "Zaten yapıldı ya da yapılıyor"),
                            ("not_feasible", "Uygulanabilir değil"),
                            ("no_budget", "Bütçesi yok"),
                            ("against_plan", "Plana ya da başka bir karara aykırı"),
                            ("no_majority", "Gereken çoğunluk sağlanmadı"),
                            ("not_a_priority", "Öncelikli bulunmadı"),
                            ("incomplete", "Eksik bilgi ya da belge var"),
                            ("new_facts", "Yeni bilgi geldi"),
                            ("rewritten", "Yeniden yazılacak"),
                            ("solved", "Sorun çözüldü"),
                            ("changed_mind", "Vazgeçildi"),
                            ("same_request", "Başka bir öneri aynı şeyi istiyor"),
                            ("several_matters", "Birden çok konu içeriyor"),
                            ("conditions_changed", "Koşullar değişti"),
                            ("technical", "Teknik bir engel çıktı"),
                            ("legal", "Hukuki bir engel çıktı"),
                            ("other", "Başka bir neden"),
                        ],
                        max_length=20,
                        verbose_name="gerekçe türü",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outcomes", to="proposals.decision"
                    ),
                ),
                (
                    "deferred_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.municipalmeeting",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision_outcomes",
                        to="proposals.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "karar sonucu",
                "verbose_name_plural": "karar sonuçları",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="MissedMeeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.municipalmeeting"
                    ),
                ),
                (
                    "opinion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="proposals.opinion"
                    ),
                ),
            ],
            options={
                "verbose_name": "gündeme alınmayan toplantı",
                "verbose_name_plural": "gündeme alınmayan toplantılar",
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="gündem numarası")),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "off_reason",
                    models.CharField(blank=True, max_length=2000, verbose_name="gündemden çıkarılma nedeni"),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.municipalmeeting"
                    ),
                ),
                (
                    "opinion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="proposals.opinion"
                    ),
                ),
            ],
            options={
                "verbose_name": "gündem maddesi",
                "verbose_name_plural": "gündem maddeleri",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("opinion",),
                        name="an_opinion_stands_on_one_agenda",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("meeting", "number"),
                        name="one_opinion_per_number_of_an_agenda",
                    ),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="agenda_numbers_start_at_one"),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__isnull", False), ("off_reason", ""), _connector="OR"),
                        name="what_is_on_the_agenda_was_not_taken_off",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommissionStage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("commission", models.CharField(max_length=160, verbose_name="komisyon")),
                ("at", models.DateTimeField()),
                ("back_at", models.DateTimeField(blank=True, null=True)),
                ("report", models.TextField(blank=True, verbose_name="komisyon raporunun özeti")),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "opinion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="proposals.opinion"
                    ),
                ),
            ],
            options={
                "verbose_name": "komisyon aşaması",
                "verbose_name_plural": "komisyon aşamaları",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("back_at__isnull", True)),
                        fields=("opinion",),
                        name="an_opinion_is_in_one_commission",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("commission", ""), _negated=True), name="a_commission_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("back_at__isnull", True), models.Q(("report", ""), _negated=True), _connector="OR"
                        ),
                        name="a_commission_reports_before_it_gives_back",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("back_at__isnull", True), ("back_at__gte", models.F("at")), _connector="OR"
                        ),
                        name="a_commission_gives_back_afterwards",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["council", "-decided_on", "-id"], name="decisions_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "withdrawn"), _negated=True),
                fields=("council", "year", "serial"),
                name="one_decision_per_number_of_a_municipality_and_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")), fields=("opinion",), name="one_decision_of_an_opinion_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(("confirmed_by", models.F("entered_by")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_confirms_what_they_entered",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_at__isnull", True),
                        ("confirmed_by__isnull", True),
                        ("state", "pending"),
                        ("withdrawn_at__isnull", True),
                        ("withdrawn_by__isnull", True),
                    ),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("state", "confirmed"),
                        ("withdrawn_at__isnull", True),
                        ("withdrawn_by__isnull", True),
                    ),
                    models.Q(
                        ("confirmed_at__isnull", True),
                        ("confirmed_by__isnull", True),
                        ("state", "withdrawn"),
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="decision_state_says_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("is_unanimous", True),
                        models.Q(
                            ("votes_for__isnull", True),
                            models.Q(("votes_against", 0), ("votes_for__gte", 1)),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("is_unanimous", False),
                        ("votes_abstain__isnull", False),
                        ("votes_against__isnull", False),
                        ("votes_for__gte", 1),
                        ("votes_for__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_tally_is_whole_or_unanimous",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("serial__gte", 1)), name="decision_numbers_start_at_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_on__year", models.F("year"))), name="a_decision_is_numbered_in_its_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("reasons", ""), _negated=True), name="a_decision_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="decisiondocument",
            constraint=models.UniqueConstraint(fields=("decision", "digest"), name="one_decision_document_per_content"),
        ),
        migrations.AddConstraint(
            model_name="decisiondocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["decision", "report"])), name="decision_document_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionoutcome",
            constraint=models.UniqueConstraint(
                fields=("decision", "proposal"), name="one_outcome_per_proposal_of_a_decision"
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionoutcome",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("accepted_parts", ""),
                        ("deferred_to__isnull", True),
                        ("outcome", "accepted"),
                        ("reason_code", ""),
                    ),
                    models.Q(
                        ("deferred_to__isnull", True),
                        ("outcome", "partly"),
                        ("reason_code", ""),
                        models.Q(("accepted_parts", ""), _negated=True),
                    ),
                    models.Q(
                        ("accepted_parts", ""),
                        ("deferred_to__isnull", True),
                        ("outcome", "declined"),
                        models.Q(("reason_code", ""), _negated=True),
                    ),
                    models.Q(
                        ("accepted_parts", ""),
                        ("deferred_to__isnull", False),
                        ("outcome", "deferred"),
                        ("reason_code", ""),
                    ),
                    _connector="OR",
                ),
                name="an_outcome_says_what_it_needs",
            ),
        ),
        migrations.AddConstraint(
            model_name="missedmeeting",
            constraint=models.UniqueConstraint(fields=("opinion", "meeting"), name="a_meeting_is_missed_once"),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
