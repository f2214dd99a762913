"""The matters a council starts with, and the words of the rule. Data."""

from __future__ import annotations

MATTERS: tuple[tuple[str, str, str, str], ...] = (
    (
        "su-kanalizasyon",
        "Su ve kanalizasyon",
        "Water and sewerage",
        (
            "su, suyu, suyun, sular*, susuz*, kanaliz*, lagim*, rogar*, sayac*, fatura*, boru*, sebeke*, izsu, aski, iski, "
            "baski, maski, koski, isu, musluk*, mazgal*, logar*"
        ),
    ),
    (
        "ulasim",
        "Ulaşım ve yollar",
        "Transport and roads",
        (
            "otobus*, durak*, sofor*, minibus*, dolmus*, tramvay*, metro*, sefer*, hat, hatti*, trafik*, asfalt*, kaldirim*, "
            "cukur*, kavsak*, sinyal*, isikl*, yolcu*, kentkart*, kart*, vapur*, kopru*, yol, yolu*, yollar*"
        ),
    ),
    (
        "park-bahceler",
        "Parklar ve bahçeler",
        "Parks and gardens",
        (
            "park, parki*, parkta*, parklar*, agac*, budan*, cim*, yesil*, bahce*, bank*, oyun*, salincak*, kaydirak*, sulama*, "
            "spor*, peyzaj*, cicek*"
        ),
    ),
    (
        "zabita",
        "Zabıta",
        "Municipal police",
        (
            "zabita*, seyyar*, pazar*, esnaf*, isgal*, ruhsat*, gurultu*, dilenci*, kacak*, denetim*, tezgah*, masa*, fahis*, "
            "bufe*, hurdaci*, muzik*"
        ),
    ),
    (
        "temizlik",
        "Temizlik",
        "Cleaning",
        (
            "cop, copler*, copu*, copun*, konteyner*, temizli*, supur*, pis, pislik*, atik*, koku*, moloz*, sinek*, hasere*, "
            "ilacla*, fare*, haserat*"
        ),
    ),
    (
        "veteriner",
        "Veteriner işleri",
        "Veterinary services",
        (
            "kopek*, kedi*, hayvan*, sahipsiz*, basibos*, veteriner*, kisirlas*, barinak*, asi, asisi*, kuduz*, isir*, yarali*, "
            "kurban*, guvercin*"
        ),
    ),
    (
        "sosyal-hizmetler",
        "Sosyal hizmetler",
        "Social services",
        (
            "yardim*, engelli*, yasli*, muhtac*, gida*, koli*, ihtiyac*, burs*, kira*, issiz*, evde, bakim*, sosyal*, maddi*, "
            "sandalye*, asevi*, yakac*, komur*, hasta*"
        ),
    ),
    ("diger", "Diğer", "Other", ""),
)
"""Slug, name, name in English, words of the rule."""

LABELS = tuple(slug for slug, *_rest in MATTERS)
"""A table of texts may name a matter by its place here, from 0, instead of its slug."""
