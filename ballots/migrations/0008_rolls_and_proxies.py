"""Rolls that move by a published rule, and proxies: what neither allows is refused by the database.

The roll of a ballot with the rule `fixed` stays as frozen as before. `strikes` lets an entry be struck until the closing,
`follows` lets it be struck, taken back and added. A vote is cast by its voter, or by who holds their proxy at that moment.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RULES = """
CREATE OR REPLACE FUNCTION ballots_ballot_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  movable text[] := '{closes_at,declared_at,outcome,yes_votes,no_votes,abstentions,result}';
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.roll_rule <> 'fixed' THEN
    movable := movable || '{roll_size}';
  END IF;
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

CREATE OR REPLACE FUNCTION ballots_roll_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ballot_row ballots_ballot%ROWTYPE;
BEGIN
  IF TG_OP <> 'DELETE' THEN
    SELECT * INTO ballot_row FROM ballots_ballot WHERE id = NEW.ballot_id;
    IF TG_OP = 'INSERT' AND ballot_row.opened_in = pg_current_xact_id() AND ballot_row.declared_at IS NULL
       AND NEW.added_at IS NULL AND NEW.struck_at IS NULL THEN
      RETURN NEW;
    END IF;
    -- A vote holds the ballot's row too: it is written before the roll moves, or judged by the moved one.
    IF ballot_row.roll_rule <> 'fixed' THEN
      SELECT * INTO ballot_row FROM ballots_ballot WHERE id = NEW.ballot_id FOR NO KEY UPDATE;
      IF ballot_row.declared_at IS NULL AND clock_timestamp() < ballot_row.closes_at THEN
        IF TG_OP = 'INSERT' THEN
          IF ballot_row.roll_rule = 'follows' AND NEW.added_at IS NOT NULL AND NEW.struck_at IS NULL THEN
            RETURN NEW;
          END IF;
        ELSIF to_jsonb(NEW) - 'struck_at' = to_jsonb(OLD) - 'struck_at'
              AND (OLD.struck_at IS NULL OR (ballot_row.roll_rule = 'follows' AND NEW.struck_at IS NULL)) THEN
          RETURN NEW;
        END IF;
      END IF;
    END IF;
  END IF;
  RAISE EXCEPTION 'the roll is taken when the ballot is opened and moves only as its rule says'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'roll_is_frozen_when_opened';
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
  IF ballot_row.roll_rule <> 'fixed' AND EXISTS (
       SELECT FROM ballots_elector WHERE ballot_id = NEW.ballot_id AND person_id IN (NEW.person_id, NEW.cast_by_id)
          AND struck_at IS NOT NULL) THEN
    RAISE EXCEPTION 'who was struck from the roll votes no more'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_is_by_somebody_not_struck';
  END IF;
  IF (NEW.cast_by_id IS NOT NULL OR ballot_row.proxy_limit > 0) AND NEW.cast_by_id IS DISTINCT FROM (
       SELECT holder_id FROM ballots_proxy
        WHERE ballot_id = NEW.ballot_id AND giver_id = NEW.person_id AND revoked_at IS NULL) THEN
    RAISE EXCEPTION 'a vote is cast by its voter, or by who holds their proxy'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_is_cast_by_who_holds_it';
  END IF;
  IF ballot_row.declared_at IS NULL AND (
       ballot_row.is_recorded_afterwards
       OR (ballot_row.opens_at <= clock_timestamp() AND clock_timestamp() < ballot_row.closes_at)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'votes are cast and changed while the ballot is open'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_is_cast_while_open';
END $$;

CREATE FUNCTION ballots_proxy_follows_the_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ballot_row ballots_ballot%ROWTYPE;
  broken text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a proxy is never deleted'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'proxy_is_kept';
  END IF;
  -- One at a time for a ballot, and never beside a vote: two proxies given at once cannot make a chain together.
  SELECT * INTO ballot_row FROM ballots_ballot WHERE id = NEW.ballot_id FOR NO KEY UPDATE;
  broken := CASE
    WHEN ballot_row.proxy_limit = 0 THEN 'ballot_takes_no_proxies'
    WHEN ballot_row.declared_at IS NOT NULL OR clock_timestamp() >= ballot_row.closes_at THEN 'proxy_is_given_before_closing'
    WHEN TG_OP = 'UPDATE' THEN CASE
      WHEN to_jsonb(NEW) - 'revoked_at' IS DISTINCT FROM to_jsonb(OLD) - 'revoked_at' OR OLD.revoked_at IS NOT NULL
        THEN 'proxy_is_revoked_once' END
    WHEN NEW.giver_id = NEW.holder_id THEN 'nobody_is_their_own_proxy'
    WHEN (SELECT count(*) FROM ballots_elector WHERE ballot_id = NEW.ballot_id AND struck_at IS NULL
             AND person_id IN (NEW.giver_id, NEW.holder_id)) < 2 THEN 'proxies_are_among_electors'
    WHEN EXISTS (SELECT FROM ballots_vote WHERE ballot_id = NEW.ballot_id AND person_id = NEW.giver_id
                    AND cast_by_id IS NULL) THEN 'proxy_is_given_before_voting'
    WHEN EXISTS (SELECT FROM ballots_proxy WHERE ballot_id = NEW.ballot_id AND revoked_at IS NULL
                    AND giver_id = NEW.giver_id) THEN 'one_proxy_for_a_giver'
    WHEN EXISTS (SELECT FROM ballots_proxy WHERE ballot_id = NEW.ballot_id AND revoked_at IS NULL
                    AND (giver_id = NEW.holder_id OR holder_id = NEW.giver_id)) THEN 'proxies_make_no_chain'
    WHEN (SELECT count(*) FROM ballots_proxy WHERE ballot_id = NEW.ballot_id AND revoked_at IS NULL
             AND holder_id = NEW.holder_id) >= ballot_row.proxy_limit THEN 'proxy_holder_has_a_limit'
  END;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'a proxy follows the rules of its ballot: %', broken
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ballots_proxy_follows_the_rules BEFORE INSERT OR UPDATE OR DELETE ON ballots_proxy
  FOR EACH ROW EXECUTE FUNCTION ballots_proxy_follows_the_rules();
"""
UNRULES = """
DROP TRIGGER ballots_proxy_follows_the_rules ON ballots_proxy;
DROP FUNCTION ballots_proxy_follows_the_rules();
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

CREATE OR REPLACE FUNCTION ballots_roll_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ballot_row ballots_ballot%ROWTYPE;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT * INTO ballot_row FROM ballots_ballot WHERE id = NEW.ballot_id;
    IF ballot_row.opened_in = pg_current_xact_id() AND ballot_row.declared_at IS NULL THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the roll is taken when the ballot is opened and never changes'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'roll_is_frozen_when_opened';
END $$;

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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ballots", "0021_rules_and_results_are_sealed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Proxy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("given_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "vekâlet",
                "verbose_name_plural": "vekâletler",
            },
        ),
        migrations.AddField(
            model_name="ballot",
            name="proxy_limit",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="vekâlet sınırı"),
        ),
        migrations.AddField(
            model_name="ballot",
            name="roll_rule",
            field=models.CharField(
                choices=[
                    ("fixed", "Liste açılışta alınır; kimse eklenmez, kimse çıkarılmaz"),
                    ("strikes", "Oy hakkını yitirenler çıkarılır, yeni gelenler eklenmez"),
                    ("follows", "Kapanışa kadar oy hakkını yitirenler çıkarılır, kazananlar eklenir"),
                ],
                default="fixed",
                max_length=7,
                verbose_name="liste kuralı",
            ),
        ),
        migrations.AddField(
            model_name="ballot",
            name="roll_size",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="elector",
            name="added_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="elector",
            name="struck_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="vote",
            name="cast_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="votes_cast_for_others",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(("roll_rule__in", ["fixed", "strikes", "follows"])), name="ballot_roll_rule_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("roll_size__isnull", True), models.Q(("roll_rule", "fixed"), _negated=True), _connector="OR"
                ),
                name="ballot_fixed_roll_keeps_its_size",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(("proxy_limit__lte", 5)), name="ballot_proxies_are_few"
            ),
        ),
        migrations.AddField(
            model_name="proxy",
            name="ballot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="proxies", to="ballots.ballot"
            ),
        ),
        migrations.AddField(
            model_name="proxy",
            name="giver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="proxies_given", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="proxy",
            name="holder",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="proxies_held", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="proxy",
            index=models.Index(fields=["ballot", "holder"], name="proxies_by_holder"),
        ),
        migrations.AddConstraint(
            model_name="proxy",
            constraint=models.CheckConstraint(
                condition=models.Q(("giver", models.F("holder")), _negated=True), name="nobody_is_their_own_proxy"
            ),
        ),
        migrations.AddConstraint(
            model_name="proxy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("ballot", "giver"),
                name="one_proxy_for_a_giver",
            ),
        ),
        migrations.RunSQL(RULES, UNRULES),
    ]
