"""What became of proposals: the figures for everybody, those of the panel, and the proposals behind a number."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from councils.models import Holder
from impact.models import ProposalFact
from impact.permissions import may_read_panel
from impact.reading import decided, figures, listing, paid
from impact.reading import people as people_
from impact.reading.asking import Asked, read_asked
from impact.reporting import reports_for
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from people.tokens import Area
from proposals.models import Outcome
from proposals.stages import Stage

# What an address asks: the words of the API and those of the pages.
FILTERS = {"year": "yil", "theme": "konu", "district": "ilce", "body": "organ", "organisation": "stk"}
SELECTORS = {"stage": "asama", "reached": "ulasan", "left": "biten", "step": "adim"}
OUTCOMES = {"accepted": "kabul", "refused": "ret", "done": "yapilan"}
ANSWERS = {"in_time": "zamaninda", "late": "gec"}
MOST_LINES = 100
MONEY = {"paid": "butce", "planned": "plan", "without": "yok"}
STAGES = [stage.value for stage in Stage if stage != Stage.DRAFT]

_TEXT = {"year": _l("Sunulduğu yıl"), "theme": _l("Konunun slug’ı"), "district": _l("İlçenin slug’ı")}
_TEXT |= {"body": _l("Organın slug’ı"), "organisation": _l("Kuruluşun slug’ı")}
ASKED = [OpenApiParameter(name, description=str(text)) for name, text in _TEXT.items()]
CHOSEN = [
    OpenApiParameter("stage", description=str(_l("Şu anda bu aşamada olanlar")), enum=STAGES),
    OpenApiParameter("reached", description=str(_l("Bu aşamaya ulaşanlar")), enum=STAGES),
    OpenApiParameter("left", description=str(_l("Bu aşamadan çıkanlar")), enum=STAGES),
    OpenApiParameter("from", description=str(_l("to ile birlikte: bu geçişi yapanlar")), enum=STAGES),
    OpenApiParameter("to", description=str(_l("from ile birlikte")), enum=STAGES),
    OpenApiParameter("outcome", description=str(_l("Bu sonuca ulaşanlar")), enum=list(OUTCOMES)),
    OpenApiParameter(
        "decided",
        description=str(_l("Belediye meclisinin böyle karar verdikleri; stage ya da outcome ile daraltılır")),
        enum=Outcome.values,
    ),
    OpenApiParameter(
        "budget_line", int, description=str(_l("Bu bütçe kaleminden karşılananlar; stage ya da outcome ile daraltılır"))
    ),
    OpenApiParameter(
        "objective", int, description=str(_l("Bu amaca ya da hedefe bağlananlar; stage ya da outcome ile daraltılır"))
    ),
    OpenApiParameter(
        "money",
        description=str(_l("Bütçe kalemi yazılanlar, plana bağlananlar ya da ikisi de olmayanlar")),
        enum=list(MONEY),
    ),
    OpenApiParameter("answered", description=str(_l("Yanıtları zamanında ya da geç gelenler")), enum=list(ANSWERS)),
    OpenApiParameter("step", description=str(_l("answered ile birlikte: yalnızca bu aşamanın yanıtı")), enum=STAGES),
    OpenApiParameter(
        "overdue", description=str(_l("Süresi geçenler: all ya da elinde tutan")), enum=["all", *Holder.values]
    ),
]


class _Impact(Endpoint):
    area = Area.PROPOSALS
    asks: ClassVar[frozenset[str]] = frozenset(FILTERS)

    def params(self) -> QueryDict:
        """What is asked, in the words of the pages."""
        given, found = self.request.query_params, QueryDict(mutable=True)
        for word, own in FILTERS.items():
            if word in given:
                found[own] = given[word]
        return found

    def asked(self) -> Asked:
        return read_asked(self.find_council(), self.params())


class StageCountSerializer(serializers.Serializer[Any]):
    """A stage of the way."""

    stage = serializers.ChoiceField(choices=Stage.choices)
    reached = serializers.IntegerField(source="reached.value", help_text=_l("Bu aşamaya ulaşan öneriler"))
    now = serializers.IntegerField(source="now.value", help_text=_l("Şu anda bu aşamada olanlar"))


class FlowSerializer(serializers.Serializer[Any]):
    """A move from stage to stage."""

    source = serializers.ChoiceField(choices=Stage.choices)
    target = serializers.ChoiceField(choices=Stage.choices)
    count = serializers.IntegerField(source="count.value", help_text=_l("Bu geçişi en az bir kez yapan öneriler"))


class ImpactTotalsSerializer(serializers.Serializer[Any]):
    """How many proposals came to which end."""

    written = serializers.IntegerField(source="written.value")
    accepted = serializers.IntegerField(source="accepted.value")
    refused = serializers.IntegerField(source="refused.value")
    done = serializers.IntegerField(source="done.value")
    answered = serializers.IntegerField(help_text=_l("En az bir yanıt almış olanlar"))
    in_time = serializers.IntegerField(source="in_time.value", help_text=_l("Bütün yanıtlarını zamanında alanlar"))


class DistrictPeopleSerializer(serializers.Serializer[Any]):
    """Those of a district who took part."""

    name = serializers.CharField()
    population = serializers.IntegerField(allow_null=True)
    people = serializers.IntegerField(
        source="count", allow_null=True, help_text=_l("Beş kişiden küçük gruplar gösterilmez: null")
    )


class PaidSerializer(serializers.Serializer[Any]):
    """How many proposals stand behind a budget line or an objective; what it gives them in lira, for a line."""

    id = serializers.IntegerField(source="key")
    year_or_period = serializers.CharField(source="place")
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    proposals = serializers.IntegerField(source="proposals.value")
    carried_out = serializers.IntegerField(source="carried_out.value")
    done = serializers.IntegerField(source="done.value")
    given = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)


class SourcesSerializer(serializers.Serializer[Any]):
    """How many proposals have money and plan written, and how much is set aside for them in lira."""

    paid = serializers.IntegerField(source="paid.value")
    planned = serializers.IntegerField(source="planned.value")
    without = serializers.IntegerField(source="without.value")
    given = serializers.DecimalField(max_digits=20, decimal_places=2)


class ImpactSerializer(serializers.Serializer[Any]):
    """The figures for everybody."""

    totals = ImpactTotalsSerializer()
    stages = StageCountSerializer(many=True)
    flows = FlowSerializer(many=True)
    people = serializers.IntegerField(allow_null=True, help_text=_l("Katılanlar; bütün yıllar"))
    districts = DistrictPeopleSerializer(many=True)
    sources = SourcesSerializer()
    budget_lines = PaidSerializer(many=True)
    objectives = PaidSerializer(many=True)


def _money(asked: Asked) -> dict[str, Any]:
    """What pays the proposals and what they serve: the newest lines; all of them stand in the budget's own list."""
    return {
        "sources": paid.sources(asked),
        "budget_lines": list(paid.lines(asked, most=MOST_LINES)),
        "objectives": list(paid.objectives(asked, most=MOST_LINES)),
    }


