"""Organisations for system administrators: listing, verifying, mandates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l

from journal.actions import record
from organisations.journal_kinds import OrganisationKind
from organisations.models import Organisation, Representative


class OrganisationAdminForm(forms.ModelForm):
    verified = forms.BooleanField(label=_l("doğrulandı"), required=False)
    website = forms.URLField(label=_l("ağ adresi"), required=False, assume_scheme="https")

    class Meta:
        model = Organisation
        fields = ["name", "slug", "form", "about", "website", "email", "founded", "is_sample"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verified"].initial = self.instance.is_verified


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    form = OrganisationAdminForm
    list_display = ["name", "form", "founded", "verified_at", "is_sample"]
    list_filter = ["form", "is_sample"]
    search_fields = ["name"]
    readonly_fields = ["verified_at", "verified_by"]
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        """Save with who verified it; being listed and being verified are recorded."""
        at = timezone.now()
        verified = form.cleaned_data["verified"]
        newly = verified and not obj.is_verified
        if newly:
            obj.verified_at, obj.verified_by = at, request.user
        elif not verified:
            obj.verified_at = obj.verified_by = None
        super().save_model(request, obj, form, change)
        kinds = [] if change else [OrganisationKind.LISTED]
        for kind in [*kinds, *([OrganisationKind.VERIFIED] if newly else [])]:
            record(
                kind, actor=request.user, subject=obj, topic=f"organisation:{obj.pk}", at=at, facts={"name": obj.name}
            )


@admin.register(Representative)
class RepresentativeAdmin(admin.ModelAdmin):
    """A mandate is ended by its last day, not deleted."""

    list_display = ["person", "organisation", "title", "starts_on", "ends_on"]
    list_select_related = ["person", "organisation"]
    search_fields = ["person__display_name", "organisation__name"]
    autocomplete_fields = ["person", "organisation"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
