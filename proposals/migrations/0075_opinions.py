"""Opinions of the general assembly, their proposals, ballots and tallies; what was voted on keeps its words."""

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import proposals.models.opinion
import uuid
from django.conf import settings
from django.db import migrations, models


GUARD = """
CREATE FUNCTION proposals_opinion_keeps_its_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' AND (OLD.title, OLD.text, OLD.number) IS DISTINCT FROM (NEW.title, NEW.text, NEW.number) THEN
    RAISE EXCEPTION 'an opinion that was put to the general assembly keeps its words'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'opinions_keep_their_words';
  END IF;
  IF OLD.number <> '' AND OLD.number <> NEW.number THEN
    RAISE EXCEPTION 'an opinion keeps its number'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'opinions_keep_their_number';
  END IF;
  IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
    ('draft', 'voting'), ('voting', 'draft'), ('voting', 'adopted'), ('voting', 'declined'), ('adopted', 'sent')
  ) THEN
    RAISE EXCEPTION 'an opinion does not go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'opinions_move_by_the_table';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER proposals_opinion_keeps_its_way BEFORE UPDATE ON proposals_opinion
  FOR EACH ROW EXECUTE FUNCTION proposals_opinion_keeps_its_way();
CREATE FUNCTION proposals_opinion_with_a_number_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.number <> '' THEN
    RAISE EXCEPTION 'an opinion with a number stays'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'opinions_with_a_number_stay';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER proposals_opinion_with_a_number_stays BEFORE DELETE ON proposals_opinion
  FOR EACH ROW EXECUTE FUNCTION proposals_opinion_with_a_number_stays();
"""
UNGUARD = """
DROP TRIGGER proposals_opinion_with_a_number_stays ON proposals_opinion;
DROP FUNCTION proposals_opinion_with_a_number_stays();
DROP TRIGGER proposals_opinion_keeps_its_way ON proposals_opinion;
DROP FUNCTION proposals_opinion_keeps_its_way();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ballots", "0040_the_chair_decides"),
        ("councils", "0085_population"),
        ("proposals", "0071_what_was_said_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("year", models.PositiveSmallIntegerField(blank=True, editable=False, null=True)),
                ("serial", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ("number", models.CharField(blank=True, editable=False, max_length=22)),
                ("title", models.CharField(max_length=160, verbose_name="başlık")),
                (
                    "text",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name="görüş metni"
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Hazırlanıyor"),
                            ("voting", "Genel kurulda"),
                            ("adopted", "Kabul edildi"),
                            ("declined", "Kabul edilmedi"),
                            ("sent", "Belediye meclisine gönderildi"),
                        ],
                        default="draft",
                        max_length=8,
                        verbose_name="durum",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("state_since", models.DateTimeField()),
                ("adopted_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("sent_on", models.DateField(blank=True, null=True, verbose_name="gönderildiği gün")),
                ("registry_number", models.CharField(blank=True, max_length=40, verbose_name="evrak kayıt numarası")),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="councils.council"
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "sent_by",
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
                "verbose_name": "görüş",
                "verbose_name_plural": "görüşler",
            },
        ),
        migrations.CreateModel(
            name="AssemblyTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_on", models.DateField(verbose_name="toplantı günü")),
                ("members", models.PositiveIntegerField(verbose_name="üye sayısı")),
                ("present", models.PositiveIntegerField(verbose_name="toplantıya katılan")),
                ("votes_for", models.PositiveIntegerField(verbose_name="kabul")),
                ("votes_against", models.PositiveIntegerField(verbose_name="ret")),
                ("votes_abstain", models.PositiveIntegerField(verbose_name="çekimser")),
                ("quorum", models.PositiveIntegerField()),
                (
                    "majority",
                    models.CharField(
                        choices=[
                            ("simple", "Kabul oyları ret oylarından çok olmalı"),
                            ("absolute", "Kabul oyları oy hakkı olanların yarısını aşmalı"),
                            ("two_thirds", "Kabul oyları, kabul ve ret toplamının en az üçte ikisi olmalı"),
                        ],
                        max_length=12,
                    ),
                ),
                ("outcome", models.CharField(max_length=9)),
                ("file", models.FileField(max_length=200, upload_to=proposals.models.opinion.minutes_path)),
                ("name", models.CharField(max_length=120)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "İkinci kişinin onayını bekliyor"),
                            ("confirmed", "Onaylandı"),
                            ("rejected", "Geri çevrildi"),
                        ],
                        default="pending",
                        max_length=9,
                    ),
                ),
                ("entered_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=2000)),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opinion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tallies", to="proposals.opinion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OpinionBallot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_current", models.BooleanField(default=True)),
                (
                    "ballot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ballots.ballot"
                    ),
                ),
                (
                    "opinion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ballot_links", to="proposals.opinion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OpinionProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("is_current", models.BooleanField(default=True)),
                (
                    "opinion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="proposals.opinion"
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinion_links",
                        to="proposals.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="OpinionSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
                ("council", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="councils.council")),
            ],
        ),
        migrations.AddIndex(
            model_name="opinion",
            index=models.Index(
                condition=models.Q(("number", ""), _negated=True),
                fields=["council", "-id"],
                name="opinions_newest_first",
            ),
        ),
        migrations.AddIndex(
            model_name="opinion",
            index=models.Index(fields=["council", "state"], name="opinions_by_state"),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(
                fields=("council", "year", "serial"), name="one_opinion_per_serial_in_a_council_and_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True), fields=("number",), name="one_opinion_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "voting", "adopted", "declined", "sent"])),
                name="opinion_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number", ""), ("serial__isnull", True), ("year__isnull", True)),
                    models.Q(
                        models.Q(("number", ""), _negated=True), ("serial__isnull", False), ("year__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="opinion_number_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"),
                    models.Q(
                        models.Q(("number", ""), _negated=True),
                        models.Q(("title", ""), _negated=True),
                        models.Q(("text", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="opinion_is_a_draft_or_complete_with_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["adopted", "sent"]), _negated=True),
                    ("adopted_at__isnull", False),
                    _connector="OR",
                ),
                name="adopted_opinions_say_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("sent_at__isnull", False),
                        ("sent_by__isnull", False),
                        ("sent_on__isnull", False),
                        ("state", "sent"),
                        models.Q(("registry_number", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "sent"), _negated=True),
                        ("registry_number", ""),
                        ("sent_at__isnull", True),
                        ("sent_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="sent_opinions_say_when_and_under_which_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="assemblytally",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state", "pending"),
                    models.Q(("outcome__in", ["passed", "rejected"]), ("state", "confirmed")),
                    _connector="OR",
                ),
                fields=("opinion",),
                name="one_tally_counts_per_opinion",
            ),
        ),
        migrations.AddConstraint(
            model_name="assemblytally",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "confirmed", "rejected"])), name="tally_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="assemblytally",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("settled_by__isnull", True), ("state", "pending")),
                    models.Q(
                        models.Q(("state", "pending"), _negated=True),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                        models.Q(("settled_by", models.F("entered_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_tally_is_settled_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="assemblytally",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "present__gte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("votes_for"), "+", models.F("votes_against")
                            ),
                            "+",
                            models.F("votes_abstain"),
                        ),
                    ),
                    ("members__gte", models.F("present")),
                ),
                name="no_more_votes_than_people_present",
            ),
        ),
        migrations.AddConstraint(
            model_name="assemblytally",
            constraint=models.CheckConstraint(
                condition=models.Q(("present__gte", models.F("quorum"))), name="tallies_meet_their_quorum"
            ),
        ),
        migrations.AddConstraint(
            model_name="assemblytally",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "rejected"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="rejected_tallies_say_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="assemblytally",
            constraint=models.CheckConstraint(
                condition=models.Q(("majority__in", ["simple", "absolute", "two_thirds"])),
                name="tally_majority_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="assemblytally",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["passed", "rejected", "tied"])), name="tally_outcome_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinionballot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)), fields=("opinion",), name="one_current_ballot_per_opinion"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinionproposal",
            constraint=models.UniqueConstraint(
                fields=("opinion", "proposal"), name="a_proposal_stands_once_in_an_opinion"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinionproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)), fields=("proposal",), name="one_living_opinion_per_proposal"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinionseries",
            constraint=models.UniqueConstraint(
                fields=("council", "year"), name="one_opinion_series_per_council_and_year"
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
