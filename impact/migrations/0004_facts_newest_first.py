from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0087_residences_still_to_verify"),
        ("impact", "0003_annual_reports"),
        ("organisations", "0003_website_is_a_web_address"),
        ("proposals", "0091_tallies_stay"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="proposalfact",
            index=models.Index(fields=["council", "-submitted_at", "-proposal"], name="facts_newest_first"),
        ),
    ]
