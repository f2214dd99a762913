"""Open data: what everybody may read, as files of each day that others can count with. No personal data in them."""
