"""Every entry waits to be sealed from the moment it is committed; what is sealed stays as it is.

The queue is filled by the database itself, one statement for each statement that writes entries, and by this migration
for the entries there are. Leaves, nodes and heads are written once, like the entries; none of these tables is emptied.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION journal_entry_is_queued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO journal_queued (source, row_id) SELECT 'journal.entry', id FROM fresh ORDER BY id;
  RETURN NULL;
END $$;
CREATE TRIGGER journal_entry_is_queued AFTER INSERT ON journal_entry REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_is_queued();
INSERT INTO journal_queued (source, row_id) SELECT 'journal.entry', id FROM journal_entry ORDER BY id;

CREATE FUNCTION journal_is_sealed_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER journal_leaf_is_append_only BEFORE UPDATE OR DELETE ON journal_leaf
  FOR EACH ROW EXECUTE FUNCTION journal_is_sealed_for_good();
CREATE TRIGGER journal_node_is_append_only BEFORE UPDATE OR DELETE ON journal_node
  FOR EACH ROW EXECUTE FUNCTION journal_is_sealed_for_good();
CREATE TRIGGER journal_head_is_append_only BEFORE UPDATE OR DELETE ON journal_head
  FOR EACH ROW EXECUTE FUNCTION journal_is_sealed_for_good();

CREATE TRIGGER journal_entry_is_never_emptied BEFORE TRUNCATE ON journal_entry
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
CREATE TRIGGER journal_leaf_is_never_emptied BEFORE TRUNCATE ON journal_leaf
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
CREATE TRIGGER journal_node_is_never_emptied BEFORE TRUNCATE ON journal_node
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
CREATE TRIGGER journal_head_is_never_emptied BEFORE TRUNCATE ON journal_head
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
"""
UNGUARD = """
DROP TRIGGER journal_head_is_never_emptied ON journal_head;
DROP TRIGGER journal_node_is_never_emptied ON journal_node;
DROP TRIGGER journal_leaf_is_never_emptied ON journal_leaf;
DROP TRIGGER journal_entry_is_never_emptied ON journal_entry;
DROP TRIGGER journal_head_is_append_only ON journal_head;
DROP TRIGGER journal_node_is_append_only ON journal_node;
DROP TRIGGER journal_leaf_is_append_only ON journal_leaf;
DROP FUNCTION journal_is_sealed_for_good();
DROP TRIGGER journal_entry_is_queued ON journal_entry;
DROP FUNCTION journal_entry_is_queued();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_sealed_log")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
