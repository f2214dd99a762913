from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0086_holidays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="residence",
            index=models.Index(
                condition=models.Q(("verified_at__isnull", True)),
                fields=["council", "declared_at", "id"],
                name="residences_still_to_verify",
            ),
        ),
    ]
