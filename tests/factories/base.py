"""What every factory is."""

from __future__ import annotations

import factory


class Factory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True
