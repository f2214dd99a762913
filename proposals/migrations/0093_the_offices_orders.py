from datetime import UTC, datetime

from django.db import migrations, models
from django.db.models.functions import Coalesce

NEVER = models.Value(datetime(9999, 1, 1, tzinfo=UTC))


class Migration(migrations.Migration):
    dependencies = [("proposals", "0092_money_and_plan")]

    operations = [
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                models.F("council"),
                models.Case(models.When(holder="", then=NEVER), default=Coalesce("due_at", NEVER)),
                models.OrderBy(models.F("id"), descending=True),
                condition=~models.Q(stage="draft"),
                name="proposals_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                fields=["council", "stage_since", "-id"],
                condition=~models.Q(stage="draft"),
                name="proposals_longest_waiting",
            ),
        ),
    ]
