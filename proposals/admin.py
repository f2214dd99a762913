"""Proposals in the administration: to be looked at. What happens to one happens through the site's own actions."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from people.read_only_admin import ReadOnly
from proposals.models import Attachment, Proposal, StageChange
from proposals.stages import Stage


class MoveInline(ReadOnly, admin.TabularInline):
    model = StageChange
    fields = ["at", "old", "new", "actor", "reason"]
    extra = 0


@admin.register(Proposal)
class ProposalAdmin(ReadOnly, admin.ModelAdmin):
    """Submitted proposals; a draft is its author's alone, here too."""

    list_display = ["number", "title", "council", "stage", "support_count", "submitted_at"]
    list_filter = ["council", "stage"]
    list_select_related = ["council"]
    list_per_page = 50
    search_fields = ["=number", "title"]
    ordering = ["-submitted_at", "-pk"]
    exclude = ["search", "key"]
    inlines = [MoveInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        return super().get_queryset(request).exclude(stage=Stage.DRAFT)


@admin.register(Attachment)
class AttachmentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "kind", "size", "proposal", "added_at"]
    list_select_related = ["proposal"]
    list_per_page = 50
    ordering = ["-pk"]
    exclude = ["file"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attachment]:
        return super().get_queryset(request).exclude(proposal__stage=Stage.DRAFT)
