"""A tally of the general assembly is entered waiting, settled once, and stays as it was entered."""

from django.db import migrations

GUARD = """
CREATE FUNCTION proposals_tally_is_entered_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'pending' THEN
      RAISE EXCEPTION 'a tally waits for its second person when it is entered'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tallies_are_entered_waiting';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = 'pending' AND NEW.state IN ('confirmed', 'rejected')
    AND to_jsonb(NEW) - '{state,settled_by_id,settled_at,reason}'::text[]
      = to_jsonb(OLD) - '{state,settled_by_id,settled_at,reason}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a tally is confirmed or rejected once, and its figures never change'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tallies_are_settled_once';
END $$;
CREATE TRIGGER proposals_assemblytally_is_append_only BEFORE INSERT OR UPDATE OR DELETE ON proposals_assemblytally
  FOR EACH ROW EXECUTE FUNCTION proposals_tally_is_entered_once();
CREATE TRIGGER proposals_assemblytally_is_never_emptied BEFORE TRUNCATE ON proposals_assemblytally
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
"""
UNGUARD = """
DROP TRIGGER proposals_assemblytally_is_never_emptied ON proposals_assemblytally;
DROP TRIGGER proposals_assemblytally_is_append_only ON proposals_assemblytally;
DROP FUNCTION proposals_tally_is_entered_once();
"""


class Migration(migrations.Migration):
    dependencies = [("proposals", "0065_municipal_decisions"), ("journal", "0004_entries_are_sealed")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
