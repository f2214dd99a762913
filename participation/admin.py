"""The administration (Django admin): for system administrators alone, and never a way around a ballot or the record."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _l

from ballots.models import Ballot, Vote
from journal.models import Entry
from people.verdicts import Refused


class AdministrationSite(admin.AdminSite):
    site_header = _l("Meydan yönetimi")
    site_title = _l("Meydan yönetimi")
    index_title = _l("Sistem yönetimi")

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """There is one way to log in, with its limits; who is already in and no administrator is refused."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Refused(str(_l("Bu bölüm yalnız sistem yöneticilerine açıktır.")), code="not_administrator")
        back = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")


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
