from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0004_entries_are_sealed"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("actor_id__isnull", False)), fields=["actor_id", "id"], name="entries_by_actor"
            ),
        ),
    ]
