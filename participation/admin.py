"""Ballots, votes and the record in the administration: looked at, never changed."""

from __future__ import annotations

from django.contrib import admin

from ballots.models import Ballot, Vote
from journal.models import Entry
from people.read_only_admin import ReadOnly


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    list_per_page = 50


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
