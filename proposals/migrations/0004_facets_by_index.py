"""An index for the facets of the list: 0.2 seconds for 100,000 proposals.

Not built concurrently: that waits for every other statement, also for a server that waits for its turn to migrate.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0003_stage_in_discussion"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                fields=["council", "stage", "theme", "district", "addressed_to", "on_behalf_of"],
                condition=models.Q(("stage", "draft"), _negated=True),
                name="proposals_facets",
            ),
        ),
    ]
