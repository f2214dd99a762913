"""What nobody may change once a ballot exists is guarded by the database itself.

- A ballot: everything but its closing is frozen when the row is written; the closing only moves to an earlier moment;
  the outcome is written once; the row is never deleted. After the declaration nothing changes at all.
- The roll: entries are written in the transaction that opens the ballot (its id is kept in `opened_in`), later never.
- Votes: only by people on the roll (a foreign key), only while the database's clock is between the two moments and
  nothing is declared, never deleted, never moved to another ballot or person. A ballot recorded afterwards takes its
  votes until it is declared, which happens in the transaction that records it.
"""

from django.db import migrations

GUARD = """
ALTER TABLE ballots_ballot ADD COLUMN opened_in xid8 NOT NULL DEFAULT pg_current_xact_id();

ALTER TABLE ballots_vote ADD CONSTRAINT vote_is_by_somebody_on_the_roll
  FOREIGN KEY (ballot_id, person_id) REFERENCES ballots_elector (ballot_id, person_id);

CREATE FUNCTION ballots_ballot_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER ballots_ballot_is_frozen BEFORE UPDATE OR DELETE ON ballots_ballot
  FOR EACH ROW EXECUTE FUNCTION ballots_ballot_is_frozen();

CREATE FUNCTION ballots_roll_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER ballots_roll_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON ballots_elector
  FOR EACH ROW EXECUTE FUNCTION ballots_roll_is_frozen();

CREATE FUNCTION ballots_vote_is_cast_while_open() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER ballots_vote_is_cast_while_open BEFORE INSERT OR UPDATE OR DELETE ON ballots_vote
  FOR EACH ROW EXECUTE FUNCTION ballots_vote_is_cast_while_open();
"""
UNGUARD = """
DROP TRIGGER ballots_vote_is_cast_while_open ON ballots_vote;
DROP FUNCTION ballots_vote_is_cast_while_open();
DROP TRIGGER ballots_roll_is_frozen ON ballots_elector;
DROP FUNCTION ballots_roll_is_frozen();
DROP TRIGGER ballots_ballot_is_frozen ON ballots_ballot;
DROP FUNCTION ballots_ballot_is_frozen();
ALTER TABLE ballots_vote DROP CONSTRAINT vote_is_by_somebody_on_the_roll;
ALTER TABLE ballots_ballot DROP COLUMN opened_in;
"""


class Migration(migrations.Migration):
    dependencies = [("ballots", "0003_recorded_afterwards")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
