"""The administration (Django admin) is for system administrators alone.

A module of its own: Django imports it while the site is made, before anything is registered with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from people.proving import require_proof
from people.verdicts import Refused

FOREIGN = ("allauth.", "django.")


class AdministrationSite(admin.AdminSite):
    site_header = _l("Meydan yönetimi")
    site_title = _l("Meydan yönetimi")
    index_title = _l("Sistem yönetimi")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what we wrote ourselves: what packages bring would give anybody's account another address, or take its
        second step away, without a word in the record.
        """
        if admin_class is not None and not admin_class.__module__.startswith(FOREIGN):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def admin_view(
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        """Whoever changes something here has proved a moment ago who they are: offices are given and taken here."""

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in {"GET", "HEAD", "OPTIONS"} and self.has_permission(request):
                require_proof(request)
            return view(request, *args, **kwargs)

        return super().admin_view(guarded, cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """There is one way to log in, with its limits; who is already in and no administrator is refused."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Refused(_("Bu bölüm yalnız sistem yöneticilerine açıktır."), code="not_administrator")
        back = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
