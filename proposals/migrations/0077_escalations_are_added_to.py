"""Who was told of a late step is only added to."""

from django.db import migrations


def guard(event: str, each: str, name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER proposals_escalation_{name} BEFORE {event} ON proposals_escalation "
        f"FOR EACH {each} EXECUTE FUNCTION journal_is_sealed_for_good()",
        f"DROP TRIGGER proposals_escalation_{name} ON proposals_escalation",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0076_counted_due_dates_and_escalations"),
        ("journal", "0004_entries_are_sealed"),
    ]

    operations = [
        guard("UPDATE OR DELETE", "ROW", "is_append_only"),
        guard("TRUNCATE", "STATEMENT", "is_never_emptied"),
    ]
