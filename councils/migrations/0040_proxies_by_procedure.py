"""Whether proxies may be given is the council's procedure: rules with who, when and why, added and never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


GUARD = """
CREATE FUNCTION councils_proxyrule_is_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rules about proxies are added and never change'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'proxy_rules_are_added_to';
END $$;
CREATE TRIGGER councils_proxyrule_is_append_only BEFORE UPDATE OR DELETE ON councils_proxyrule
  FOR EACH ROW EXECUTE FUNCTION councils_proxyrule_is_added_to();
CREATE TRIGGER councils_proxyrule_is_never_emptied BEFORE TRUNCATE ON councils_proxyrule
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed_for_good();
"""
UNGUARD = """
DROP TRIGGER councils_proxyrule_is_never_emptied ON councils_proxyrule;
DROP TRIGGER councils_proxyrule_is_append_only ON councils_proxyrule;
DROP FUNCTION councils_proxyrule_is_added_to();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0030_electorates_are_never_emptied"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProxyRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("residents", "Hemşehrilere sorulan oylamalar"),
                            ("bodies", "Organların oylamaları"),
                            ("body", "Tek bir organın oylamaları"),
                        ],
                        max_length=9,
                        verbose_name="hangi oylamalar",
                    ),
                ),
                ("limit", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="vekâlet sınırı")),
                ("reason", models.CharField(max_length=300, verbose_name="dayanak")),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proxy_rules",
                        to="councils.body",
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proxy_rules", to="councils.council"
                    ),
                ),
            ],
            options={
                "verbose_name": "vekâlet kuralı",
                "verbose_name_plural": "vekâlet kuralları",
                "indexes": [models.Index(fields=["council", "-id"], name="proxy_rules_newest_first")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body__isnull", False), ("scope", "body")),
                            models.Q(
                                ("body__isnull", True), ("limit__isnull", False), ("scope__in", ["residents", "bodies"])
                            ),
                            _connector="OR",
                        ),
                        name="proxy_rule_names_its_ballots",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("limit__isnull", True), ("limit__lte", 5), _connector="OR"),
                        name="proxy_rule_allows_few",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="proxy_rule_says_why"
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
