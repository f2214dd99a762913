"""Methods beside yes/no: options, rules of a paper, ties, bases of quorum and threshold, and the stored count.

The database checks again what `papers.py` checks: `ballots_paper_fits` says whether a paper is a canonical paper of a
ballot. Options and the sealed seed of a lot are written in the transaction that opens the ballot; what a ballot says is
frozen but for its closing and its outcome, whatever columns later migrations add.
"""

from django.db import migrations, models
import django.db.models.deletion

PAPERS = r"""
CREATE FUNCTION ballots_paper_fits(method text, paper text, options int, fewest int, most int, highest int, blank boolean)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  numbers int[];
BEGIN
  IF method = 'yes_no' THEN
    RETURN paper IN ('yes', 'no', 'abstain');
  ELSIF paper = (CASE WHEN method = 'single' THEN 'abstain' ELSE 'blank' END) THEN
    RETURN blank;
  ELSIF method = 'single' THEN
    RETURN CASE WHEN paper ~ '^[1-9][0-9]{0,2}$' THEN paper::int <= options ELSE false END;
  ELSIF method = 'approval' THEN
    IF paper !~ '^[1-9][0-9]{0,2}(,[1-9][0-9]{0,2})*$' THEN
      RETURN false;
    END IF;
    numbers := string_to_array(paper, ',')::int[];
    IF cardinality(numbers) < fewest OR cardinality(numbers) > coalesce(most, options) THEN
      RETURN false;
    END IF;
  ELSIF method = 'score' THEN
    IF paper !~ '^[1-9][0-9]{0,2}:(0|[1-9][0-9]{0,2})(,[1-9][0-9]{0,2}:(0|[1-9][0-9]{0,2}))*$'
       OR (SELECT max(split_part(part, ':', 2)::int) FROM unnest(string_to_array(paper, ',')) AS part) > highest THEN
      RETURN false;
    END IF;
    numbers := ARRAY(SELECT split_part(part, ':', 1)::int
                       FROM unnest(string_to_array(paper, ',')) WITH ORDINALITY AS parts (part, place) ORDER BY place);
  ELSIF method IN ('schulze', 'irv', 'stv') THEN
    IF paper !~ '^[1-9][0-9]{0,2}([>=][1-9][0-9]{0,2})*$' OR (method <> 'schulze' AND paper LIKE '%=%') OR EXISTS (
         SELECT FROM unnest(string_to_array(paper, '>')) AS rank
          WHERE string_to_array(rank, '=')::int[] <> ARRAY(
                  SELECT number FROM unnest(string_to_array(rank, '=')::int[]) AS number ORDER BY number)) THEN
      RETURN false;
    END IF;
    numbers := regexp_split_to_array(paper, '[>=]')::int[];
    RETURN (SELECT max(number) <= options AND count(DISTINCT number) = cardinality(numbers)
              FROM unnest(numbers) AS number);
  ELSE
    RETURN false;
  END IF;
  -- Rising, each once, and all on the ballot.
  RETURN numbers = ARRAY(SELECT DISTINCT number FROM unnest(numbers) AS number ORDER BY number)
     AND numbers[cardinality(numbers)] <= options;
END $$;

CREATE FUNCTION ballots_is_taken_when_opened() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ballot_row ballots_ballot%ROWTYPE;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT * INTO ballot_row FROM ballots_ballot WHERE id = NEW.ballot_id;
    IF ballot_row.opened_in = pg_current_xact_id() AND ballot_row.declared_at IS NULL THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'options and lots are written when the ballot is opened and never change'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'options_are_frozen_when_opened';
END $$;
CREATE TRIGGER ballots_option_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON ballots_ballotoption
  FOR EACH ROW EXECUTE FUNCTION ballots_is_taken_when_opened();
CREATE TRIGGER ballots_lot_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON ballots_sealedlot
  FOR EACH ROW EXECUTE FUNCTION ballots_is_taken_when_opened();

CREATE FUNCTION ballots_has_its_options() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.option_count <> (SELECT count(*) FROM ballots_ballotoption
                           WHERE ballot_id = NEW.id AND number BETWEEN 1 AND NEW.option_count)
     OR EXISTS (SELECT FROM ballots_ballotoption WHERE ballot_id = NEW.id AND number > NEW.option_count) THEN
    RAISE EXCEPTION 'the options of a ballot are numbered from 1 to their number'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ballot_has_its_options';
  END IF;
  IF (NEW.lot_digest <> '') AND NOT EXISTS (
       SELECT FROM ballots_sealedlot WHERE ballot_id = NEW.id
          AND encode(sha256(convert_to(seed, 'UTF8')), 'hex') = NEW.lot_digest) THEN
    RAISE EXCEPTION 'the published digest is that of the sealed seed'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ballot_lot_is_the_sealed_one';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ballots_has_its_options AFTER INSERT ON ballots_ballot
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ballots_has_its_options();

CREATE OR REPLACE FUNCTION ballots_ballot_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  movable text[] := '{closes_at,declared_at,outcome,yes_votes,no_votes,abstentions,result}';
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a ballot is never deleted'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ballot_is_kept';
  END IF;
  IF OLD.declared_at IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'a declared ballot never changes'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ballot_is_final_when_declared';
  END IF;
  IF to_jsonb(NEW) - movable IS DISTINCT FROM to_jsonb(OLD) - movable THEN
    RAISE EXCEPTION 'a ballot is frozen when it is opened'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ballot_is_frozen_when_opened';
  END IF;
  IF NEW.closes_at > OLD.closes_at THEN
    RAISE EXCEPTION 'a ballot closes earlier, never later'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ballot_closes_never_later';
  END IF;
  IF NEW.declared_at IS NOT NULL AND clock_timestamp() < NEW.closes_at THEN
    RAISE EXCEPTION 'a ballot is declared after it has closed'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ballot_is_declared_after_closing';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ballots_vote_is_cast_while_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ballot_row ballots_ballot%ROWTYPE;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a vote is never deleted'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_is_kept';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.id, NEW.ballot_id, NEW.person_id, NEW.cast_at)
                          IS DISTINCT FROM (OLD.id, OLD.ballot_id, OLD.person_id, OLD.cast_at) THEN
    RAISE EXCEPTION 'a vote stays with its ballot and its voter'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_stays_in_place';
  END IF;
  SELECT * INTO ballot_row FROM ballots_ballot WHERE id = NEW.ballot_id FOR SHARE;
  IF NOT ballots_paper_fits(ballot_row.method, NEW.paper, ballot_row.option_count, ballot_row.least, ballot_row.most,
                            ballot_row.highest, ballot_row.allows_blank) THEN
    RAISE EXCEPTION 'a paper fits its ballot'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_paper_fits_its_ballot';
  END IF;
  IF ballot_row.declared_at IS NULL AND (
       ballot_row.is_recorded_afterwards
       OR (ballot_row.opens_at <= clock_timestamp() AND clock_timestamp() < ballot_row.closes_at)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'votes are cast and changed while the ballot is open'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_is_cast_while_open';
END $$;
"""
UNPAPERS = """
CREATE OR REPLACE FUNCTION ballots_vote_is_cast_while_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ballot_row ballots_ballot%ROWTYPE;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a vote is never deleted'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_is_kept';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.id, NEW.ballot_id, NEW.person_id, NEW.cast_at)
                          IS DISTINCT FROM (OLD.id, OLD.ballot_id, OLD.person_id, OLD.cast_at) THEN
    RAISE EXCEPTION 'a vote stays with its ballot and its voter'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_stays_in_place';
  END IF;
  SELECT * INTO ballot_row FROM ballots_ballot WHERE id = NEW.ballot_id FOR SHARE;
  IF ballot_row.declared_at IS NULL AND (
       ballot_row.is_recorded_afterwards
       OR (ballot_row.opens_at <= clock_timestamp() AND clock_timestamp() < ballot_row.closes_at)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'votes are cast and changed while the ballot is open'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_is_cast_while_open';
END $$;

CREATE OR REPLACE FUNCTION ballots_ballot_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a ballot is never deleted'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ballot_is_kept';
  END IF;
  IF OLD.declared_at IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'a declared ballot never changes'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ballot_is_final_when_declared';
  END IF;
  IF (NEW.id, NEW.policy, NEW.question, NEW.opens_at, NEW.quorum, NEW.majority, NEW.visibility, NEW.electorate_size,
      NEW.opened_by_id, NEW.created_at, NEW.is_recorded_afterwards, NEW.opened_in)
     IS DISTINCT FROM
     (OLD.id, OLD.policy, OLD.question, OLD.opens_at, OLD.quorum, OLD.majority, OLD.visibility, OLD.electorate_size,
      OLD.opened_by_id, OLD.created_at, OLD.is_recorded_afterwards, OLD.opened_in) THEN
    RAISE EXCEPTION 'a ballot is frozen when it is opened'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ballot_is_frozen_when_opened';
  END IF;
  IF NEW.closes_at > OLD.closes_at THEN
    RAISE EXCEPTION 'a ballot closes earlier, never later'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ballot_closes_never_later';
  END IF;
  IF NEW.declared_at IS NOT NULL AND clock_timestamp() < NEW.closes_at THEN
    RAISE EXCEPTION 'a ballot is declared after it has closed'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ballot_is_declared_after_closing';
  END IF;
  RETURN NEW;
END $$;

DROP TRIGGER ballots_has_its_options ON ballots_ballot;
DROP FUNCTION ballots_has_its_options();
DROP TRIGGER ballots_lot_is_frozen ON ballots_sealedlot;
DROP TRIGGER ballots_option_is_frozen ON ballots_ballotoption;
DROP FUNCTION ballots_is_taken_when_opened();
DROP FUNCTION ballots_paper_fits(text, text, int, int, int, int, boolean);
"""
# An absolute majority was always one of the members; now its base says so.
BASES = """
ALTER TABLE ballots_ballot DISABLE TRIGGER ballots_ballot_is_frozen;
UPDATE ballots_ballot SET threshold_base = 'members' WHERE majority = 'absolute';
ALTER TABLE ballots_ballot ENABLE TRIGGER ballots_ballot_is_frozen;
"""


