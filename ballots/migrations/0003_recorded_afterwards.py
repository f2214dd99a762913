from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ballots", "0002_initial")]
    operations = [
        migrations.AddField(
            model_name="ballot",
            name="is_recorded_afterwards",
            field=models.BooleanField(default=False),
        ),
    ]