class Impact(_Impact):
    @described(
        "get_impact",
        _l("Öneriler nereye ulaştı, kimler katıldı"),
        answer=ImpactSerializer,
        tag="impact",
        parameters=ASKED,
    )
    def get(self, request: Request, council: str) -> Response:
        asked = self.asked()
        took_part = people_.people_for_everybody(asked.council)
        shape = {
            "totals": figures.totals(asked),
            "stages": figures.stages(asked),
            "flows": figures.flows(asked),
            "people": took_part.total,
            "districts": took_part.places,
            **_money(asked),
        }
        return Response(ImpactSerializer(shape).data)


class StageTimeSerializer(serializers.Serializer[Any]):
    """How long proposals stood in a stage they have left."""

    stage = serializers.ChoiceField(choices=Stage.choices)
    left = serializers.IntegerField(source="count.value")
    median_days = serializers.FloatField(source="median")
    ninetieth_days = serializers.FloatField(source="ninetieth")
    in_time = serializers.IntegerField(source="in_time.value", default=None, allow_null=True)
    late = serializers.IntegerField(source="late.value", default=None, allow_null=True)


class DecidedSerializer(serializers.Serializer[Any]):
    """How many proposals met an outcome before the municipal council, and how many of those are carried out or done now."""

    outcome = serializers.ChoiceField(choices=Outcome.choices)
    proposals = serializers.IntegerField(source="proposals.value")
    carried_out = serializers.IntegerField(source="carried_out.value")
    done = serializers.IntegerField(source="done.value")


