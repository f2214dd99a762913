"""What was moved, written and decided is only added to; of an amendment only its place and, by its decision, its state change."""

from django.db import migrations

ADDED_TO = ("proposals_stagechange", "proposals_proposalversion", "proposals_amendmentdecision")
KEPT = (*ADDED_TO, "proposals_amendment")

AMENDMENTS = """
CREATE FUNCTION proposals_amendment_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'open' THEN
      RAISE EXCEPTION 'amendments begin open'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'amendments_begin_open';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'amendments are never deleted'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'amendments_are_kept';
  END IF;
  IF OLD.state <> 'open' OR to_jsonb(NEW) - '{state,version,position}'::text[] <> to_jsonb(OLD) - '{state,version,position}'::text[] THEN
    RAISE EXCEPTION 'an amendment stays as it was written'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'amendments_are_kept';
  END IF;
  IF NEW.state <> 'open' AND NOT EXISTS (
    SELECT FROM proposals_amendmentdecision d WHERE d.amendment_id = NEW.id AND d.outcome = NEW.state
  ) THEN
    RAISE EXCEPTION 'the state of an amendment follows from its decision'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'amendments_are_decided';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER proposals_amendment_is_kept BEFORE INSERT OR UPDATE OR DELETE ON proposals_amendment
  FOR EACH ROW EXECUTE FUNCTION proposals_amendment_is_kept();

CREATE FUNCTION proposals_amendment_is_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE proposals_amendment SET state = NEW.outcome WHERE id = NEW.amendment_id;
  RETURN NULL;
END $$;
CREATE TRIGGER proposals_amendmentdecision_sets_the_state AFTER INSERT ON proposals_amendmentdecision
  FOR EACH ROW EXECUTE FUNCTION proposals_amendment_is_decided();
"""
WITHOUT = """
DROP TRIGGER proposals_amendmentdecision_sets_the_state ON proposals_amendmentdecision;
DROP FUNCTION proposals_amendment_is_decided();
DROP TRIGGER proposals_amendment_is_kept ON proposals_amendment;
DROP FUNCTION proposals_amendment_is_kept();
"""


def guard(table: str, event: str, each: str, name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION journal_is_sealed_for_good()",
        f"DROP TRIGGER {table}_{name} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("proposals", "0070_amendments"), ("journal", "0004_entries_are_sealed")]
    operations = [
        migrations.RunSQL(AMENDMENTS, WITHOUT),
        *(guard(table, "UPDATE OR DELETE", "ROW", "is_append_only") for table in ADDED_TO),
        *(guard(table, "TRUNCATE", "STATEMENT", "is_never_emptied") for table in KEPT),
    ]
