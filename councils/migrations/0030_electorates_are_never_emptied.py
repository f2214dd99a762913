"""TRUNCATE fires no trigger of a row: whom a ballot asks is guarded against it too."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("councils", "0007_council_ballots"), ("journal", "0004_entries_are_sealed")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER councils_councilballot_is_never_emptied BEFORE TRUNCATE ON councils_councilballot "
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good()",
            "DROP TRIGGER councils_councilballot_is_never_emptied ON councils_councilballot",
        )
    ]
