"""The settings of an installation with one address more: a view that does nothing, to compare pages with."""

from participation.settings import *  # noqa: F403

ROOT_URLCONF = "tests.load.bare_urls"
