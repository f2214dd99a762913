"""SQL functions for Turkish text, and their use in search vectors."""

from django.db import migrations

from turkish.text import ALPHABET, SORT_CHARACTERS

LOWER = """
CREATE FUNCTION turkish_lower(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
SET search_path FROM CURRENT AS $$
  SELECT lower(translate(value, 'IİÇĞÖŞÜÂÎÛÊÔ', 'ıiçğöşüâîûêô'))
$$;
"""
FOLD = """
CREATE FUNCTION turkish_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
SET search_path FROM CURRENT AS $$
  SELECT translate(turkish_lower(value), 'ıçğöşüâîûêôàáéèäß', 'icgosuaiueoaaeeas')
$$;
"""
SORT_KEY = f"""
CREATE FUNCTION turkish_sort_key(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
SET search_path FROM CURRENT AS $$
  SELECT translate(turkish_lower(value), '{ALPHABET}', '{SORT_CHARACTERS}')
$$;
"""
WORDS = """
CREATE FUNCTION turkish_search_words(value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
SET search_path FROM CURRENT AS $$
  SELECT coalesce(string_agg(DISTINCT left(word, 60) || ':1', ' ')::tsvector, ''::tsvector) FROM (
    SELECT word FROM regexp_split_to_table(turkish_fold(value), '[^a-z0-9]+') AS word
    UNION SELECT left(word, 5) FROM regexp_split_to_table(turkish_fold(value), '[^a-z0-9]+') AS word
    UNION SELECT turkish_fold(lexeme) FROM unnest(to_tsvector('turkish'::regconfig, turkish_lower(value)))
  ) AS found WHERE word ~ '^[a-z0-9]+$'
$$;
"""
VECTOR = """
CREATE FUNCTION turkish_search_vector(title text, summary text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
  SELECT setweight(turkish_search_words(coalesce(title, '')), 'A')
      || setweight(turkish_search_words(coalesce(summary, '')), 'B')
      || setweight(turkish_search_words(left(coalesce(body, ''), 20000)), 'C')
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list = []
    operations = [
        migrations.RunSQL(LOWER, "DROP FUNCTION turkish_lower(text)"),
        migrations.RunSQL(FOLD, "DROP FUNCTION turkish_fold(text)"),
        migrations.RunSQL(SORT_KEY, "DROP FUNCTION turkish_sort_key(text)"),
        migrations.RunSQL(WORDS, "DROP FUNCTION turkish_search_words(text)"),
        migrations.RunSQL(VECTOR, "DROP FUNCTION turkish_search_vector(text, text, text)"),
    ]
