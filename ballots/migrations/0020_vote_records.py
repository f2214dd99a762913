"""Every cast and every change of a vote leaves a record with a receipt; records and early closings are sealed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The code of a receipt is 15 letters of Crockford's base 32, each from five bits of the database's own strong random
# source. Byte 6 of a random UUID is left out: it tells the UUID's version.
GUARD = """
CREATE FUNCTION ballots_new_receipt() RETURNS varchar LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  bits bytea := uuid_send(gen_random_uuid());
  letters CONSTANT text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
BEGIN
  RETURN substr(letters, (get_byte(bits, 0) & 31) + 1, 1)
    || substr(letters, (get_byte(bits, 1) & 31) + 1, 1)
    || substr(letters, (get_byte(bits, 2) & 31) + 1, 1)
    || substr(letters, (get_byte(bits, 3) & 31) + 1, 1)
    || substr(letters, (get_byte(bits, 4) & 31) + 1, 1)
    || substr(letters, (get_byte(bits, 5) & 31) + 1, 1)
    || substr(letters, (get_byte(bits, 7) & 31) + 1, 1)
    || substr(letters, (get_byte(bits, 8) & 31) + 1, 1)
    || substr(letters, (get_byte(bits, 9) & 31) + 1, 1)
    || substr(letters, (get_byte(bits, 10) & 31) + 1, 1)
    || substr(letters, (get_byte(bits, 11) & 31) + 1, 1)
    || substr(letters, (get_byte(bits, 12) & 31) + 1, 1)
    || substr(letters, (get_byte(bits, 13) & 31) + 1, 1)
    || substr(letters, (get_byte(bits, 14) & 31) + 1, 1)
    || substr(letters, (get_byte(bits, 15) & 31) + 1, 1);
END $$;

CREATE FUNCTION ballots_vote_is_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO ballots_voterecord (ballot_id, person_id, paper, times, at, key, receipt)
    SELECT ballot_id, person_id, paper, times, changed_at, key, ballots_new_receipt() FROM fresh ORDER BY id;
  ELSE
    INSERT INTO ballots_voterecord (ballot_id, person_id, paper, times, at, key, receipt)
    SELECT fresh.ballot_id, fresh.person_id, fresh.paper, fresh.times, fresh.changed_at, fresh.key, ballots_new_receipt()
      FROM fresh JOIN stale ON stale.id = fresh.id WHERE fresh IS DISTINCT FROM stale ORDER BY fresh.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ballots_vote_is_recorded_when_cast AFTER INSERT ON ballots_vote
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ballots_vote_is_recorded();
CREATE TRIGGER ballots_vote_is_recorded_when_changed AFTER UPDATE ON ballots_vote
  REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ballots_vote_is_recorded();

CREATE FUNCTION ballots_voterecord_is_queued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO journal_queued (source, row_id) SELECT 'ballots.vote_record', id FROM fresh ORDER BY id;
  RETURN NULL;
END $$;
CREATE TRIGGER ballots_voterecord_is_queued AFTER INSERT ON ballots_voterecord
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ballots_voterecord_is_queued();

INSERT INTO ballots_voterecord (ballot_id, person_id, paper, times, at, key, receipt)
SELECT ballot_id, person_id, paper, times, changed_at, key, ballots_new_receipt() FROM ballots_vote ORDER BY changed_at, id;

CREATE FUNCTION ballots_voterecord_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the records of votes are written by the votes alone and never change'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_record_is_append_only';
END $$;
CREATE TRIGGER ballots_voterecord_is_append_only BEFORE UPDATE OR DELETE ON ballots_voterecord
  FOR EACH ROW EXECUTE FUNCTION ballots_voterecord_is_append_only();
CREATE TRIGGER ballots_voterecord_is_by_a_vote BEFORE INSERT ON ballots_voterecord
  FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ballots_voterecord_is_append_only();
CREATE TRIGGER ballots_voterecord_is_never_emptied BEFORE TRUNCATE ON ballots_voterecord
  FOR EACH STATEMENT EXECUTE FUNCTION ballots_voterecord_is_append_only();

CREATE FUNCTION ballots_earlyclosing_is_queued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO journal_queued (source, row_id) SELECT 'ballots.early_closing', ballot_id FROM fresh ORDER BY ballot_id;
  RETURN NULL;
END $$;
CREATE TRIGGER ballots_earlyclosing_is_queued AFTER INSERT ON ballots_earlyclosing
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ballots_earlyclosing_is_queued();
INSERT INTO journal_queued (source, row_id)
SELECT 'ballots.early_closing', ballot_id FROM ballots_earlyclosing ORDER BY ballot_id;
"""
UNGUARD = """
DROP TRIGGER ballots_earlyclosing_is_queued ON ballots_earlyclosing;
DROP FUNCTION ballots_earlyclosing_is_queued();
DROP TRIGGER ballots_voterecord_is_never_emptied ON ballots_voterecord;
DROP TRIGGER ballots_voterecord_is_by_a_vote ON ballots_voterecord;
DROP TRIGGER ballots_voterecord_is_append_only ON ballots_voterecord;
DROP FUNCTION ballots_voterecord_is_append_only();
DROP TRIGGER ballots_voterecord_is_queued ON ballots_voterecord;
DROP FUNCTION ballots_voterecord_is_queued();
DROP TRIGGER ballots_vote_is_recorded_when_changed ON ballots_vote;
DROP TRIGGER ballots_vote_is_recorded_when_cast ON ballots_vote;
DROP FUNCTION ballots_vote_is_recorded();
DROP FUNCTION ballots_new_receipt();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ballots", "0007_methods"),
        ("journal", "0004_entries_are_sealed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="vote",
            name="key",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="VoteRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paper", models.CharField(max_length=2000)),
                ("times", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("key", models.UUIDField(null=True)),
                ("receipt", models.CharField(max_length=15)),
                (
                    "ballot",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vote_records",
                        to="ballots.ballot",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vote_records",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "oy makbuzu",
                "verbose_name_plural": "oy makbuzları",
                "indexes": [models.Index(fields=["ballot", "person", "times"], name="records_of_a_vote")],
                "constraints": [
                    models.UniqueConstraint(fields=("receipt",), name="one_record_per_receipt"),
                    models.UniqueConstraint(
                        condition=models.Q(("key__isnull", False)),
                        fields=("person", "key"),
                        name="one_record_per_person_and_key",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
