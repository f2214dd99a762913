"""Cases 51, 58, 76, 81 and 131: what must not stand in the code, found by reading it. Each reader has a control."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView

from tests.people.test_access import _patterns

ROOT = Path(settings.BASE_DIR)
APPS = "participation realtime proposals workinggroups councils organisations ballots discussions people journal turkish".split()
CODE = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(
    path for pattern in ("templates/**/*", "*/templates/**/*") for path in ROOT.glob(pattern) if path.is_file()
)

# Places that make HTML out of strings. Whoever adds one reads it twice.
REVIEWED_SAFE = {
    "discussions/markup.py": {"SafeString(_cleaner.clean(html))"},  # nh3's own output
    # headings of that output, moved down by numbers
    "proposals/reading/wording.py": {"SafeString(moved)"},
    # fixed words
    "participation/templatetags/interface.py": {
        "SafeString('aria-hidden=\"true\"')",
        "SafeString('aria-current=\"page\"')",
        "SafeString('aria-current=\"true\"')",
        'SafeString("")',
        "mark_safe(made)",  # what the template engine made
    },
}
# Places that turn a mapping into lookups. Each maps words of the code, never of a request.
REVIEWED_EXPANSIONS = {
    "councils/paging.py",  # names given by the caller's code
    "proposals/reading/keyset.py",  # the same
    "councils/loading.py",  # names of a council file, which an operator loads
    "proposals/reading/facets.py",  # a table of columns
    "proposals/management/commands/import_proposals.py",  # names of the command's own arguments
    "proposals/reading/listing.py",  # longer texts of a council, named there
    "councils/middleware.py",  # the same
    "participation/desk/__init__.py",  # the order of a kind of work
    "people/alongside.py",  # a column for each question, named by the code that registers it
    "people/offices.py",  # a column for each kind of office, named by the code that registers it
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- 76: strings that are declared to be HTML --------------------------------------------------------------------------
UNSAFE_CALL = re.compile(
    r"(?:mark_safe|SafeString|SafeText)\([^\n]*|format_html\(\s*f[\"'][^\n]*|format_html\([^\"'\n]+\.format\("
)


def declared_safe(source: str) -> list[str]:
    lines = (line.split("  #")[0] for line in source.splitlines())
    return [match.group() for line in lines if "import " not in line for match in UNSAFE_CALL.finditer(line)]


def test_076_no_string_is_declared_safe_outside_the_reviewed_list():
    for path in CODE:
        allowed = REVIEWED_SAFE.get(name_of(path), set())
        strays = [
            call for call in declared_safe(path.read_text()) if not any(call.startswith(each) for each in allowed)
        ]
        assert strays == [], name_of(path)


@pytest.mark.parametrize(
    "bad",
    ["x = mark_safe(f'<b>{name}</b>')", 'format_html(f"<b>{name}</b>")', "return SafeString(person.display_name)"],
)
def test_076_control_a_string_declared_safe_is_found(bad):
    assert declared_safe(bad)


def test_076_no_template_of_a_page_turns_escaping_off():
    for path in TEMPLATES:
        text = path.read_text()
        assert not re.search(r"\|\s*safe(?:seq)?\b", text), name_of(path)
        if "autoescape off" in text:  # plain-text mails have nothing to escape
            assert path.suffix == ".txt", name_of(path)
            assert path.parent.name == "email", name_of(path)


# --- 81: nothing inline ----------------------------------------------------------------------------------------------
RUNS = re.compile(r"\s*(javascript|data|vbscript):", re.IGNORECASE)
ADDRESSES = {"href", "src", "action", "formaction"}


class Inline(HTMLParser):
    """Collects what a strict content security policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and not names.get("src") and names.get("type") != "application/json"):
            self.found.append(tag)
        for name, value in attrs:
            if name == "style" or re.fullmatch(r"on[a-z]+", name):
                self.found.append(f"{tag} {name}")
            elif name in ADDRESSES and RUNS.match(value or ""):
                self.found.append(f"{tag} {name}={value}")

    handle_startendtag = handle_starttag


def inline(html: str) -> list[str]:
    parser = Inline()
    parser.feed(html)
    return parser.found


