"""Protocols, notes and moves of a partnership stay as they were."""

from django.db import migrations

TABLES = ("protocol", "note", "statechange")

GUARD = "".join(
    f"""
CREATE TRIGGER partnerships_{table}_is_append_only BEFORE UPDATE OR DELETE ON partnerships_{table}
  FOR EACH ROW EXECUTE FUNCTION journal_is_sealed_for_good();
CREATE TRIGGER partnerships_{table}_is_never_emptied BEFORE TRUNCATE ON partnerships_{table}
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
"""
    for table in TABLES
)
UNGUARD = "".join(
    f"""
DROP TRIGGER partnerships_{table}_is_never_emptied ON partnerships_{table};
DROP TRIGGER partnerships_{table}_is_append_only ON partnerships_{table};
"""
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0001_project_partnerships"), ("journal", "0004_entries_are_sealed")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
