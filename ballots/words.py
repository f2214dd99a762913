"""What ballots are spoken of in: methods, rules, bases, outcomes, and how large things may be."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _l

MAX_REASON = 1000
MAX_PAPER = 2000
MAX_OPTION = 200
MAX_OPTIONS = 60
MAX_SCORE = 100
MAX_PROXIES = 5


class Choice(models.TextChoices):
    """The answers of a yes/no/abstain ballot."""

    YES = "yes", _l("Kabul")
    NO = "no", _l("Ret")
    ABSTAIN = "abstain", _l("Çekimser")


class Method(models.TextChoices):
    """How people vote and how the papers are counted (yöntem)."""

    YES_NO = "yes_no", _l("Kabul, ret, çekimser")
    SINGLE = "single", _l("Tek seçenek")
    APPROVAL = "approval", _l("Onay: birden çok seçenek işaretlenir")
    SCORE = "score", _l("Puan: her seçeneğe puan verilir")
    SCHULZE = "schulze", _l("Sıralama: ikili karşılaştırma (Schulze)")
    IRV = "irv", _l("Sıralama: eleme turlarıyla bir kazanan (IRV)")
    STV = "stv", _l("Sıralama: devredilebilir oyla birden çok kazanan (STV)")


class TieRule(models.TextChoices):
    """What happens when options are equal where only one of them can go on (eşitlik)."""

    OPEN = "open", _l("Eşitlik bozulmaz; sonuç eşitlik olarak açıklanır")
    LOT = "lot", _l("Önceden mühürlenmiş kura")
    EARLIER = "earlier", _l("Önceki turlardaki oylar; onlar da eşitse bozulmaz")
    EARLIER_LOT = "earlier_lot", _l("Önceki turlardaki oylar, sonra önceden mühürlenmiş kura")
    CHAIR = "chair", _l("Başkanın oyu belirleyici: eşit kalanlar arasında başkan karar verir")


class Base(models.TextChoices):
    """What a quorum or a threshold is measured by (esas)."""

    MEMBERS = "members", _l("Oy hakkı olanlar")
    PRESENT = "present", _l("Toplantıda bulunanlar")
    CAST = "cast", _l("Oy verenler, boş ve çekimserler dahil")
    VALID = "valid", _l("Geçerli oylar, boş ve çekimserler hariç")


class RollRule(models.TextChoices):
    """What becomes of the roll between opening and closing (liste kuralı)."""

    FIXED = "fixed", _l("Liste açılışta alınır; kimse eklenmez, kimse çıkarılmaz")
    STRIKES = "strikes", _l("Oy hakkını yitirenler çıkarılır, yeni gelenler eklenmez")
    FOLLOWS = "follows", _l("Kapanışa kadar oy hakkını yitirenler çıkarılır, kazananlar eklenir")


class Majority(models.TextChoices):
    """What a ballot needs to pass, beside its quorum."""

    SIMPLE = "simple", _l("Kabul oyları ret oylarından çok olmalı")
    ABSOLUTE = "absolute", _l("Kabul oyları oy hakkı olanların yarısını aşmalı")
    TWO_THIRDS = "two_thirds", _l("Kabul oyları, kabul ve ret toplamının en az üçte ikisi olmalı")


class ResultsVisibility(models.TextChoices):
    """When tallies may be read."""

    LIVE = "live", _l("Oylama sürerken")
    AFTER_CLOSING = "after_closing", _l("Oylama kapanınca")


class Outcome(models.TextChoices):
    """What a closed ballot decided."""

    PASSED = "passed", _l("Kabul edildi")
    REJECTED = "rejected", _l("Reddedildi")
    ELECTED = "elected", _l("Seçim sonuçlandı")
    UNDECIDED = "undecided", _l("Kazanan çıkmadı")
    TIED = "tied", _l("Oylar eşit")
    NO_QUORUM = "no_quorum", _l("Yeter sayı sağlanmadı")
    CANCELLED = "cancelled", _l("İptal edildi")


class Phase(models.TextChoices):
    """Where a ballot stands by the clock; never stored."""

    BEFORE = "before", _l("Açılmadı")
    OPEN = "open", _l("Açık")
    CLOSED = "closed", _l("Kapandı, sayılıyor")
    DECLARED = "declared", _l("Sonuçlandı")


RANKED = (Method.SCHULZE, Method.IRV, Method.STV)
SEVERAL_SEATS = (Method.SINGLE, Method.APPROVAL, Method.SCORE, Method.SCHULZE, Method.STV)
CHAIR_DECIDES = (Method.SINGLE, Method.APPROVAL, Method.SCORE, Method.SCHULZE)
"""Methods with options in which the chair may decide who takes the last seats; counts by stages know a lot and no choice."""
COUNTED_BASES = (Base.PRESENT, Base.CAST, Base.VALID)
"""What a quorum counts: a number of people that is reached by those present, by papers cast or by valid papers."""
