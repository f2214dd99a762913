"""Who lives in the demo: the eight people one can be on the page of demo people. Shared with the loading of the demo."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One of the demo's people: who they are, what they may do and what is worth trying as them."""

    email: str
    display_name: str
    role: str | Promise
    to_try: str | Promise
    icon: str

    @property
    def key(self) -> str:
        """The part of the address before the @, used in forms."""
        return self.email.partition("@")[0]


DEMO_PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson(
        "ayse@ornek.invalid",
        "Ayşe Demir",
        _l("Yurttaş"),
        _l("Öneri yazın, destek verin, tartışmaya katılın."),
        icon="user",
    ),
    DemoPerson(
        "mehmet@ornek.invalid",
        "Mehmet Arslan",
        _l("İkinci yurttaş"),
        _l("Başka bir tarayıcıda Ayşe’nin yorumunu ve oyunu canlı izleyin."),
        icon="users",
    ),
    DemoPerson(
        "elif@ornek.invalid",
        "Elif Kaya",
        _l("STK temsilcisi"),
        _l("Kuruluşunuz adına öneri yazın."),
        icon="building-2",
    ),
    DemoPerson(
        "derya@ornek.invalid",
        "Derya Öztürk",
        _l("Çalışma grubu kolaylaştırıcısı"),
        _l("Üyelik isteklerini yanıtlayın, bir öneriyi oylamaya açın."),
        icon="message-circle",
    ),
    DemoPerson(
        "nermin@ornek.invalid",
        "Nermin Çelik",
        _l("Meclis başkanı"),
        _l("Kadın Meclisine gelen önerileri yönetin, yürütme kurulunda genel kurulun gündemini hazırlayın."),
        icon="landmark",
    ),
    DemoPerson(
        "hakan@ornek.invalid",
        "Hakan Yıldız",
        _l("Konsey sekreteri"),
        _l("Önerilerin uygunluğuna karar verin, görüşleri hazırlayıp belediye meclisine gönderin."),
        icon="clipboard-list",
    ),
    DemoPerson(
        "selin@ornek.invalid",
        "Selin Aksoy",
        _l("STK Şube Müdürlüğü personeli"),
        _l("Önerilerin nereye vardığını görün, meclis kararlarını onaylayın, yapılanları yazın."),
        icon="id-card",
    ),
    DemoPerson(
        "murat@ornek.invalid",
        "Murat Kılıç",
        _l("Sivil toplum merkezi görevlisi"),
        _l("Merkez görevlisinin gözünden siteye bakın."),
        icon="door-open",
    ),
)
