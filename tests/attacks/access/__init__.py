"""Case 46: who gets what at every address, as rows."""

from tests.attacks.access import api, pages

ROWS = [*pages.ROWS, *api.ROWS]
