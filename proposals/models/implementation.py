"""What becomes of an accepted proposal: who carries it out, in which steps, and what those say who asked for it."""

from __future__ import annotations

from datetime import date

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _l

from councils.models import Council
from people.models import Person
from proposals.models.attachment import Attachment
from proposals.models.proposal import Proposal

LONGEST_UNIT = 120
LONGEST_MILESTONE = 160
LONGEST_SENTENCE = 1_000


class Unit(models.Model):
    """A unit of the municipality that carries proposals out (sorumlu birim); the word is its name folded."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_l("birim"), max_length=LONGEST_UNIT)
    word = models.SlugField(max_length=160)
    # Not offered any more; what it carried out stays its own.
    is_retired = models.BooleanField(_l("artık kullanılmıyor"), default=False, db_default=False)
    # The unit that took its work over; whoever names this one means that one.
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _l("sorumlu birim")
        constraints = [
            models.UniqueConstraint(fields=["council", "word"], name="one_unit_per_name_in_a_council"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(word=""), name="a_unit_has_a_name"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | (Q(is_retired=True) & ~Q(merged_into=F("id"))),
                name="a_merged_unit_is_retired",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Implementation(models.Model):
    """How a proposal is carried out (uygulama): the unit, a post to turn to and never a person, and how it ended."""

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="implementation")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="implementations")
    contact = models.CharField(_l("başvurulacak görev"), max_length=120, blank=True)
    began_at = models.DateTimeField()
    # What was done, in plain words, and why milestones were left open, where some were.
    outcome = models.TextField(blank=True)
    why_open = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _l("uygulama")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, outcome="") | (Q(done_at__isnull=False) & ~Q(outcome="")),
                name="what_is_done_says_what_was_done",
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}"


class Milestone(models.Model):
    """A step of an implementation (uygulama adımı) with the day it is planned for, and evidence once it is done."""

    implementation = models.ForeignKey(Implementation, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_l("adım"), max_length=LONGEST_MILESTONE)
    planned_on = models.DateField(_l("planlanan gün"))
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    done_on = models.DateField(null=True, blank=True)
    evidence = models.TextField(blank=True, validators=[MinLengthValidator(10)])
    link = models.URLField(max_length=500, blank=True)
    # The evidence's file is kept and given out as every attachment of the proposal.
    file = models.ForeignKey(Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _l("uygulama adımı")
        ordering = ["planned_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_by__isnull=True, evidence="", link="", file__isnull=True)
                | (Q(done_on__isnull=False, done_by__isnull=False) & ~Q(evidence="")),
                name="a_milestone_is_open_or_done_with_evidence",
            ),
            models.UniqueConstraint(
                fields=["implementation", "title"], name="one_milestone_per_title_of_an_implementation"
            ),
        ]
        indexes = [
            models.Index(fields=["planned_on"], condition=Q(done_on__isnull=True), name="milestones_open_by_day")
        ]

    def __str__(self) -> str:
        return self.title

    def is_late(self, day: date) -> bool:
        return self.done_on is None and self.planned_on < day


class MilestoneChange(models.Model):
    """That a milestone was moved from one day to another, and why (tarih değişikliği). Added, never changed."""

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="changes")
    old = models.DateField()
    new = models.DateField()
    reason = models.TextField(validators=[MinLengthValidator(10)])
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(old=F("new")) & ~Q(reason=""), name="a_moved_day_says_why")]

    def __str__(self) -> str:
        return f"{self.milestone_id}: {self.old} → {self.new}"


class ProgressNote(models.Model):
    """A dated sentence about how the work goes (ilerleme notu). Added, never changed."""

    implementation = models.ForeignKey(Implementation, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(validators=[MinLengthValidator(10)])
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_progress_note_says_something")]

    def __str__(self) -> str:
        return self.text[:60]


class Answer(models.TextChoices):
    """What somebody says a year later (oldu mu?)."""

    YES = "yes", _l("Oldu")
    PARTLY = "partly", _l("Kısmen oldu")
    NO = "no", _l("Olmadı")


class Review(models.Model):
    """The question to those who asked for it, a year after it was done (değerlendirme); counted when it closes."""

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="review")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    # The author and everybody who supports the proposal on the day it opens.
    asked = models.PositiveIntegerField()
    closed_at = models.DateTimeField(null=True, blank=True)
    yes = models.PositiveIntegerField(null=True, blank=True)
    partly = models.PositiveIntegerField(null=True, blank=True)
    no = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _l("değerlendirme")
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opened_at")), name="a_review_lasts_some_time"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, yes__isnull=True, partly__isnull=True, no__isnull=True)
                | Q(closed_at__isnull=False, yes__isnull=False, partly__isnull=False, no__isnull=False),
                name="a_review_is_counted_when_it_closes",
            ),
        ]
        indexes = [models.Index(fields=["closes_at"], condition=Q(closed_at__isnull=True), name="reviews_open_by_end")]

    def __str__(self) -> str:
        return f"{self.proposal_id}"


class ReviewAnswer(models.Model):
    """What one person says in a review. Added, never changed."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=6, choices=Answer)
    sentence = models.CharField(_l("bir cümle"), max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "person"], name="one_answer_per_person_in_a_review"),
            models.CheckConstraint(condition=Q(answer__in=Answer.values), name="review_answer_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.answer}"
