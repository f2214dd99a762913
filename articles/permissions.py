"""Who writes an article, and who lets it be shown: two different people of the directorate."""

from __future__ import annotations

from django.utils.translation import gettext as _

from articles.models import Article, ArticleVersion, State
from councils.models import Council
from councils.permissions import is_directorate_officer
from people.models import AnyPerson
from people.verdicts import YES, Verdict, no


def may_write(person: AnyPerson, council: Council) -> Verdict:
    if is_directorate_officer(person, council):
        return YES
    return no(_("Bilgi bankasının yazılarını müdürlük görevlileri yazar."), code="not_officer")


def may_release(person: AnyPerson, article: Article, newest: ArticleVersion) -> Verdict:
    """A second officer, once the first has handed it in."""
    if not (verdict := may_write(person, article.council)):
        return verdict
    if article.state != State.IN_REVIEW:
        return no(_("Bu yazı onay beklemiyor."), code="not_in_review")
    if newest.author_id == person.pk:
        return no(_("Kendi yazdığınızı siz yayımlayamazsınız; başka bir görevli okur."), code="own_text")
    return YES


def may_say_helpful(person: AnyPerson, article: Article) -> Verdict:
    if not person.is_authenticated:
        return no(_("Yazının işe yarayıp yaramadığını söylemek için giriş yapın."), code="sign_in")
    if not article.is_shown:
        return no(_("Bu yazı yayında değil."), code="not_shown")
    return YES
