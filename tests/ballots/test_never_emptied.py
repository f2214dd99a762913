"""TRUNCATE fires no trigger of a row, so every table whose rows are kept by triggers has a guard against it too."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

KEPT = [
    "articles_articlemove",
    "articles_articleversion",
    "articles_release",
    "ballots_ballot",
    "ballots_ballotoption",
    "ballots_chairdecision",
    "ballots_earlyclosing",
    "ballots_elector",
    "ballots_proxy",
    "ballots_sealedlot",
    "ballots_vote",
    "ballots_voterecord",
    "councils_councilballot",
    "councils_procedurestep",
    "councils_procedureversion",
    "councils_proxyrule",
    "journal_entry",
    "journal_head",
    "journal_leaf",
    "journal_node",
    "lending_happening",
    "partnerships_note",
    "partnerships_protocol",
    "partnerships_statechange",
    "people_dataread",
    "proposals_amendment",
    "proposals_amendmentdecision",
    "proposals_assemblytally",
    "proposals_decision",
    "proposals_decisiondocument",
    "proposals_decisionoutcome",
    "proposals_escalation",
    "proposals_milestonechange",
    "proposals_missedmeeting",
    "proposals_progressnote",
    "proposals_proposalversion",
    "proposals_reviewanswer",
    "proposals_stagechange",
    "servicerequests_articlesource",
    "servicerequests_clocknotice",
    "servicerequests_matterchange",
    "servicerequests_message",
    "servicerequests_publication",
    "servicerequests_requesttypeversion",
    "servicerequests_statuschange",
    "solidarity_message",
]
"""What is only added to, written once, or frozen from a moment on."""

# Bits of pg_trigger.tgtype: 1 for each row, 2 before, 8 delete, 16 update.
GUARDED = """
    SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger
     WHERE NOT tgisinternal AND tgtype::int & 3 = 3 AND tgtype::int & 24 = 24 ORDER BY 1
"""


def test_the_list_holds_every_table_whose_rows_are_guarded(db):
    with connection.cursor() as cursor:
        cursor.execute(GUARDED)
        assert [table for (table,) in cursor.fetchall()] == KEPT


@pytest.mark.parametrize("table", KEPT)
def test_the_database_refuses_to_empty(db, table):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_is_never_emptied")  # asleep in tests alone
        refused = pytest.raises(IntegrityError, match=f"{table} is only added to|written by the votes alone")
        with refused, transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
