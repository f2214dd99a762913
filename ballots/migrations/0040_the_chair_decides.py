"""The tie rule that gives a tie to the chair: who that is stands on the ballot, what they decide is written once.

The database holds the rule: only a declared tie, only its chair, only among those who are tied, one decision, for good. The
decision is a sealed record of its own; the ballot it is about stays as it was declared.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


GUARD = r"""
CREATE FUNCTION ballots_chair_decides_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ballot_row ballots_ballot%ROWTYPE;
  tie jsonb;
  numbers int[];
  fits boolean := false;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'the chair decides a tie once'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'chair_decides_once';
  END IF;
  SELECT * INTO ballot_row FROM ballots_ballot WHERE id = NEW.ballot_id FOR NO KEY UPDATE;
  IF ballot_row.tie_rule <> 'chair' OR ballot_row.outcome <> 'tied' THEN
    RAISE EXCEPTION 'there is no tie that is the chair''s to decide'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'chair_decides_a_tie';
  END IF;
  IF NEW.actor_id <> ballot_row.chair_id THEN
    RAISE EXCEPTION 'a tie is decided by the chair the ballot names'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tie_is_decided_by_its_chair';
  END IF;
  IF ballot_row.method = 'yes_no' THEN
    fits := ballot_row.yes_votes > 0 AND NEW.chosen IN ('yes', 'no');
  ELSIF NEW.chosen ~ '^[1-9][0-9]{0,2}(,[1-9][0-9]{0,2})*$' THEN
    tie := jsonb_path_query_first(ballot_row.result, '$.ties[*] ? (@.chosen.size() == 0)');
    numbers := string_to_array(NEW.chosen, ',')::int[];
    fits := numbers = ARRAY(SELECT DISTINCT number FROM unnest(numbers) AS number ORDER BY number)
        AND cardinality(numbers) = (tie ->> 'places')::int AND to_jsonb(numbers) <@ (tie -> 'between');
  END IF;
  IF fits IS NOT TRUE THEN
    RAISE EXCEPTION 'the chair decides among those who are tied, for as many as go on'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'chair_decides_among_the_tied';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ballots_chair_decides_once BEFORE INSERT OR UPDATE OR DELETE ON ballots_chairdecision
  FOR EACH ROW EXECUTE FUNCTION ballots_chair_decides_once();
CREATE TRIGGER ballots_chairdecision_is_never_emptied BEFORE TRUNCATE ON ballots_chairdecision
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();

CREATE FUNCTION ballots_chairdecision_is_queued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO journal_queued (source, row_id, is_urgent)
  SELECT 'ballots.chair_decision', ballot_id, true FROM fresh ORDER BY ballot_id;
  RETURN NULL;
END $$;
CREATE TRIGGER ballots_chairdecision_is_queued AFTER INSERT ON ballots_chairdecision
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ballots_chairdecision_is_queued();
"""
UNGUARD = """
DROP TRIGGER ballots_chairdecision_is_queued ON ballots_chairdecision;
DROP FUNCTION ballots_chairdecision_is_queued();
DROP TRIGGER ballots_chairdecision_is_never_emptied ON ballots_chairdecision;
DROP TRIGGER ballots_chair_decides_once ON ballots_chairdecision;
DROP FUNCTION ballots_chair_decides_once();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ballots", "0030_nothing_frozen_is_emptied"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChairDecision",
            fields=[
                (
                    "ballot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="chair_decision",
                        serialize=False,
                        to="ballots.ballot",
                    ),
                ),
                ("chosen", models.CharField(max_length=200, verbose_name="karar")),
                ("reason", models.CharField(max_length=1000, verbose_name="gerekçe")),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "başkanın kararı",
                "verbose_name_plural": "başkanın kararları",
            },
        ),
        migrations.RemoveConstraint(
            model_name="ballot",
            name="ballot_tie_rule_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="ballot",
            name="ballot_has_the_options_of_its_method",
        ),
        migrations.AddField(
            model_name="ballot",
            name="chair",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ballots_chaired",
                to=settings.AUTH_USER_MODEL,
                verbose_name="başkan",
            ),
        ),
        migrations.AlterField(
            model_name="ballot",
            name="tie_rule",
            field=models.CharField(
                choices=[
                    ("open", "Eşitlik bozulmaz; sonuç eşitlik olarak açıklanır"),
                    ("lot", "Önceden mühürlenmiş kura"),
                    ("earlier", "Önceki turlardaki oylar; onlar da eşitse bozulmaz"),
                    ("earlier_lot", "Önceki turlardaki oylar, sonra önceden mühürlenmiş kura"),
                    ("chair", "Başkanın oyu belirleyici: eşit kalanlar arasında başkan karar verir"),
                ],
                default="open",
                max_length=11,
                verbose_name="eşitlik kuralı",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(("tie_rule__in", ["open", "lot", "earlier", "earlier_lot", "chair"])),
                name="ballot_tie_rule_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("method", "yes_no"),
                        ("option_count", 0),
                        ("seats", 1),
                        ("tie_rule__in", ["open", "chair"]),
                        models.Q(("majority", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("method", "yes_no"), _negated=True),
                        ("option_count__range", (2, 60)),
                        ("seats__gte", 1),
                    ),
                    _connector="OR",
                ),
                name="ballot_has_the_options_of_its_method",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("chair__isnull", False), ("tie_rule", "chair")),
                    models.Q(models.Q(("tie_rule", "chair"), _negated=True), ("chair__isnull", True)),
                    _connector="OR",
                ),
                name="ballot_names_its_chair",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("tie_rule", "chair"), _negated=True),
                    models.Q(("majority", "simple"), ("method", "yes_no"), ("threshold_base", "valid")),
                    ("method__in", ("single", "approval", "score", "schulze")),
                    _connector="OR",
                ),
                name="ballot_chair_decides_where_there_is_a_choice",
            ),
        ),
        migrations.AddField(
            model_name="chairdecision",
            name="actor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="ties_decided", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
