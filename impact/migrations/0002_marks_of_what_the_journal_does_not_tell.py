"""Supports, residences and age bands enter no journal: the rows themselves mark whose participation changed.

At the end everything there is already is marked once.
"""

from django.db import migrations

MARKS = """
CREATE FUNCTION impact_supporters_are_marked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO impact_mark (subject, key) SELECT DISTINCT 'person', person_id FROM touched;
  RETURN NULL;
END $$;
CREATE TRIGGER impact_supporters_are_marked_when_given AFTER INSERT ON proposals_support
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION impact_supporters_are_marked();
CREATE TRIGGER impact_supporters_are_marked_when_withdrawn AFTER DELETE ON proposals_support
  REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION impact_supporters_are_marked();
CREATE TRIGGER impact_residents_are_marked_when_new AFTER INSERT ON councils_residence
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION impact_supporters_are_marked();
CREATE TRIGGER impact_residents_are_marked_when_moved AFTER UPDATE ON councils_residence
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION impact_supporters_are_marked();
CREATE TRIGGER impact_residents_are_marked_when_gone AFTER DELETE ON councils_residence
  REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION impact_supporters_are_marked();

CREATE FUNCTION impact_person_is_marked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO impact_mark (subject, key) VALUES ('person', NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER impact_person_is_marked AFTER UPDATE OF age_band ON people_person
  FOR EACH ROW WHEN (OLD.age_band IS DISTINCT FROM NEW.age_band) EXECUTE FUNCTION impact_person_is_marked();

INSERT INTO impact_mark (subject, key) SELECT 'proposal', id FROM proposals_proposal WHERE stage <> 'draft' ORDER BY id;
INSERT INTO impact_mark (subject, key)
  SELECT 'person', person_id FROM proposals_support
  UNION SELECT 'person', author_id FROM discussions_comment
  UNION SELECT 'person', person_id FROM ballots_vote;
"""
NO_MARKS = """
DROP TRIGGER impact_person_is_marked ON people_person;
DROP FUNCTION impact_person_is_marked();
DROP TRIGGER impact_residents_are_marked_when_gone ON councils_residence;
DROP TRIGGER impact_residents_are_marked_when_moved ON councils_residence;
DROP TRIGGER impact_residents_are_marked_when_new ON councils_residence;
DROP TRIGGER impact_supporters_are_marked_when_withdrawn ON proposals_support;
DROP TRIGGER impact_supporters_are_marked_when_given ON proposals_support;
DROP FUNCTION impact_supporters_are_marked();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("impact", "0001_summary_rows"),
        ("ballots", "0040_the_chair_decides"),
        ("councils", "0085_population"),
        ("discussions", "0003_reports_know_their_place"),
        ("people", "0086_age_bands"),
        ("proposals", "0050_path_to_policy"),
    ]

    operations = [migrations.RunSQL(MARKS, NO_MARKS)]
