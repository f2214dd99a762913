"""The record of a vote says who cast it by proxy; the roll of a ballot is sealed as it was taken."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WITH_PROXIES = """
CREATE OR REPLACE FUNCTION ballots_vote_is_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO ballots_voterecord (ballot_id, person_id, paper, times, at, key, cast_by_id, receipt)
    SELECT ballot_id, person_id, paper, times, changed_at, key, cast_by_id, ballots_new_receipt() FROM fresh ORDER BY id;
  ELSE
    INSERT INTO ballots_voterecord (ballot_id, person_id, paper, times, at, key, cast_by_id, receipt)
    SELECT fresh.ballot_id, fresh.person_id, fresh.paper, fresh.times, fresh.changed_at, fresh.key, fresh.cast_by_id,
           ballots_new_receipt()
      FROM fresh JOIN stale ON stale.id = fresh.id WHERE fresh IS DISTINCT FROM stale ORDER BY fresh.id;
  END IF;
  RETURN NULL;
END $$;
"""
WITHOUT_PROXIES = """
CREATE OR REPLACE FUNCTION ballots_vote_is_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ballots", "0008_rolls_and_proxies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="voterecord",
            name="cast_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(WITH_PROXIES, WITHOUT_PROXIES),
    ]
