"""The set-up step: icons come from where they are named, and an unknown one says where that is."""

import pytest

from participation import setup


@pytest.fixture
def few_icons(tmp_path, monkeypatch):
    """A checkout with one template, one Python file and Lucide's icons `vote` and `house`."""
    for folder in ("templates", "halls", "static", "node_modules/lucide-static/icons"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "halls" / "__init__.py").touch()
    (tmp_path / "static" / "icons.txt").write_text("# chosen by a variable\nvote  # Oylama\n")
    for name in ("vote", "house"):
        (tmp_path / "node_modules/lucide-static/icons" / f"{name}.svg").write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M1 1h2" id="{name}-1"/></svg>'
        )
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "NODE_MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(setup, "ICON_LIST", tmp_path / "static" / "icons.txt")
    return tmp_path


def test_icons_are_found_in_the_list_in_templates_and_in_python(few_icons):
    (few_icons / "templates" / "page.html").write_text('<p>\n{% icon "house" %} {% empty_state icon="map" %}')
    (few_icons / "halls" / "doors.py").write_text("Door(icon='users')")
    assert setup.icon_names() == {
        "vote": "static/icons.txt:2",
        "users": "halls/doors.py:1",
        "house": "templates/page.html:2",
        "map": "templates/page.html:2",
    }


def test_the_sprite_has_a_symbol_for_each(few_icons):
    (few_icons / "templates" / "page.html").write_text('{% icon "house" "large" %}')
    assert setup.icon_sprite(setup.icon_names()).splitlines()[1:-1] == [
        '<symbol id="house" viewBox="0 0 24 24"><path d="M1 1h2" id="house-1"/></symbol>',
        '<symbol id="vote" viewBox="0 0 24 24"><path d="M1 1h2" id="vote-1"/></symbol>',
    ]


def test_an_unknown_icon_is_named_with_its_place(few_icons):
    (few_icons / "templates" / "page.html").write_text('{% icon "ev" %}')
    with pytest.raises(setup.SetUpFailed, match=r"templates/page\.html:1 names the icon “ev”"):
        setup.icon_sprite(setup.icon_names())
