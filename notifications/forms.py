from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from notifications.frequencies import choices_of
from notifications.models import RequestRole, Role


class MailChoicesForm(forms.Form):
    """When somebody wants mails, a question for each role."""

    def __init__(self, *args: Any, chosen: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in (*Role, *RequestRole):
            self.fields[role.value] = forms.ChoiceField(
                label=role.label, choices=choices_of(role.value), initial=chosen[role], widget=forms.RadioSelect
            )
