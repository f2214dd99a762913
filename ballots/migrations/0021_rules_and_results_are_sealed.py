"""A ballot is sealed twice: its rule and roll when it opens, its result when it is declared; the result at once."""

from django.db import migrations

GUARD = """
CREATE FUNCTION ballots_ballot_is_queued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO journal_queued (source, row_id) SELECT 'ballots.opened', id FROM fresh ORDER BY id;
    INSERT INTO journal_queued (source, row_id, is_urgent)
    SELECT 'ballots.declared', id, true FROM fresh WHERE declared_at IS NOT NULL ORDER BY id;
  ELSE
    INSERT INTO journal_queued (source, row_id, is_urgent)
    SELECT 'ballots.declared', fresh.id, true FROM fresh JOIN stale ON stale.id = fresh.id
     WHERE stale.declared_at IS NULL AND fresh.declared_at IS NOT NULL ORDER BY fresh.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ballots_ballot_is_queued_when_opened AFTER INSERT ON ballots_ballot
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ballots_ballot_is_queued();
CREATE TRIGGER ballots_ballot_is_queued_when_declared AFTER UPDATE ON ballots_ballot
  REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ballots_ballot_is_queued();
INSERT INTO journal_queued (source, row_id) SELECT 'ballots.opened', id FROM ballots_ballot ORDER BY id;
INSERT INTO journal_queued (source, row_id)
SELECT 'ballots.declared', id FROM ballots_ballot WHERE declared_at IS NOT NULL ORDER BY id;

CREATE TRIGGER ballots_ballot_is_never_emptied BEFORE TRUNCATE ON ballots_ballot
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
CREATE TRIGGER ballots_elector_is_never_emptied BEFORE TRUNCATE ON ballots_elector
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
CREATE TRIGGER ballots_vote_is_never_emptied BEFORE TRUNCATE ON ballots_vote
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
CREATE TRIGGER ballots_earlyclosing_is_never_emptied BEFORE TRUNCATE ON ballots_earlyclosing
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
"""
UNGUARD = """
DROP TRIGGER ballots_earlyclosing_is_never_emptied ON ballots_earlyclosing;
DROP TRIGGER ballots_vote_is_never_emptied ON ballots_vote;
DROP TRIGGER ballots_elector_is_never_emptied ON ballots_elector;
DROP TRIGGER ballots_ballot_is_never_emptied ON ballots_ballot;
DROP TRIGGER ballots_ballot_is_queued_when_declared ON ballots_ballot;
DROP TRIGGER ballots_ballot_is_queued_when_opened ON ballots_ballot;
DROP FUNCTION ballots_ballot_is_queued();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ballots", "0007_methods"),
        ("ballots", "0020_vote_records"),
        ("journal", "0004_entries_are_sealed"),
    ]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
