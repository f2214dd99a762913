"""A row of the matrix: an address, a method, and what each role gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proposals.amending import digest_of
from tests.attacks.conftest import ROLES

K = "kocaeli"


@dataclass(frozen=True)
class Row:
    """What everybody gets at an address. `others` are the signed-in people no outcome names."""

    name: str
    method: str
    visitor: str
    others: str
    body: Any
    named: dict[str, str]

    def expected(self, role: str) -> str:
        for outcome_, roles in self.named.items():
            if role in roles.split():
                return outcome_
        return self.visitor if role in NOBODY else self.others

    @property
    def roles(self) -> tuple[str, ...]:
        return ROLES if self.named else FEW


NOBODY = ("visitor", "closed")  # a session whose account was closed is no session
FEW = ("visitor", "ayse")
REASON = {"reason": "Belediyenin görev alanı dışında kalıyor."}
ANSWER = {"decision": "accept", "accept-reason": "Fen işleri bu yıl yapacak, tarihini yazacağız."}
WHY = REASON | {"reason_code": "other"}
ASKED = {"subject": "Salon kapalıydı", "text": "Salı akşamı geldik, salon kapalıydı."}
PUBLIC = ASKED | {"answer": "Açıldı."}
WORDS = {"name": "Gürültü", "words": ["gurultu*"]}
LONGER = {"until": "2020-01-01", "reason": "Şenlik uzadı."}
GRANTED = {"is_granted": True}
POSTED = {"organisation": "yok", "side": "need", "sort": "place", "title": "Salon gerek", "text": "Perşembe akşamına."}
NAMED = {"named": "Kızılay"}
KEPT = {"refused": "representative", "open": "directorate"}
FACTS = {"title": "Mahalle bostanları", "purpose": "Boş arsalarda bostan kurmak."}
DUE = {"title": "Açılış", "due_on": "2026-05-01", "is_milestone": True}
SAID = "Yolun ilk bölümü açıldı."
TOLD = {"do": "note", "note-text": SAID}
STEP = {"title": "Proje ihalesi", "planned_on": "2026-03-01"}
MOVED = {"milestone": 1, "planned_on": "2026-03-01", "reason": SAID}
GIVEN_UP = {"reason": "Güzergâh sit alanında kaldı.", "reason_code": "legal"}
COMMENT = {"text": "Bence iyi bir fikir.", "mark": "neutral", "key": "5f0c1a52-90f1-4c57-a7f4-0d46a1fbd0aa"}
REVISION = {
    "title": "Sahil yolunda kesintisiz bisiklet yolu",
    "summary": "Kopuk parçalar birleştirilsin, kavşaklara ışık konsun.",
    "text": "Körfez’in kuzey kıyısında bisiklet yolu üç yerde kesiliyor; bu parçalar birleştirilsin.",
    "note": "Son bölümü yeniden yazdım.",
    "base": "1",
}
RESIDENTS = "ayse mehmet member representative facilitator president"


def row(name: str, method: str = "get", *, visitor: str = "login", others: str, body: Any = None, **named: str) -> Row:
    return Row(name, method, visitor, others, body, named)


def public(*names: str) -> list[Row]:
    return [row(name, visitor="open", others="open") for name in names]


def signed_in(*names: str, method: str = "get", others: str = "open") -> list[Row]:
    return [row(name, method, others=others) for name in names]


AMENDERS = RESIDENTS.removeprefix("ayse ")
AMENDMENT = {"kind": "insert", "text": "Işıklar da konsun.", "reason": "Akşamları karanlık oluyor."}
DIGEST = digest_of("Körfez’in kuzey kıyısında bisiklet yolu üç yerde kesiliyor.")
HOLIDAY = {"day": "2026-12-31", "name": "İdari izin", "kind": "off", "reason": "Cumhurbaşkanlığı genelgesi 2026/12"}
LINE = {"year": 2026, "code": "46.1", "name": "Bisiklet yolu"}
PERIOD = {"first_year": 2030, "last_year": 2034}
AIM = {"code": "A7", "name": "Ulaşımı güvenli kılmak"}
UNIT = {"name": "Fen İşleri"}
NO_KEY = 2**31 - 1
LINES = {"text": "yıl;kod;ad\n2026;9;Kalem"}
PLAN = {"text": "dönem;kod;ad\n2030-2034;A1;Amaç"}
RULE = {"limit": 1, "reason": "Karar 2026/4"}
CALENDAR = {"text": "tarih\n13.08.2099"}
MEETING = {"name": "Ağustos 2099 birleşimi", "starts_at": "2099-08-13T14:00:00+03:00"}
USUAL = {
    "week": 1, "weekday": 0, "begins": "14:00", "notice_days": 4, "agenda_closes": "17:00", "recess_month": None,
}  # fmt: skip