def test_081_no_template_has_inline_script_or_style():
    for path in TEMPLATES:
        if path.suffix == ".html":
            # Tags of the template language are taken out: their quotes would end attributes.
            html = re.sub(r"\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", "x", path.read_text(), flags=re.DOTALL)
            assert inline(html) == [], name_of(path)


@pytest.mark.parametrize(
    "bad", ['<p style="color:red">', "<script>x()</script>", "<a onclick=x()>", '<a href=" javascript:x()">', "<style>"]
)
def test_081_control_inline_code_is_found(bad):
    assert inline(bad)


# --- 51: what a request says is never a lookup -------------------------------------------------------------------------
QUERY_METHODS = {
    "filter", "exclude", "get", "get_or_create", "update_or_create", "update", "annotate", "alias", "aggregate", "order_by",
    "values", "values_list", "only", "defer", "distinct", "Q",
}  # fmt: skip
SQL_CALLS = {"RawSQL", "raw", "extra", "execute", "executemany"}


def calls(source: str) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            yield name, node


def expansions(source: str) -> list[str]:
    """Query methods called with *names or **lookups."""
    found = []
    for name, call in calls(source):
        starred = [each.value for each in call.args if isinstance(each, ast.Starred)]
        starred += [each.value for each in call.keywords if each.arg is None and not _is_written_here(each.value)]
        handed_on = bool(call.args) and ast.unparse(call.args[0]) == "self"  # a method of another class
        is_super = handed_on or (isinstance(call.func, ast.Attribute) and "super()" in ast.unparse(call.func.value))
        if name in QUERY_METHODS and starred and not is_super:
            found.append(ast.unparse(call)[:100])
    return found


def _is_written_here(mapping: ast.expr) -> bool:
    """A mapping whose names are written where it is used, and in which no request is asked for one."""
    if not isinstance(mapping, ast.Dict) or any(key is None for key in mapping.keys):
        return False
    words = {getattr(part, "id", "") or getattr(part, "attr", "") for key in mapping.keys for part in ast.walk(key)}
    return not words & {"request", "GET", "POST", "data", "query_params", "kwargs", "get"}


def test_051_no_mapping_becomes_a_lookup_outside_the_reviewed_list():
    found = {name_of(path): expansions(path.read_text()) for path in CODE}
    assert {name: each for name, each in found.items() if each and name not in REVIEWED_EXPANSIONS} == {}


def test_051_control_an_expanded_lookup_is_found():
    assert expansions("Proposal.objects.filter(**request.GET.dict())")
    assert expansions("rows.order_by(*request.GET.getlist('o'))")
    assert expansions("rows.filter(Q(**data))")
    assert expansions("rows.filter(**{request.GET['by']: 1})")


def formatted_sql(source: str) -> list[str]:
    """Statements into which a value is written; names of tables come from the code."""
    found = []
    for name, call in calls(source):
        is_cursor = name in {"RawSQL", "raw", "extra"} or "cursor" in ast.unparse(call.func)
        if name not in SQL_CALLS or not call.args or not is_cursor:
            continue
        written = [part for part in ast.walk(call.args[0]) if isinstance(part, ast.FormattedValue)]
        if not all("_meta.db_table" in ast.unparse(part) for part in written):
            found.append(ast.unparse(call)[:200])
    return found


def test_051_no_value_is_written_into_sql():
    assert {name_of(path): found for path in CODE if (found := formatted_sql(path.read_text()))} == {}


def test_051_control_a_value_written_into_sql_is_found():
    assert formatted_sql("cursor.execute(f\"SELECT 1 FROM t WHERE a = '{a}'\")")
    assert formatted_sql("Person.objects.raw(f'SELECT {a}')")
    assert not formatted_sql("cursor.execute(f'SELECT 1 FROM {Topic._meta.db_table} WHERE a = %s', [a])")


# --- 58: a question that is not asked ----------------------------------------------------------------------------------
QUESTION = re.compile(r"(may|is|has|leads|can)(_[a-z_]+)?")


