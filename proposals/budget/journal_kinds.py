"""What the council's record says of budget lines, the strategic plan and units."""

from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class BudgetKind(models.TextChoices):
    LINE_ADDED = "councils.budget_line_added"
    LINE_CHANGED = "councils.budget_line_changed"
    LINE_AMOUNT_CHANGED = "councils.budget_line_amount_changed"
    LINE_RETIRED = "councils.budget_line_retired"
    LINE_TAKEN_BACK = "councils.budget_line_taken_back"
    LINES_IMPORTED = "councils.budget_lines_imported"
    PLAN_ADDED = "councils.strategic_plan_added"
    PLAN_CHANGED = "councils.strategic_plan_changed"
    OBJECTIVE_ADDED = "councils.objective_added"
    OBJECTIVE_CHANGED = "councils.objective_changed"
    OBJECTIVE_RETIRED = "councils.objective_retired"
    OBJECTIVE_TAKEN_BACK = "councils.objective_taken_back"
    OBJECTIVES_IMPORTED = "councils.objectives_imported"
    UNIT_RENAMED = "councils.unit_renamed"
    UNIT_RETIRED = "councils.unit_retired"
    UNIT_TAKEN_BACK = "councils.unit_taken_back"
    UNIT_MERGED = "councils.unit_merged"


kinds.register(
    BudgetKind,
    {
        BudgetKind.LINE_ADDED: _l("{actor} bütçe kalemi ekledi: {line}, {name}"),
        BudgetKind.LINE_CHANGED: _l("{actor} bütçe kalemini değiştirdi: {before} yerine {line}, {name}"),
        BudgetKind.LINE_AMOUNT_CHANGED: _l(
            "{actor} bütçe kaleminin tutarını değiştirdi: {line}, {name}. {before} yerine {amount}"
        ),
        BudgetKind.LINE_RETIRED: _l("{actor} bütçe kalemini kullanımdan kaldırdı: {line}, {name}"),
        BudgetKind.LINE_TAKEN_BACK: _l("{actor} bütçe kalemini yeniden kullanıma aldı: {line}, {name}"),
        BudgetKind.LINES_IMPORTED: _l("{actor} bütçe kalemlerini dosyadan aktardı; yeni: {new}, değişen: {changed}"),
        BudgetKind.PLAN_ADDED: _l("{actor} {period} stratejik planını ekledi."),
        BudgetKind.PLAN_CHANGED: _l("{actor} stratejik planın dönemini değiştirdi: {before} yerine {period}"),
        BudgetKind.OBJECTIVE_ADDED: _l("{actor} stratejik plana ekledi: {objective}, {name} ({period})"),
        BudgetKind.OBJECTIVE_CHANGED: _l(
            "{actor} stratejik planda değiştirdi: {before} yerine {objective}, {name} ({period})"
        ),
        BudgetKind.OBJECTIVE_RETIRED: _l(
            "{actor} stratejik plan hedefini kullanımdan kaldırdı: {objective}, {name} ({period})"
        ),
        BudgetKind.OBJECTIVE_TAKEN_BACK: _l(
            "{actor} stratejik plan hedefini yeniden kullanıma aldı: {objective}, {name} ({period})"
        ),
        BudgetKind.OBJECTIVES_IMPORTED: _l("{actor} stratejik planı dosyadan aktardı; yeni: {new}, değişen: {changed}"),
        BudgetKind.UNIT_RENAMED: _l("{actor} birimin adını değiştirdi: {before} yerine {unit}"),
        BudgetKind.UNIT_RETIRED: _l("{actor} birimi kullanımdan kaldırdı: {unit}"),
        BudgetKind.UNIT_TAKEN_BACK: _l("{actor} birimi yeniden kullanıma aldı: {unit}"),
        BudgetKind.UNIT_MERGED: _l("{actor} bir birimi başka birimle birleştirdi: {before}, artık {unit}"),
    },
)
