"""Accounts for system administrators: closing one, correcting a name. Never a password, never an identity."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from people.actions import end_sessions
from people.models import Person


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
        if {"is_staff", "is_superuser"} & set(form.changed_data):
            end_sessions(person=obj)
