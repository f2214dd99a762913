"""Budget lines, strategic plans, what they have to do with implementations, and units that end."""

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

GUARD = """
CREATE FUNCTION proposals_shares_stay_within_their_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  whole numeric;
  given numeric;
BEGIN
  SELECT amount INTO whole FROM proposals_budgetline WHERE id = NEW.line_id FOR NO KEY UPDATE;
  IF whole IS NOT NULL THEN
    SELECT coalesce(sum(s.amount), 0) INTO given FROM proposals_budgetshare s
      JOIN proposals_implementation i ON i.id = s.implementation_id JOIN proposals_proposal p ON p.id = i.proposal_id
      WHERE s.line_id = NEW.line_id AND p.stage <> 'abandoned';
    IF given > whole THEN
      RAISE EXCEPTION 'more than the budget line has would be given'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_stay_within_their_line';
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION proposals_line_covers_its_shares() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  given numeric;
BEGIN
  SELECT coalesce(sum(s.amount), 0) INTO given FROM proposals_budgetshare s
    JOIN proposals_implementation i ON i.id = s.implementation_id JOIN proposals_proposal p ON p.id = i.proposal_id
    WHERE s.line_id = NEW.id AND p.stage <> 'abandoned';
  IF given > NEW.amount THEN
    RAISE EXCEPTION 'more than the budget line has is given'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'a_line_covers_its_shares';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION proposals_money_stays_in_its_council() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own bigint;
  other bigint;
BEGIN
  SELECT p.council_id INTO own FROM proposals_implementation i JOIN proposals_proposal p ON p.id = i.proposal_id
    WHERE i.id = NEW.implementation_id;
  IF TG_TABLE_NAME = 'proposals_budgetshare' THEN
    SELECT council_id INTO other FROM proposals_budgetline WHERE id = NEW.line_id;
  ELSE
    SELECT l.council_id INTO other FROM proposals_objective o JOIN proposals_strategicplan l ON l.id = o.plan_id
      WHERE o.id = NEW.objective_id;
  END IF;
  IF own IS DISTINCT FROM other THEN
    RAISE EXCEPTION 'a proposal is paid and counted in its own council'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'money_and_plan_stay_in_their_council';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER shares_stay_within_their_line AFTER INSERT OR UPDATE OF amount, line_id ON proposals_budgetshare
  FOR EACH ROW WHEN (NEW.amount IS NOT NULL) EXECUTE FUNCTION proposals_shares_stay_within_their_line();
CREATE TRIGGER a_line_covers_its_shares AFTER UPDATE OF amount ON proposals_budgetline
  FOR EACH ROW WHEN (NEW.amount IS NOT NULL) EXECUTE FUNCTION proposals_line_covers_its_shares();
CREATE TRIGGER shares_stay_in_their_council AFTER INSERT OR UPDATE ON proposals_budgetshare
  FOR EACH ROW EXECUTE FUNCTION proposals_money_stays_in_its_council();
CREATE TRIGGER served_objectives_stay_in_their_council AFTER INSERT OR UPDATE ON proposals_servedobjective
  FOR EACH ROW EXECUTE FUNCTION proposals_money_stays_in_its_council();
"""
UNGUARD = """
DROP TRIGGER served_objectives_stay_in_their_council ON proposals_servedobjective;
DROP TRIGGER shares_stay_in_their_council ON proposals_budgetshare;
DROP TRIGGER a_line_covers_its_shares ON proposals_budgetline;
DROP TRIGGER shares_stay_within_their_line ON proposals_budgetshare;
DROP FUNCTION proposals_money_stays_in_its_council();
DROP FUNCTION proposals_line_covers_its_shares();
DROP FUNCTION proposals_shares_stay_within_their_line();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0086_holidays"),
        ("proposals", "0091_tallies_stay"),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="yıl")),
                (
                    "code",
                    models.CharField(
                        max_length=60,
                        validators=[django.core.validators.RegexValidator("^[0-9A-Z][0-9A-Z.-]*( [0-9A-Z.-]+)*$")],
                        verbose_name="kod",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="ad")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=15,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="tutar",
                    ),
                ),
                ("is_retired", models.BooleanField(default=False, verbose_name="artık kullanılmıyor")),
            ],
            options={
                "verbose_name": "bütçe kalemi",
                "verbose_name_plural": "bütçe kalemleri",
            },
        ),
        migrations.CreateModel(
            name="BudgetShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=15, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Objective",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("aim", models.PositiveSmallIntegerField()),
                ("target", models.PositiveSmallIntegerField(default=0)),
                ("name", models.CharField(max_length=200, verbose_name="ad")),
                ("is_retired", models.BooleanField(default=False, verbose_name="artık kullanılmıyor")),
            ],
            options={
                "verbose_name": "stratejik plan hedefi",
                "verbose_name_plural": "stratejik plan hedefleri",
            },
        ),
        migrations.CreateModel(
            name="ServedObjective",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
        ),
        migrations.CreateModel(
            name="StrategicPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_year", models.PositiveSmallIntegerField(verbose_name="ilk yıl")),
                ("last_year", models.PositiveSmallIntegerField(verbose_name="son yıl")),
            ],
            options={
                "verbose_name": "stratejik plan",
                "verbose_name_plural": "stratejik planlar",
            },
        ),
        migrations.AddField(
            model_name="unit",
            name="is_retired",
            field=models.BooleanField(db_default=False, default=False, verbose_name="artık kullanılmıyor"),
        ),
        migrations.AddField(
            model_name="unit",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="proposals.unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    models.Q(("is_retired", True), models.Q(("merged_into", models.F("id")), _negated=True)),
                    _connector="OR",
                ),
                name="a_merged_unit_is_retired",
            ),
        ),
        migrations.AddField(
            model_name="budgetline",
            name="council",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
            ),
        ),
        migrations.AddField(
            model_name="budgetline",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="budget_lines",
                to="proposals.unit",
            ),
        ),
        migrations.AddField(
            model_name="budgetshare",
            name="implementation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="proposals.implementation"
            ),
        ),
        migrations.AddField(
            model_name="budgetshare",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="proposals.budgetline"
            ),
        ),
        migrations.AddField(
            model_name="objective",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="proposals.objective",
            ),
        ),
        migrations.AddField(
            model_name="objective",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="objectives",
                to="proposals.unit",
            ),
        ),
        migrations.AddField(
            model_name="servedobjective",
            name="implementation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="served", to="proposals.implementation"
            ),
        ),
        migrations.AddField(
            model_name="servedobjective",
            name="objective",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="served", to="proposals.objective"
            ),
        ),
        migrations.AddField(
            model_name="strategicplan",
            name="council",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
            ),
        ),
        migrations.AddField(
            model_name="objective",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="objectives", to="proposals.strategicplan"
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.UniqueConstraint(
                fields=("council", "year", "code"), name="one_budget_line_per_code_and_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__range", (2000, 2100))), name="a_budget_line_has_a_plausible_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[0-9A-Z][0-9A-Z.-]*( [0-9A-Z.-]+)*$")),
                name="a_budget_code_is_written_as_in_budgets",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="a_budget_line_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                name="a_budget_line_owes_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetshare",
            constraint=models.UniqueConstraint(
                fields=("implementation", "line"), name="one_share_of_a_line_per_implementation"
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                name="a_share_of_a_line_is_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="servedobjective",
            constraint=models.UniqueConstraint(
                fields=("implementation", "objective"), name="an_implementation_serves_an_objective_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="strategicplan",
            constraint=models.UniqueConstraint(
                fields=("council", "first_year"), name="one_strategic_plan_begins_in_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="strategicplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_year__gte", 2000),
                    ("last_year__gte", models.F("first_year")),
                    ("last_year__lte", 2100),
                    (
                        "last_year__lt",
                        django.db.models.expressions.CombinedExpression(models.F("first_year"), "+", models.Value(10)),
                    ),
                ),
                name="a_strategic_plan_has_a_few_years",
            ),
        ),
        migrations.AddConstraint(
            model_name="objective",
            constraint=models.UniqueConstraint(
                fields=("plan", "aim", "target"), name="one_objective_per_code_of_a_plan"
            ),
        ),
        migrations.AddConstraint(
            model_name="objective",
            constraint=models.CheckConstraint(
                condition=models.Q(("aim__range", (1, 99)), ("target__range", (0, 99))),
                name="an_objective_has_a_short_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="objective",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("parent__isnull", True), ("target", 0)),
                    models.Q(("parent__isnull", False), ("target__gt", 0)),
                    _connector="OR",
                ),
                name="an_objective_stands_below_an_aim",
            ),
        ),
        migrations.AddConstraint(
            model_name="objective",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="an_objective_has_a_name"
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
