"""What the secretariat and the directorate note about proposals for their own work. None of it is public."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _l

from councils.models import Council
from people.models import Person
from proposals.models.proposal import Proposal

LONGEST_TAG = 40
LONGEST_VIEW_NAME = 60
LONGEST_VIEW_QUERY = 1_500


class Assignment(models.Model):
    """Who in the office looks after a proposal, from when to when (sorumlu). Past ones are kept."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="assignments")
    assignee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    assigned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _l("sorumlu")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(ended_at__isnull=True), name="one_assignee_of_a_proposal_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__gte=F("assigned_at"), ended_by__isnull=False),
                name="an_assignment_ends_after_it_began_and_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["assignee"], condition=Q(ended_at__isnull=True), name="assignments_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} → {self.assignee_id}"


class Tag(models.Model):
    """A word of a council's office that gathers proposals (etiket)."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_l("etiket"), max_length=LONGEST_TAG)
    # The name folded, so that “Acil” and “acil” are one tag; it also stands in addresses.
    word = models.SlugField(max_length=LONGEST_TAG * 2)

    class Meta:
        verbose_name = _l("etiket")
        constraints = [
            models.UniqueConstraint(fields=["council", "word"], name="one_tag_per_word_in_a_council"),
            models.CheckConstraint(condition=~Q(word="") & ~Q(name=""), name="a_tag_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """That a proposal carries a tag."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "tag"], name="a_proposal_carries_a_tag_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id}/{self.tag_id}"


class SavedView(models.Model):
    """Filters of the office's list under a name (kayıtlı görünüm): one's own, or for all of the office."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_l("ad"), max_length=LONGEST_VIEW_NAME)
    query = models.CharField(max_length=LONGEST_VIEW_QUERY, blank=True)
    is_shared = models.BooleanField(_l("çalışma arkadaşlarım da görsün"), default=False)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _l("kayıtlı görünüm")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["council", "person", "name"], name="one_view_per_name_of_a_person"),
        ]

    def __str__(self) -> str:
        return self.name