def unasked(source: str) -> list[str]:
    """Functions of the module or imported into it that stand where their answer should: `if may_edit:`."""
    tree = ast.parse(source)
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    functions |= {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    tested: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp | ast.While | ast.Assert):
            tested.append(node.test)
        elif isinstance(node, ast.BoolOp):
            tested += node.values
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            tested.append(node.operand)
        elif isinstance(node, ast.comprehension):
            tested += node.ifs
    found = []
    for each in tested:
        if isinstance(each, ast.Name) and each.id in functions and QUESTION.fullmatch(each.id):
            found.append(each.id)
        if isinstance(each, ast.Attribute) and each.attr.startswith("may_") and "rules" in ast.unparse(each.value):
            found.append(ast.unparse(each))
        if isinstance(each, ast.Lambda):
            found.append("lambda")
    return found


def test_058_every_question_about_permission_is_asked():
    assert {name_of(path): unasked(path.read_text()) for path in CODE if unasked(path.read_text())} == {}


@pytest.mark.parametrize(
    "bad",
    [
        "from x import may_edit\nif may_edit: pass",
        "from x import is_secretary\nok = a and is_secretary",
        "from x import leads\nif not leads: pass",
        "if ballot.rules.may_read: pass",
        "if (lambda: False): pass",
    ],
)
def test_058_control_an_unasked_question_is_found(bad):
    assert unasked(bad)


def test_058_every_verdict_function_says_what_it_returns():
    for path in CODE:
        if path.name != "permissions.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and QUESTION.fullmatch(node.name):
                returned = ast.unparse(node.returns) if node.returns else ""
                assert returned in {"Verdict", "bool", "Exists"}, (name_of(path), node.name)


def test_058_every_action_module_asks_before_it_writes():
    """Each public action with an actor requires a verdict, or refuses in its own words."""
    silent = []
    for path in CODE:
        if "actions" not in path.parts and path.name != "actions.py":
            continue
        tree = ast.parse(path.read_text())
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                takes_actor = any(each.arg == "actor" for each in node.args.kwonlyargs)
                text = ast.unparse(node)
                if takes_actor and not re.search(r"\.require\(\)|Refused|may_", text):
                    silent.append(f"{name_of(path)}:{node.name}")
    # Their verdict is the caller's, or they concern nobody but the actor.
    assert set(silent) <= ACTIONS_OF_ONESELF, silent


ACTIONS_OF_ONESELF = {
    "ballots/actions.py:open_ballot",  # the owner of the ballot asks
    "ballots/actions.py:record_past_ballot",  # from signed minutes, an import or the demo
    "ballots/actions.py:cast_vote",  # the roll is part of its statement
    "journal/actions.py:record",
    "proposals/actions/in_municipal_council.py:tell",  # a step of actions that asked
    "proposals/actions/managing.py:change_district",  # `_mine` asks, for this and the next three
    "proposals/actions/managing.py:change_theme",
    "proposals/actions/managing.py:tag_proposal",
    "proposals/actions/managing.py:untag_proposal",
    "people/actions.py:give_age_band",
    "proposals/actions/moving.py:move",  # a step of actions that asked
    "proposals/actions/revising.py:publish",  # likewise
    "proposals/actions/opinions/common.py:tell",  # likewise, as the next three
    "proposals/actions/opinions/common.py:adopt",
    "proposals/actions/opinions/common.py:decline",
    "proposals/actions/opinions/common.py:back_to_draft",
    "proposals/actions/following.py:unfollow_proposal",
    "people/actions.py:change_profile",
    "councils/actions/procedures.py:write_procedure",  # a step of `set_procedure`, which asked
    "councils/actions/residences.py:declare_residence",
}


# --- 131: what is switched off ------------------------------------------------------------------------------------------
def test_131_the_api_has_no_pages_of_its_own():
    for path, pattern in _patterns(get_resolver()):
        cls = getattr(pattern.callback, "cls", None)
        if cls is not None and issubclass(cls, APIView) and not path.endswith("schema/"):
            assert cls.renderer_classes == [JSONRenderer], path
    assert settings.DEBUG is False
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TASK_SERIALIZER == "json"


def test_132_trusted_origins_are_exact():
    for origin in [*settings.CSRF_TRUSTED_ORIGINS, *settings.LIVE_ORIGINS, *settings.ALLOWED_HOSTS]:
        assert "*" not in origin
        assert not origin.startswith(".")
    assert not any("cors" in name.lower() for name in [*settings.INSTALLED_APPS, *settings.MIDDLEWARE])
