"""What was written, released and decided about an article stays as it was."""

from django.db import migrations

TABLES = ("articleversion", "release", "articlemove")

GUARD = "".join(
    f"""
CREATE TRIGGER articles_{table}_is_append_only BEFORE UPDATE OR DELETE ON articles_{table}
  FOR EACH ROW EXECUTE FUNCTION journal_is_sealed_for_good();
CREATE TRIGGER articles_{table}_is_never_emptied BEFORE TRUNCATE ON articles_{table}
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
"""
    for table in TABLES
)
UNGUARD = "".join(
    f"""
DROP TRIGGER articles_{table}_is_never_emptied ON articles_{table};
DROP TRIGGER articles_{table}_is_append_only ON articles_{table};
"""
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_knowledge_base"), ("journal", "0004_entries_are_sealed")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
