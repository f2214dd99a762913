"""Opening a council's ballot through the API: the same rule as on the page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ballots.models import Ballot

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "options", "tie_rule", "majority"),
    [("yes_no", [], "open", "simple"), ("stv", ["Park", "Kütüphane", "Salon"], "earlier_lot", "")],
)
def test_what_is_not_said_of_ties_and_majority_follows_the_method(
    client, kocaeli, hakan, ayse, method, options, tie_rule, majority
):
    client.force_login(hakan)
    answer = client.post(
        f"/api/v1/councils/{kocaeli.slug}/ballots/",
        {
            "electorate": "residents",
            "question": "Hangisi önce yapılsın?",
            "method": method,
            "options": options,
            "closes_at": (timezone.now() + timedelta(days=2)).isoformat(),
        },
        content_type="application/json",
    )
    assert answer.status_code == 201, answer.content
    ballot = Ballot.objects.get(pk=answer.json()["id"])
    assert (ballot.tie_rule, ballot.majority) == (tie_rule, majority)
