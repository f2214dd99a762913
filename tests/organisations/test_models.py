"""What the database refuses about an organisation."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from organisations.models import Organisation


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", " https://x.example"])
def test_the_web_address_is_one_a_browser_opens_safely(korfez, address):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=korfez.pk).update(website=address)
    Organisation.objects.filter(pk=korfez.pk).update(website="https://ornek.invalid")
