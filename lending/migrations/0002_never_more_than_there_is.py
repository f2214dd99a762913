"""No more pieces are promised for a day, or given out at once, than there are; the history of an item is only added to."""

from django.db import migrations

STOCK = """
CREATE FUNCTION lending_never_more_than_there_is() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the_item bigint;
  there_are integer;
  promised integer;
  given_out integer;
BEGIN
  IF TG_TABLE_NAME = 'lending_item' THEN the_item := NEW.id; ELSE the_item := NEW.item_id; END IF;
  -- Whoever lends the same item waits here until the other has committed, and then counts what the other has taken.
  SELECT stock INTO there_are FROM lending_item WHERE id = the_item FOR NO KEY UPDATE;
  -- The most are promised on a day on which a loan begins.
  SELECT max(held) INTO promised FROM (
    SELECT sum(other.quantity - other.returned) AS held
      FROM lending_loan one
      JOIN lending_loan other ON other.item_id = one.item_id AND other.state IN ('reserved', 'out')
                             AND one.starts_on BETWEEN other.starts_on AND other.ends_on
     WHERE one.item_id = the_item AND one.state IN ('reserved', 'out')
     GROUP BY one.id
  ) AS days;
  SELECT sum(quantity - returned) INTO given_out FROM lending_loan WHERE item_id = the_item AND state = 'out';
  IF greatest(coalesce(promised, 0), coalesce(given_out, 0)) > there_are THEN
    RAISE EXCEPTION 'more pieces of item % are lent than the % there are', the_item, there_are
      USING ERRCODE = 'check_violation', CONSTRAINT = 'stock_is_never_below_zero', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER lending_loan_never_more_than_there_is
  AFTER INSERT OR UPDATE OF item_id, quantity, returned, starts_on, ends_on, state ON lending_loan
  FOR EACH ROW EXECUTE FUNCTION lending_never_more_than_there_is();
CREATE TRIGGER lending_item_never_more_than_there_is
  AFTER UPDATE OF stock ON lending_item
  FOR EACH ROW WHEN (NEW.stock < OLD.stock) EXECUTE FUNCTION lending_never_more_than_there_is();
CREATE TRIGGER lending_happening_is_append_only BEFORE UPDATE OR DELETE ON lending_happening
  FOR EACH ROW EXECUTE FUNCTION journal_is_sealed_for_good();
CREATE TRIGGER lending_happening_is_never_emptied BEFORE TRUNCATE ON lending_happening
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
"""
UNGUARD = """
DROP TRIGGER lending_happening_is_never_emptied ON lending_happening;
DROP TRIGGER lending_happening_is_append_only ON lending_happening;
DROP TRIGGER lending_item_never_more_than_there_is ON lending_item;
DROP TRIGGER lending_loan_never_more_than_there_is ON lending_loan;
DROP FUNCTION lending_never_more_than_there_is();
"""


class Migration(migrations.Migration):
    dependencies = [("lending", "0001_equipment_that_is_lent"), ("journal", "0004_entries_are_sealed")]

    operations = [migrations.RunSQL(STOCK, UNGUARD)]