class GroupRowSerializer(serializers.Serializer[Any]):
    """The proposals of one theme, district, body, organisation or year."""

    name = serializers.CharField()
    written = serializers.IntegerField(source="written.value")
    accepted = serializers.IntegerField(source="accepted.value")
    refused = serializers.IntegerField(source="refused.value")
    done = serializers.IntegerField(source="done.value")
    answered = serializers.IntegerField()
    in_time = serializers.IntegerField(source="in_time.value")


class GroupSerializer(serializers.Serializer[Any]):
    """A table by one property."""

    by = serializers.ChoiceField(choices=list(FILTERS))
    rows = GroupRowSerializer(many=True)


class OverdueSerializer(serializers.Serializer[Any]):
    """Who should have moved proposals on by now."""

    holder = serializers.CharField(source="name")
    count = serializers.IntegerField(source="count.value")
    oldest = serializers.DateTimeField()


class ImpactPlaceSerializer(DistrictPeopleSerializer):
    """Those of a district who took part, by what they did."""

    authors = serializers.IntegerField(source="by_how.authors")
    supporters = serializers.IntegerField(source="by_how.supporters")
    commenters = serializers.IntegerField(source="by_how.commenters")
    voters = serializers.IntegerField(source="by_how.voters")


class AgeSerializer(serializers.Serializer[Any]):
    """Those of an age band who took part and said so."""

    band = serializers.CharField()
    people = serializers.IntegerField()


class ImpactPanelSerializer(serializers.Serializer[Any]):
    """The figures of the panel."""

    totals = ImpactTotalsSerializer()
    stages = StageCountSerializer(many=True)
    flows = FlowSerializer(many=True)
    times = StageTimeSerializer(many=True)
    overdue = OverdueSerializer(many=True)
    decided = DecidedSerializer(many=True)
    sources = SourcesSerializer()
    budget_lines = PaidSerializer(many=True)
    objectives = PaidSerializer(many=True)
    groups = GroupSerializer(many=True)
    people = serializers.IntegerField()
    districts = ImpactPlaceSerializer(many=True)
    ages = AgeSerializer(many=True)


class ImpactPanel(_Impact):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "get_impact_panel",
        _l("Etki panelinin bütün sayıları"),
        answer=ImpactPanelSerializer,
        tag="impact",
        who=_l("Genel sekreter ya da müdürlük görevlisi"),
        parameters=ASKED,
        refusals=(401, 403, 404),
    )
    def get(self, request: Request, council: str) -> Response:
        at = timezone.now()
        asked = self.asked()
        may_read_panel(request.user, asked.council, at=at).require()
        took_part = people_.people(asked.council, year=asked.year)
        words = {own: word for word, own in FILTERS.items()}
        shape = {
            "totals": figures.totals(asked),
            "stages": figures.stages(asked),
            "flows": figures.flows(asked),
            "times": figures.times(asked),
            "overdue": figures.late(asked, at=at),
            "decided": decided.outcomes(asked),
            **_money(asked),
            "groups": [{"by": words[group.word], "rows": group.rows} for group in figures.groups(asked)],
            "people": took_part.total,
            "districts": took_part.places,
            "ages": took_part.ages,
        }
        return Response(ImpactPanelSerializer(shape).data)


