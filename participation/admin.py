"""Ballots, votes and the record in the administration: looked at, never changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from ballots.models import Ballot, Vote
from journal.models import Entry


class ReadOnlyAdmin(admin.ModelAdmin):
    """To be looked at: nothing can be added, changed or deleted here."""

    show_full_result_count = False
    list_per_page = 50
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Ballot)
class BallotAdmin(ReadOnlyAdmin):
    list_display = ["question", "opens_at", "closes_at", "electorate_size", "outcome"]
    list_filter = ["outcome"]
    ordering = ["-pk"]


@admin.register(Vote)
class VoteAdmin(ReadOnlyAdmin):
    """That a vote was cast, and when; what was chosen is for those who may read the roll call."""

    list_display = ["ballot_id", "person_id", "cast_at", "times"]
    fields = ["ballot_id", "person_id", "cast_at", "changed_at", "times"]
    readonly_fields = fields
    ordering = ["-pk"]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["pk", "at", "kind", "topic", "sequence", "audience"]
    ordering = ["-pk"]
