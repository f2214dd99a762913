"""Accounts for system administrators: closing one, correcting a name. Never a password, never an identity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from journal.actions import record
from journal.models import Audience
from people.actions import end_sessions
from people.journal_kinds import PersonKind
from people.models import DataRead, Person
from people.read_only_admin import ReadOnly


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    fields = ["email", "display_name", "language", "is_active", "is_staff", "is_superuser", "joined_at", "last_login"]
    readonly_fields = ["email", "joined_at", "last_login"]
    list_display = ["display_name", "email", "is_active", "is_staff", "joined_at"]
    list_filter = ["is_active", "is_staff", "is_superuser", "language"]
    search_fields = ["email", "display_name"]
    ordering = ["-pk"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up by themselves."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account is closed, not deleted: what was said and decided keeps its author."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> list[str]:
        """Nobody closes or demotes their own account by accident."""
        own = obj is not None and obj.pk == request.user.pk
        return [*self.readonly_fields, *(["is_active", "is_staff", "is_superuser"] if own else [])]

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """New rights begin with a new log-in: every session from before ends."""
        super().save_model(request, obj, form, change)
        changed = {"is_active", "is_staff", "is_superuser"} & set(form.changed_data)
        if changed - {"is_active"}:
            end_sessions(person=obj)
        if changed:
            facts = {name: getattr(obj, name) for name in sorted(changed)}
            _record(PersonKind.RIGHTS_CHANGED, request, obj, facts)


@admin.register(Authenticator)
class SecondStepAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """For somebody who lost their telephone and their recovery codes: taken away, never given, and recorded."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    list_per_page = 50
    search_fields = ["=user__email"]
    ordering = ["-pk"]
    fields = ["user", "type", "created_at", "last_used_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        super().delete_model(request, obj)
        end_sessions(person=obj.user)
        _record(PersonKind.SECOND_STEP_REMOVED, request, obj.user, {"type": obj.type})


@admin.register(DataRead)
class DataReadAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Who read whose data for their office: for whoever answers for the personal data of the installation."""

    list_display = ["at", "reader", "what", "key", "person"]
    list_filter = ["what"]
    list_select_related = ["reader", "person"]
    list_per_page = 50
    search_fields = ["=reader__email", "=person__email", "=key"]
    ordering = ["-at", "-pk"]
    fields = ["at", "reader", "what", "key", "person"]


def _record(kind: PersonKind, request: HttpRequest, person: Person, facts: Mapping[str, object]) -> None:
    topic = f"person:{person.pk}"
    record(
        kind, actor=request.user, subject=person, topic=topic, at=timezone.now(), audience=Audience.STAFF, facts=facts
    )
