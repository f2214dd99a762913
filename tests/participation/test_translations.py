"""The catalogue tool: what it finds, what it keeps, what it complains about."""

from pathlib import Path

import pytest

from participation import translations
from participation.translations import Key


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "halls").mkdir()
    (tmp_path / "templates" / "halls").mkdir(parents=True)
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "halls" / "models.py").write_text(
        """
from django.utils.translation import gettext_lazy as _l, ngettext, pgettext

NAME = _l("Salon")
LONG = _l(
    "Bu salon "
    "boş."
)

def count(n):
    return ngettext("%(n)d salon", "%(n)d salonlar", n) % {"n": n} + pgettext("ay", "Ocak") + NAME
"""
    )
    return tmp_path


def put_template(checkout: Path, text: str) -> None:
    (checkout / "templates" / "halls" / "page.html").write_text(text)


def test_python_messages_are_found_with_context_plural_and_joined_literals(checkout):
    assert set(translations.collect(checkout)) == {
        Key("Salon"),
        Key("Bu salon boş."),
        Key("%(n)d salon", "%(n)d salonlar"),
        Key("Ocak", context="ay"),
    }


def test_template_messages_are_found_whatever_the_indentation(checkout):
    put_template(
        checkout,
        """{% extends "base.html" %}
        {% block main %}
    <p>{% translate "İstanbul'dan gelen" %} it's <b>{{ x|default:_("yok") }}</b></p>
            {% blocktranslate trimmed with name=hall.name %}
              {{ name }} salonu
              yarın açık.
            {% endblocktranslate %}
  {% blocktranslate count n=halls trimmed %}
      {{ n }} salon
  {% plural %}
      {{ n }} salonlar
  {% endblocktranslate %}
        {% translate "Mayıs" context "ay" %} {% icon "map-pin" label=_("Konum") %}
        {% blocktranslate %}%100 boş{% endblocktranslate %}
        {% endblock %}""",
    )
    found = {
        key for key, message in translations.collect(checkout).items() if message.places[0].startswith("templates")
    }
    assert found == {
        Key("İstanbul'dan gelen"),
        Key("yok"),
        Key("%(name)s salonu yarın açık."),
        Key("%(n)s salon", "%(n)s salonlar"),
        Key("Mayıs", context="ay"),
        Key("Konum"),
        Key("%%100 boş"),
    }


def test_javascript_messages_are_found(checkout):
    (checkout / "static" / "js" / "live.js").write_text('show(gettext("Bağlantı koptu")); // `${x}`')
    assert Key("Bağlantı koptu") in translations.collect(checkout)


def test_a_message_with_and_without_plural_is_one_entry(checkout):
    (checkout / "halls" / "views.py").write_text('TITLE = gettext("%(n)d salon")')
    assert [key for key in translations.collect(checkout) if "%(n)d" in key.singular] == [
        Key("%(n)d salon", "%(n)d salonlar")
    ]


def test_merging_keeps_translations_and_brings_a_retired_one_back(checkout):
    english = translations.open_catalogue(checkout, "en")
    messages = translations.collect(checkout)
    assert translations.merge(english, messages) == (4, 0)
    english.find("Salon").msgstr = "Hall"
    fewer = {key: message for key, message in messages.items() if key.singular != "Salon"}
    assert translations.merge(english, fewer) == (0, 1)
    translations.save(english)
    again = translations.open_catalogue(checkout, "en")
    assert translations.merge(again, messages) == (0, 0)
    assert (again.find("Salon").msgstr, again.find("Salon").obsolete) == ("Hall", False)


def test_a_complete_catalogue_has_no_problems_and_each_fault_is_named(checkout):
    messages = translations.collect(checkout)
    english, turkish = (translations.open_catalogue(checkout, language) for language in ("en", "tr"))
    translations.merge(english, messages)
    for entry in english:
        entry.msgstr = "" if entry.msgid_plural else "text"
        entry.msgstr_plural = {0: "one hall", 1: "%(n)d halls"} if entry.msgid_plural else {}
    translations.count_as_in_turkish(turkish, messages)
    assert translations.problems(messages, english, turkish) == []

    english.find("Salon").flags.append("fuzzy")
    english.find("Ocak", msgctxt="ay").msgstr = ""
    english.find("%(n)d salon").msgstr_plural[1] = "%(count)d halls"
    turkish.clear()
    assert translations.problems(messages, english, turkish) == [
        "halls/models.py: no English for 'Salon'",
        "halls/models.py: other placeholders in '%(n)d salonlar' and '%(count)d halls'",
        "halls/models.py: locale/tr lacks the plural of '%(n)d salon': manage.py translations extract",
        "halls/models.py: no English for 'Ocak'",
    ]


def test_compiled_catalogues_translate_and_count(checkout):
    import gettext

    messages = translations.collect(checkout)
    for language in ("en", "tr"):
        catalogue = translations.open_catalogue(checkout, language)
        translations.count_as_in_turkish(catalogue, messages)
        translations.save(catalogue)
    translations.compile_catalogues(checkout)
    turkish = gettext.translation("django", checkout / "locale", ["tr"])
    assert [turkish.ngettext("%(n)d salon", "%(n)d salonlar", n) for n in (0, 1, 2)] == [
        "%(n)d salon",
        "%(n)d salon",
        "%(n)d salonlar",
    ]
