from django.db import migrations, models


class Migration(migrations.Migration):
    """A vote is a paper in its canonical writing: the column of choices gets the name and the length for it."""

    dependencies = [("ballots", "0005_early_closing")]
    operations = [
        migrations.RemoveConstraint(model_name="vote", name="vote_choice_is_known"),
        migrations.RemoveIndex(model_name="vote", name="votes_by_choice"),
        migrations.RenameField(model_name="vote", old_name="choice", new_name="paper"),
        migrations.AlterField(model_name="vote", name="paper", field=models.CharField(max_length=2000)),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(("paper__in", ["yes", "no", "abstain"])), name="vote_paper_is_known"
            ),
        ),
        migrations.AddIndex(model_name="vote", index=models.Index(fields=["ballot", "paper"], name="votes_by_paper")),
    ]
