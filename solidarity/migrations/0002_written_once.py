"""What organisations wrote to each other stays as it was written."""

from django.db import migrations

GUARD = """
CREATE TRIGGER solidarity_message_is_append_only BEFORE UPDATE OR DELETE ON solidarity_message
  FOR EACH ROW EXECUTE FUNCTION journal_is_sealed_for_good();
CREATE TRIGGER solidarity_message_is_never_emptied BEFORE TRUNCATE ON solidarity_message
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
"""
UNGUARD = """
DROP TRIGGER solidarity_message_is_never_emptied ON solidarity_message;
DROP TRIGGER solidarity_message_is_append_only ON solidarity_message;
"""


class Migration(migrations.Migration):
    dependencies = [("solidarity", "0001_needs_and_offers"), ("journal", "0004_entries_are_sealed")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
