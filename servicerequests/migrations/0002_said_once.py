"""What was said in a request stays as it was said; versions of its types too."""

from django.db import migrations

TABLES = ("message", "statuschange", "requesttypeversion")

GUARD = "".join(
    f"""
CREATE TRIGGER servicerequests_{table}_is_append_only BEFORE UPDATE OR DELETE ON servicerequests_{table}
  FOR EACH ROW EXECUTE FUNCTION journal_is_sealed_for_good();
CREATE TRIGGER servicerequests_{table}_is_never_emptied BEFORE TRUNCATE ON servicerequests_{table}
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
"""
    for table in TABLES
)
UNGUARD = "".join(
    f"""
DROP TRIGGER servicerequests_{table}_is_never_emptied ON servicerequests_{table};
DROP TRIGGER servicerequests_{table}_is_append_only ON servicerequests_{table};
"""
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("servicerequests", "0001_request_desk"), ("journal", "0004_entries_are_sealed")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
