from django.db import migrations, models

from turkish.functions import Fold


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("turkish", "0001_text_functions")]
    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(Fold("display_name"), name="people_by_folded_name"),
        ),
    ]
