from django.db import models
from django.utils.translation import gettext_lazy as _l

from journal import kinds


class RequestKind(models.TextChoices):
    FILED = "servicerequests.filed"
    ANSWERED = "servicerequests.answered"
    ASKED_BACK = "servicerequests.asked_back"
    REPLIED = "servicerequests.replied"
    MOVED = "servicerequests.moved"
    ASSIGNED = "servicerequests.assigned"
    REOPENED = "servicerequests.reopened"
    WITHDRAWN = "servicerequests.withdrawn"
    TYPE_CHANGED = "servicerequests.type_changed"
    PUBLISHED = "servicerequests.published"
    TAKEN_BACK = "servicerequests.taken_back"
    MATTER_KEPT = "servicerequests.matter_kept"
    EXTENDED = "servicerequests.extended"
    DUE_MOVED = "servicerequests.due_moved"
    DUE_SOON = "servicerequests.due_soon"
    OVERDUE = "servicerequests.overdue"
    ESCALATED = "servicerequests.escalated"
    CLOSED = "servicerequests.closed"
    RULES_CHANGED = "servicerequests.rules_changed"
    UNIT_CHANGED = "servicerequests.unit_changed"
    HOURS_CHANGED = "servicerequests.hours_changed"
    STARTED = "servicerequests.started"


kinds.register(
    RequestKind,
    {
        RequestKind.FILED: _l("{number} başvurusu alındı."),
        RequestKind.ANSWERED: _l("{number} başvurusu yanıtlandı."),
        RequestKind.ASKED_BACK: _l("{number} başvurusunda başvurandan bilgi istendi."),
        RequestKind.REPLIED: _l("{number} başvurusunda başvuran yanıt verdi."),
        RequestKind.MOVED: _l("{number} başvurusunun durumu değişti."),
        RequestKind.ASSIGNED: _l("{number} başvurusu bir görevliye verildi."),
        RequestKind.REOPENED: _l("{number} başvurusu yeniden açıldı."),
        RequestKind.WITHDRAWN: _l("{number} başvurusu geri çekildi."),
        RequestKind.TYPE_CHANGED: _l("{number} başvurusunun türü değişti."),
        RequestKind.PUBLISHED: _l("{number} başvurusu yayımlandı."),
        RequestKind.MATTER_KEPT: _l("“{name}” konu alanının adı ya da sözcükleri değişti."),
        RequestKind.EXTENDED: _l("{number} başvurusunda başka bir kuruma soruldu; yasal süre uzadı."),
        RequestKind.DUE_MOVED: _l("{number} başvurusunun son günü yeniden hesaplandı."),
        RequestKind.DUE_SOON: _l("{number} başvurusunun süresi dolmak üzere."),
        RequestKind.OVERDUE: _l("{number} başvurusu süresinde yanıtlanmadı; birimin sorumlusuna bildirildi."),
        RequestKind.ESCALATED: _l("{number} başvurusu hâlâ yanıtlanmadı; bütün müdürlüğe bildirildi."),
        RequestKind.CLOSED: _l("{number} başvurusu, yanıtına 30 gün içinde bir şey denmediği için kapandı."),
        RequestKind.RULES_CHANGED: _l("Başvuru türü yazıldı: {name}, {version}. sürüm"),
        RequestKind.UNIT_CHANGED: _l("Müdürlüğün birimi yazıldı: {name}"),
        RequestKind.HOURS_CHANGED: _l(
            "Müdürlüğün çalışma saatleri değişti; süren başvuruların süreleri yeniden hesaplanır."
        ),
        RequestKind.STARTED: _l("Müdürlük başvuru almaya başladı."),
        RequestKind.TAKEN_BACK: _l("{number} başvurusunun yayını kaldırıldı."),
    },
)
