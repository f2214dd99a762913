"""Councils for system administrators. Seats given here are recorded like any other; a seat is ended, not deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from councils.journal_kinds import CouncilKind
from councils.models import Body, Council, CouncilOrganisation, Membership, Officer, Procedure, ProcedureStep, Theme
from journal.actions import record
from journal.models import Audience


class KeptAdmin(admin.ModelAdmin):
    """Rows that proposals and people hang on: changed, never deleted."""

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Council)
class CouncilAdmin(KeptAdmin):
    list_display = ["name", "code", "slug", "province"]
    readonly_fields = ["slug", "code", "digest"]
    exclude = ["outline"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Councils come from their file: `manage.py load_council`."""
        return False


class ReadOnly:
    """Rows that are added by actions and never change."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ProcedureStepInline(ReadOnly, admin.TabularInline):
    model = ProcedureStep


@admin.register(Procedure)
class ProcedureAdmin(ReadOnly, KeptAdmin):
    list_display = ["council", "route", "number", "at", "reason"]
    list_filter = ["council", "route"]
    inlines = [ProcedureStepInline]


@admin.register(Theme)
class ThemeAdmin(KeptAdmin):
    list_display = ["name", "name_en", "council", "is_active"]
    list_filter = ["council", "is_active"]
    search_fields = ["name", "name_en"]


@admin.register(Body)
class BodyAdmin(KeptAdmin):
    list_display = ["name", "kind", "council", "is_active", "is_sample"]
    list_filter = ["council", "kind", "is_active"]
    search_fields = ["name"]


@admin.register(Membership)
class MembershipAdmin(KeptAdmin):
    list_display = ["person", "body", "role", "has_vote", "starts_on", "ends_on"]
    list_filter = ["body__council", "role", "has_vote"]
    list_select_related = ["person", "body"]
    search_fields = ["person__display_name", "body__name"]
    autocomplete_fields = ["person", "body"]
    ordering = ["-pk"]

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        """A seat does not change hands."""
        return ["body", "person"] if obj is not None else []

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Save, and record when somebody gained or lost a seat; open pages learn of it through the journal."""
        day = timezone.localdate()
        before = change and Membership.objects.on(day).filter(pk=obj.pk).exists()
        super().save_model(request, obj, form, change)
        after = Membership.objects.on(day).filter(pk=obj.pk).exists()
        if before == after:
            return
        record(
            CouncilKind.MEMBER_ADDED if after else CouncilKind.MEMBER_REMOVED,
            actor=request.user,
            subject=obj,
            topic=obj.body.topic,
            at=timezone.now(),
            council=obj.body.council,
            body=obj.body,
            facts={"body": obj.body.name},
        )


@admin.register(Officer)
class OfficerAdmin(KeptAdmin):
    list_display = ["person", "council", "role", "is_active"]
    list_filter = ["council", "role", "is_active"]
    list_select_related = ["person", "council"]
    autocomplete_fields = ["person"]

    def get_readonly_fields(self, request: HttpRequest, obj: Officer | None = None) -> list[str]:
        """A post does not change hands."""
        return ["council", "person"] if obj is not None else []

    def save_model(self, request: HttpRequest, obj: Officer, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record(
            CouncilKind.OFFICER_CHANGED,
            actor=request.user,
            subject=obj,
            topic=f"person:{obj.person_id}",
            at=timezone.now(),
            council=obj.council,
            audience=Audience.STAFF,
            facts={"role": obj.role, "is_active": obj.is_active},
        )


@admin.register(CouncilOrganisation)
class CouncilOrganisationAdmin(admin.ModelAdmin):
    list_display = ["organisation", "council", "district"]
    list_filter = ["council"]
    list_select_related = ["organisation", "council", "district"]
    autocomplete_fields = ["organisation"]