class CountedProposalSerializer(serializers.Serializer[Any]):
    """A proposal that a number counts."""

    number = serializers.CharField(source="proposal.number")
    title = serializers.CharField(source="proposal.title")
    stage = serializers.ChoiceField(choices=Stage.choices)
    submitted_at = serializers.DateTimeField()
    in_time = serializers.BooleanField(allow_null=True, help_text=_l("Bütün yanıtlarını zamanında aldı mı"))
    url = serializers.SerializerMethodField()

    def get_url(self, fact: ProposalFact) -> str:
        return shapes.address(fact.proposal.get_absolute_url())


class ImpactProposals(_Impact, generics.ListAPIView[ProposalFact]):
    serializer_class = CountedProposalSerializer
    queryset = ProposalFact.objects.none()
    order = Order("submitted_at", is_moment=True)
    asks: ClassVar[frozenset[str]] = (
        PARAMETERS
        | set(FILTERS)
        | set(SELECTORS)
        | {"from", "to", "outcome", "decided", "answered", "overdue"}
        | {"budget_line", "objective", "money"}
    )

    def get_queryset(self) -> QuerySet[ProposalFact]:
        params, stages = self.params(), set(STAGES)
        for word, own in SELECTORS.items():
            if chosen := self.chosen(word, stages):
                params[own] = chosen
        source, target = self.chosen("from", stages), self.chosen("to", stages)
        if source and target:
            params["gecis"] = f"{source}-{target}"
        for word, known, own in (("outcome", OUTCOMES, "sonuc"), ("answered", ANSWERS, "yanit")):
            if chosen := self.chosen(word, known):
                params[own] = known[chosen]
        if outcome := self.chosen("decided", set(Outcome.values)):
            params["meclis"] = outcome
        for word, own in (("budget_line", "kalem"), ("objective", "hedef")):
            if chosen := self.request.query_params.get(word, ""):
                params[own] = chosen
        if money := self.chosen("money", MONEY):
            params["kaynak"] = MONEY[money]
        if holder := self.chosen("overdue", {"all", *Holder.values}):
            params["geciken"] = "hepsi" if holder == "all" else holder
        asked = read_asked(self.find_council(), params)
        return listing.dressed(listing.read_selection(asked, params, at=timezone.now()))

    @described(
        "list_impact_proposals",
        _l("Bir sayının saydığı öneriler"),
        answer=CountedProposalSerializer(many=True),
        tag="impact",
        parameters=[*ASKED, *CHOSEN],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)


class AnnualReportSerializer(serializers.Serializer[Any]):
    """A published annual report."""

    year = serializers.IntegerField()
    made_at = serializers.DateTimeField(help_text=_l("Sayıların bu andaki durumu"))
    published_at = serializers.DateTimeField()
    size = serializers.IntegerField(help_text=_l("Bayt"))
    url = serializers.CharField(help_text=_l("Belgenin adresi (PDF)"))


class AnnualReports(Endpoint):
    area = Area.PROPOSALS

    @described(
        "list_annual_reports", _l("Yayımlanmış yıllık raporlar"), answer=AnnualReportSerializer(many=True), tag="impact"
    )
    def get(self, request: Request, council: str) -> Response:
        found = self.find_council()
        rows = [
            {
                "year": report.year,
                "made_at": report.made_at,
                "published_at": report.published_at,
                "size": report.size,
                "url": request.build_absolute_uri(reverse("impact_report_file", args=[found.slug, report.pk])),
            }
            for report in reports_for(AnonymousUser(), found, at=timezone.now())[:100]
        ]
        return Response(AnnualReportSerializer(rows, many=True).data)
