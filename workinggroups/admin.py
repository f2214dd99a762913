"""Charters and their activities for system administrators; requests and departures are only looked at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from people.read_only_admin import ReadOnly
from workinggroups.models import Charter, Departure, JoinRequest, PartnerInstitution, PlannedActivity


class ActivityInline(admin.TabularInline):
    model = PlannedActivity
    extra = 0


class PartnerInline(admin.TabularInline):
    model = PartnerInstitution
    extra = 0


@admin.register(Charter)
class CharterAdmin(admin.ModelAdmin):
    list_display = ["body", "is_discussion_public"]
    list_filter = ["body__council"]
    list_select_related = ["body"]
    search_fields = ["body__name"]
    readonly_fields = ["body", "thread"]
    inlines = [ActivityInline, PartnerInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(JoinRequest)
class JoinRequestAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["person", "body", "state", "created_at", "decided_at"]
    list_filter = ["state"]
    list_select_related = ["person", "body"]


@admin.register(Departure)
class DepartureAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["membership", "ended_by", "at"]
    list_select_related = ["membership__person", "membership__body", "ended_by"]
