"""Rules for passwords that say in our words what is wrong. Named in settings.AUTH_PASSWORD_VALIDATORS."""

from __future__ import annotations

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Refuses passwords that stand in lists of stolen ones."""

    def get_error_message(self) -> str:
        return _("Bu parola çok yaygın, kolay tahmin edilir. Başka bir parola seçin.")
