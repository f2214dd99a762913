"""TRUNCATE fires no trigger of a row: options, lots and proxies are guarded against it like votes and rolls."""

from django.db import migrations

TABLES = ("ballots_ballotoption", "ballots_sealedlot", "ballots_proxy")


class Migration(migrations.Migration):
    dependencies = [("ballots", "0022_proxies_are_recorded")]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good()",
            f"DROP TRIGGER {table}_is_never_emptied ON {table}",
        )
        for table in TABLES
    ]
