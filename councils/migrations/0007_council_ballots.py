import django.db.models.deletion
from django.db import migrations, models


# Whom a ballot asks is written with it and stays.
GUARD = """
CREATE FUNCTION councils_councilballot_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'whom a ballot asks is written once'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'electorate_is_written_once';
END $$;
CREATE TRIGGER councils_councilballot_is_written_once BEFORE UPDATE OR DELETE ON councils_councilballot
  FOR EACH ROW EXECUTE FUNCTION councils_councilballot_is_written_once();
"""
UNGUARD = """
DROP TRIGGER councils_councilballot_is_written_once ON councils_councilballot;
DROP FUNCTION councils_councilballot_is_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ballots", "0020_vote_records"),
        ("councils", "0006_receipts_and_seals"),
    ]

    operations = [
        migrations.CreateModel(
            name="CouncilBallot",
            fields=[
                (
                    "ballot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="ballots.ballot",
                    ),
                ),
                (
                    "electorate",
                    models.CharField(
                        choices=[
                            ("residents", "Konseyin doğrulanmış hemşehrileri"),
                            ("district", "Bir ilçenin doğrulanmış hemşehrileri"),
                            ("body", "Bir organın oy hakkı olan üyeleri"),
                            ("organisations", "Bir organdaki her kuruluştan bir temsilci"),
                        ],
                        max_length=13,
                        verbose_name="kimler oy verir",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ballots",
                        to="councils.body",
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ballots", to="councils.council"
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.district",
                    ),
                ),
            ],
            options={
                "verbose_name": "konsey oylaması",
                "verbose_name_plural": "konsey oylamaları",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body__isnull", True), ("district__isnull", True), ("electorate", "residents")),
                            models.Q(("body__isnull", True), ("district__isnull", False), ("electorate", "district")),
                            models.Q(
                                ("body__isnull", False),
                                ("district__isnull", True),
                                ("electorate__in", ["body", "organisations"]),
                            ),
                            _connector="OR",
                        ),
                        name="electorate_names_its_place",
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
