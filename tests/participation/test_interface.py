"""The components of the interface: what they say to a screen reader, and what they leave out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from turkish.templatetags import turkish_text

STEPS = [
    {"label": "Yazıldı", "state": "past"},
    {"label": "Destek topluyor", "state": "now"},
    {"label": "Çalışma grubu", "state": "ahead"},
]


def drawn(source: str, **context: object) -> str:
    """The rendered template, with its white space folded."""
    return " ".join(Template(source).render(Context(context)).split())


class NoteForm(forms.Form):
    title = forms.CharField(label="Başlık", help_text="Kısa yazın.")
    note = forms.CharField(label="Not", required=False)
    side = forms.ChoiceField(label="Taraf", widget=forms.RadioSelect, choices=[("a", "Bir"), ("b", "İki")])


def test_a_field_ties_its_hint_and_its_error_to_the_control():
    html = drawn("{% field form.title autocomplete='off' %}", form=NoteForm({"title": ""}))

    assert '<p class="hint" id="id_title_hint">Kısa yazın.</p>' in html
    assert 'id="id_title_error"' in html
    assert 'aria-describedby="id_title_hint id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocomplete="off"' in html


def test_only_what_may_stay_empty_is_marked():
    form = NoteForm()

    assert "isteğe bağlı" not in drawn("{% field form.title %}", form=form)
    assert "isteğe bağlı" in drawn("{% field form.note %}", form=form)


def test_choices_are_a_group_with_a_legend():
    html = drawn("{% field form.side as_cards=True %}", form=NoteForm())

    assert html.startswith('<fieldset class="field" id="id_side"')
    assert "<legend>Taraf</legend>" in html
    assert html.count('<label class="choice"') == 2


def test_the_summary_of_errors_links_to_the_fields_and_is_absent_while_nothing_is_wrong():
    html = drawn("{% errors form %}", form=NoteForm({"title": "Bir", "side": "x"}))

    assert '<a href="#id_side">Taraf:' in html
    assert "id_title" not in html
    assert drawn("{% errors form %}", form=NoteForm()) == ""


def test_a_name_says_on_whose_behalf_and_nothing_it_says_is_markup():
    person = SimpleNamespace(display_name="<b>Elif</b>")

    html = drawn("{% person_name person 'Körfez Derneği' %}", person=person)

    assert "&lt;b&gt;Elif&lt;/b&gt;" in html
    assert "Körfez Derneği adına" in html
    assert drawn("{% person_name None %}") == '<span class="person"><b>Silinmiş hesap</b></span>'


def test_initials_are_upper_cased_in_turkish():
    assert ">Iİ<" in drawn("{% avatar 'ışıl inci' %}")


def test_the_small_path_has_words_of_its_own():
    html = drawn("{% mini_path steps %}", steps=STEPS)

    assert 'aria-label="3 adımın 2. adımında: Destek topluyor"' in html
    assert html.count("<i class=") == 3


def test_a_path_that_ended_stands_at_its_exit():
    steps = [STEPS[0], {"label": "Uygun bulunmadı", "state": "exit"}, STEPS[2]]

    assert "3 adımın 2. adımında: Uygun bulunmadı" in drawn("{% mini_path steps %}", steps=steps)
    assert 'class="exit" aria-current="step"' in drawn("{% path steps %}", steps=steps)


def test_a_tally_names_what_the_live_script_changes():
    rows = [{"key": "yes", "label": "Kabul", "count": 1300, "share": 62.5, "tone": "yes"}]

    html = drawn("{% tally rows topic='state:ballot:3' %}", rows=rows)

    assert 'value="62.5"' in html
    assert 'data-live-bar="state:ballot:3#yes_share"' in html
    assert '<b data-live-value="state:ballot:3#yes">1.300</b>' in html
    assert "data-live" not in drawn("{% tally rows %}", rows=rows)


@pytest.mark.parametrize(("count", "threshold", "share"), [(0, 300, 0), (150, 300, 50), (900, 300, 100), (0, 0, 100)])
def test_the_support_bar_never_overflows(count, threshold, share):
    assert f'value="{share}"' in drawn("{% support_bar c t %}", c=count, t=threshold)


def test_time_left_disappears_when_the_moment_has_passed():
    now = timezone.now()

    assert "2 gün kaldı" in drawn("{% time_left at %}", at=now + timedelta(days=2))
    assert drawn("{% time_left at %}", at=now - timedelta(seconds=1)) == ""


@pytest.mark.parametrize(
    ("now", "due", "left"),
    [
        ("2026-11-22T23:50", "2026-11-27T00:10", "5 gün"),
        ("2026-11-22T00:10", "2026-11-27T23:50", "5 gün"),
        ("2026-11-22T23:50", "2026-11-23T00:10", "1 gün"),
        ("2026-11-22T10:00", "2026-11-22T23:59", "13 saat"),
        ("2026-11-22T10:00", "2026-11-22T10:30", "30 dakika"),
        ("2026-11-22T10:00", "2026-11-22T10:00", ""),
    ],
)
def test_days_left_are_days_of_the_citys_calendar(monkeypatch, now, due, left):
    at, until = (timezone.make_aware(datetime.fromisoformat(value)) for value in (now, due))
    monkeypatch.setattr("turkish.templatetags.turkish_text.timezone.now", lambda: at)

    assert turkish_text.left(until.astimezone(UTC)) == left


def test_a_changed_query_keeps_the_rest_and_escapes_it():
    request = RequestFactory().get("/", {"q": 'a"b', "page": "3"})

    assert drawn("{% query page=None stage='ballot' %}", request=request) == "?q=a%22b&amp;stage=ballot"
    assert drawn("{% query page=None q=None %}", request=request) == "?"


def test_the_place_where_the_reader_is_is_marked():
    request = SimpleNamespace(resolver_match=SimpleNamespace(url_name="proposal_detail"))

    assert drawn("{% current 'proposal_list' 'proposal_' %}", request=request) == 'aria-current="true"'
    assert drawn("{% current 'proposal_detail' %}", request=request) == 'aria-current="page"'
    assert drawn("{% current 'body_list' 'body_' %}", request=request) == ""


def test_the_body_names_what_the_page_follows_and_who_reads():
    reader = SimpleNamespace(is_authenticated=True, pk=7)

    html = drawn("{% live_attributes %}", live={"topics": ["thread:9"], "sequences": {"thread:9": 3}}, person=reader)

    assert 'data-live-topics="[&quot;thread:9&quot;]"' in html
    assert 'data-live-seq="{&quot;thread:9&quot;: 3}"' in html
    assert 'data-person="7"' in html
    assert "data-person" not in drawn("{% live_attributes %}", person=SimpleNamespace(is_authenticated=False))