class Migration(migrations.Migration):
    dependencies = [("ballots", "0006_paper")]

    operations = [
        migrations.CreateModel(
            name="BallotOption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=200, verbose_name="seçenek")),
            ],
            options={
                "verbose_name": "seçenek",
                "verbose_name_plural": "seçenekler",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="SealedLot",
            fields=[
                (
                    "ballot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="lot",
                        serialize=False,
                        to="ballots.ballot",
                    ),
                ),
                ("seed", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "mühürlü kura",
                "verbose_name_plural": "mühürlü kuralar",
            },
        ),
        migrations.RemoveConstraint(
            model_name="ballot",
            name="ballot_majority_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="ballot",
            name="ballot_outcome_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="ballot",
            name="ballot_outcome_is_declared_with_its_tally",
        ),
        migrations.RemoveConstraint(
            model_name="vote",
            name="vote_paper_is_known",
        ),
        migrations.AddField(
            model_name="ballot",
            name="allows_blank",
            field=models.BooleanField(default=False, verbose_name="boş oy verilebilir"),
        ),
        migrations.AddField(
            model_name="ballot",
            name="highest",
            field=models.PositiveSmallIntegerField(default=5, verbose_name="en yüksek puan"),
        ),
        migrations.AddField(
            model_name="ballot",
            name="least",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="en az"),
        ),
        migrations.AddField(
            model_name="ballot",
            name="lot_digest",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="ballot",
            name="method",
            field=models.CharField(
                choices=[
                    ("yes_no", "Kabul, ret, çekimser"),
                    ("single", "Tek seçenek"),
                    ("approval", "Onay: birden çok seçenek işaretlenir"),
                    ("score", "Puan: her seçeneğe puan verilir"),
                    ("schulze", "Sıralama: ikili karşılaştırma (Schulze)"),
                    ("irv", "Sıralama: eleme turlarıyla bir kazanan (IRV)"),
                    ("stv", "Sıralama: devredilebilir oyla birden çok kazanan (STV)"),
                ],
                default="yes_no",
                max_length=8,
                verbose_name="yöntem",
            ),
        ),
        migrations.AddField(
            model_name="ballot",
            name="most",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="en çok"),
        ),
        migrations.AddField(
            model_name="ballot",
            name="option_count",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="ballot",
            name="present",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="toplantıda bulunanlar"),
        ),
        migrations.AddField(
            model_name="ballot",
            name="quorum_base",
            field=models.CharField(
                choices=[
                    ("members", "Oy hakkı olanlar"),
                    ("present", "Toplantıda bulunanlar"),
                    ("cast", "Oy verenler, boş ve çekimserler dahil"),
                    ("valid", "Geçerli oylar, boş ve çekimserler hariç"),
                ],
                default="cast",
                max_length=7,
                verbose_name="yeter sayıya katılanlar",
            ),
        ),
        migrations.AddField(
            model_name="ballot",
            name="result",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ballot",
            name="seats",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="kazanan sayısı"),
        ),
        migrations.AddField(
            model_name="ballot",
            name="threshold_base",
            field=models.CharField(
                choices=[
                    ("members", "Oy hakkı olanlar"),
                    ("present", "Toplantıda bulunanlar"),
                    ("cast", "Oy verenler, boş ve çekimserler dahil"),
                    ("valid", "Geçerli oylar, boş ve çekimserler hariç"),
                ],
                default="valid",
                max_length=7,
                verbose_name="çoğunluğun esası",
            ),
        ),
        migrations.AddField(
            model_name="ballot",
            name="tie_rule",
            field=models.CharField(
                choices=[
                    ("open", "Eşitlik bozulmaz; sonuç eşitlik olarak açıklanır"),
                    ("lot", "Önceden mühürlenmiş kura"),
                    ("earlier", "Önceki turlardaki oylar; onlar da eşitse bozulmaz"),
                    ("earlier_lot", "Önceki turlardaki oylar, sonra önceden mühürlenmiş kura"),
                ],
                default="open",
                max_length=11,
                verbose_name="eşitlik kuralı",
            ),
        ),
        migrations.AlterField(
            model_name="ballot",
            name="majority",
            field=models.CharField(
                blank=True,
                choices=[
                    ("simple", "Kabul oyları ret oylarından çok olmalı"),
                    ("absolute", "Kabul oyları oy hakkı olanların yarısını aşmalı"),
                    ("two_thirds", "Kabul oyları, kabul ve ret toplamının en az üçte ikisi olmalı"),
                ],
                default="simple",
                max_length=12,
                verbose_name="çoğunluk",
            ),
        ),
        migrations.AlterField(
            model_name="ballot",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("passed", "Kabul edildi"),
                    ("rejected", "Reddedildi"),
                    ("elected", "Seçim sonuçlandı"),
                    ("undecided", "Kazanan çıkmadı"),
                    ("tied", "Oylar eşit"),
                    ("no_quorum", "Yeter sayı sağlanmadı"),
                    ("cancelled", "İptal edildi"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunSQL(BASES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(("majority__in", ["", "simple", "absolute", "two_thirds"])),
                name="ballot_majority_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(("method__in", ["yes_no", "single", "approval", "score", "schulze", "irv", "stv"])),
                name="ballot_method_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(("tie_rule__in", ["open", "lot", "earlier", "earlier_lot"])),
                name="ballot_tie_rule_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quorum_base__in", ("present", "cast", "valid")),
                    ("threshold_base__in", ["members", "present", "cast", "valid"]),
                ),
                name="ballot_base_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("quorum_base", "present"), ("threshold_base", "present"), _connector="OR"),
                        ("present__isnull", False),
                    ),
                    models.Q(
                        models.Q(("quorum_base", "present"), _negated=True),
                        models.Q(("threshold_base", "present"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="ballot_says_how_many_are_present",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("majority", "absolute"), _negated=True), ("threshold_base", "members"), _connector="OR"
                ),
                name="ballot_absolute_majority_is_of_the_members",
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
                        ("tie_rule", "open"),
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
                    ("majority", ""),
                    ("method", "yes_no"),
                    models.Q(("method__in", ["single", "approval"]), ("seats", 1)),
                    _connector="OR",
                ),
                name="ballot_threshold_fits_its_method",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("method__in", ["single", "approval", "score", "schulze", "stv"]),
                        ("seats__lt", models.F("option_count")),
                    ),
                    ("seats", 1),
                    _connector="OR",
                ),
                name="ballot_elects_fewer_than_its_options",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("least__gte", 1),
                        ("least__lte", models.F("option_count")),
                        models.Q(
                            ("most__isnull", True),
                            models.Q(("most__gte", models.F("least")), ("most__lte", models.F("option_count"))),
                            _connector="OR",
                        ),
                    ),
                    models.Q(models.Q(("method", "approval"), _negated=True), ("least", 1), ("most__isnull", True)),
                    _connector="OR",
                ),
                name="ballot_paper_limits_can_be_met",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(("highest__range", (1, 100))), name="ballot_score_has_a_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lot_digest__regex", "^[0-9a-f]{64}$"), ("tie_rule__in", ["lot", "earlier_lot"])),
                    models.Q(models.Q(("tie_rule__in", ["lot", "earlier_lot"]), _negated=True), ("lot_digest", "")),
                    _connector="OR",
                ),
                name="ballot_lot_is_sealed_at_opening",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("tie_rule__in", ["earlier", "earlier_lot"]), _negated=True),
                    ("method__in", ["irv", "stv"]),
                    _connector="OR",
                ),
                name="ballot_without_stages_has_no_earlier_ones",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("visibility", "after_closing"),
                    models.Q(("method__in", ("schulze", "irv", "stv")), _negated=True),
                    _connector="OR",
                ),
                name="ballot_of_ranks_is_counted_after_closing",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        ["", "passed", "rejected", "elected", "undecided", "tied", "no_quorum", "cancelled"],
                    )
                ),
                name="ballot_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("declared_at__isnull", True),
                        ("outcome", ""),
                        ("result__isnull", True),
                        ("yes_votes__isnull", True),
                    ),
                    models.Q(
                        ("declared_at__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                        models.Q(
                            models.Q(("method", "yes_no"), ("result__isnull", True), ("yes_votes__isnull", False)),
                            models.Q(
                                models.Q(("method", "yes_no"), _negated=True),
                                ("result__isnull", False),
                                ("yes_votes__isnull", True),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="ballot_outcome_is_declared_with_its_tally",
            ),
        ),
        migrations.AddField(
            model_name="ballotoption",
            name="ballot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="options", to="ballots.ballot"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballotoption",
            constraint=models.UniqueConstraint(fields=("ballot", "number"), name="one_option_per_number"),
        ),
        migrations.AddConstraint(
            model_name="ballotoption",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="options_are_numbered_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballotoption",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="option_says_something"
            ),
        ),
        migrations.RunSQL(PAPERS, UNPAPERS),
    ]
