from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from people.models import Person

PASSWORD = "uzun yollar kisa gunler"


@pytest.fixture
def zeynep(db) -> Person:
    """Somebody who signed up, confirmed her address and remembers her password."""
    person = Person.objects.create_user("zeynep@ornek.invalid", PASSWORD, display_name="Zeynep Şahin")
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    return person


@pytest.fixture
def password() -> str:
    return PASSWORD
