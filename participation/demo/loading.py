"""Loading the demo: two councils with three years behind them, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from councils.actions import seed_holidays
from councils.loading import DATA, load_council
from councils.models import Council
from participation.demo.asking import ask
from participation.demo.meeting import keep_calendars
from participation.demo.reading import COUNCILS, Content
from participation.demo.serving import serve
from participation.demo.settling import FIRST_DAY, Setting
from participation.demo.telling import tell
from people.models import Person
from proposals.models import Proposal

LOW_THRESHOLDS = {"kocaeli": 20, "adana": 10}
"""So few supports are needed in the demo that its people are enough to reach them."""


class NotHere(Exception):
    """The demo does not belong into this installation; the message is one sentence for the person at the terminal."""


def require_empty_demo() -> None:
    """Refuse outside demo mode and in a database that holds anybody or anything."""
    if not settings.DEMO:
        raise NotHere(_("Örnek veriler yalnız demo kipinde yüklenir (DEMO=1)."))
    if Person.objects.exists() or Council.objects.exists() or Proposal.objects.exists():
        raise NotHere(_("Veritabanı boş değil, örnek veriler yüklenmedi."))


@transaction.atomic
def load_demo(*, now: datetime) -> Setting:
    """Load everything seen from `now`; raises `NotHere` outside demo mode and in a database that is not empty."""
    require_empty_demo()
    with translation.override("tr"):
        councils = {
            slug: load_council(
                DATA / f"{slug}.yaml",
                at=now - timedelta(days=FIRST_DAY + 10),
                procedure={"support_threshold": LOW_THRESHOLDS[slug]},
            ).council
            for slug in COUNCILS
        }
        for council in councils.values():  # the years since then
            seed_holidays(council=council, at=now, tells=False)
        setting = Setting(Content(), councils, now=now)
        setting.settle()
        keep_calendars(setting)
        tell(setting)
        ask(setting)
        serve(setting)
    return setting
