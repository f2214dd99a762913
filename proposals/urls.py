"""Addresses of proposals below a council. Fixed words come before numbers."""

from django.urls import path, register_converter

from proposals.budget.urls import urlpatterns as budget
from proposals.opinions import views as opinions
from proposals.views import (
    amending,
    attachments,
    deciding,
    implementation,
    listing,
    money,
    municipal,
    office,
    page,
    passing_on,
    taking_part,
    versions,
    writing,
)


class NumberConverter:
    """A proposal's number, in capitals or not."""

    regex = "[A-Za-z]{3}-[0-9]{4}-[0-9]{4,9}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


class SheetConverter:
    """The form of a table's file."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "proposal_number")
register_converter(SheetConverter, "sheet_form")


class OpinionNumberConverter(NumberConverter):
    """An opinion's number, in capitals or not."""

    regex = "[A-Za-z]{3}-[Gg]-[0-9]{4}-[0-9]{4,9}"


register_converter(OpinionNumberConverter, "opinion_number")

ROOT = "<slug:council_slug>/oneriler/"
DRAFT = ROOT + "taslak/<uuid:key>/"
FILE = ROOT + "ek/<int:attachment_id>/"
OFFICE = "<slug:council_slug>/masam/oneriler/"
OPINIONS = "<slug:council_slug>/gorusler/"
OPINION_DRAFT = OPINIONS + "taslak/<uuid:key>/"
OPINION = OPINIONS + "<opinion_number:number>/"
ONE = ROOT + "<proposal_number:number>/"
AMENDMENT = ONE + "degisiklikler/<int:amendment>/"
DECISION = "<slug:council_slug>/kararlar/<int:pk>/"
BEFORE_COUNCIL = "<slug:council_slug>/belediye-meclisi/gorus/<slug:number>/"

urlpatterns = [
    path(ROOT, listing.proposal_list, name="proposal_list"),
    path(ROOT + "noktalar.json", listing.proposal_points, name="proposal_points"),
    path(ROOT + "sinirlar.json", listing.proposal_outline, name="proposal_outline"),
    path(ROOT + "benzer/", listing.proposal_similar, name="proposal_similar"),
    path(ROOT + "yeni/", writing.proposal_new, name="proposal_new"),
    path(DRAFT, writing.proposal_draft, name="proposal_draft"),
    path(DRAFT + "sil/", writing.proposal_discard, name="proposal_discard"),
    path(DRAFT + "<slug:step>/", writing.proposal_draft_step, name="proposal_draft_step"),
    path(FILE, attachments.proposal_attachment, name="proposal_attachment"),
    path(FILE + "gorsel/", attachments.proposal_attachment_image, name="proposal_attachment_image"),
    path(FILE + "kaldir/", attachments.proposal_attachment_remove, name="proposal_attachment_remove"),
    path(OFFICE, office.proposal_office, name="proposal_office"),
    path(OFFICE + "toplu/", office.proposal_office_bulk, name="proposal_office_bulk"),
    path(OFFICE + "gorunumler/", office.proposal_office_view, name="proposal_office_view"),
    path(
        OFFICE + "gorunumler/<int:view_id>/sil/", office.proposal_office_view_remove, name="proposal_office_view_remove"
    ),
    path(OFFICE + "oneriler.<sheet_form:form>", office.proposal_office_file, name="proposal_office_file"),
    path("<slug:council_slug>/uygulamalar/", implementation.implementation_list, name="implementation_list"),
    path(ONE, page.proposal_detail, name="proposal_detail"),
    path(ONE + "kutu/", page.proposal_action, name="proposal_action"),
    path(ONE + "destekleyenler/", page.proposal_supporters, name="proposal_supporters"),
    path(ONE + "sunuldu/", writing.proposal_receipt, name="proposal_receipt"),
    path(ONE + "destek/", taking_part.proposal_support, name="proposal_support"),
    path(ONE + "destek/geri/", taking_part.proposal_withdraw_support, name="proposal_withdraw_support"),
    path(ONE + "takip/", taking_part.proposal_follow, name="proposal_follow"),
    path(ONE + "surumler/", versions.proposal_versions, name="proposal_versions"),
    path(ONE + "metin/", amending.proposal_text, name="proposal_text"),
    path(ONE + "metin/<int:position>/degistir/", amending.amendment_propose, name="amendment_propose"),
    path(ONE + "degisiklikler/", amending.proposal_amendments, name="proposal_amendments"),
    path(AMENDMENT, amending.amendment_detail, name="amendment_detail"),
    path(AMENDMENT + "karar/", amending.amendment_decide, name="amendment_decide"),
    path(AMENDMENT + "geri-cek/", amending.amendment_withdraw, name="amendment_withdraw"),
    path(ONE + "yeni-surum/", versions.proposal_revise, name="proposal_revise"),
    path(ONE + "ekler/", attachments.proposal_attachments, name="proposal_attachments"),
    path(ONE + "uygunluk/", deciding.proposal_admissibility, name="proposal_admissibility"),
    path(ONE + "oylama-ac/", deciding.proposal_open_ballot, name="proposal_open_ballot"),
    path(ONE + "grup-karari/", deciding.proposal_decline, name="proposal_decline"),
    path(ONE + "gundeme-al/", passing_on.proposal_put_on_agenda, name="proposal_put_on_agenda"),
    path(ONE + "geri-ver/", passing_on.proposal_give_back, name="proposal_give_back"),
    path(ONE + "yanit/", passing_on.proposal_answer, name="proposal_answer"),
    path(ONE + "birlestir/", passing_on.proposal_merge, name="proposal_merge"),
    path(ONE + "ayir/", passing_on.proposal_split, name="proposal_split"),
    path(ONE + "uygulama/", implementation.proposal_implementation, name="proposal_implementation"),
    path(ONE + "uygulama/para/", money.proposal_money, name="proposal_money"),
    path(ONE + "degerlendirme/", implementation.proposal_review, name="proposal_review"),
    path(ONE + "geri-cek/", deciding.proposal_withdraw, name="proposal_withdraw"),
    path(OPINIONS, opinions.opinion_list, name="opinion_list"),
    path(OPINIONS + "yeni/", opinions.opinion_new, name="opinion_new"),
    path(OPINION_DRAFT, opinions.opinion_draft, name="opinion_draft"),
    path(OPINION_DRAFT + "sil/", opinions.opinion_discard, name="opinion_discard"),
    path(OPINION_DRAFT + "oylama-ac/", opinions.opinion_open_ballot, name="opinion_open_ballot"),
    path(OPINION_DRAFT + "tutanak/", opinions.opinion_tally, name="opinion_tally"),
    path(OPINION, opinions.opinion_detail, name="opinion_detail"),
    path(OPINION + "tutanak.pdf", opinions.opinion_minutes, name="opinion_minutes"),
    path(OPINION + "gorus.pdf", opinions.opinion_pdf, name="opinion_pdf"),
    path(OPINION + "onay/", opinions.opinion_settle, name="opinion_settle"),
    path(OPINION + "gonder/", opinions.opinion_send, name="opinion_send"),
    path("<slug:council_slug>/kararlar/", municipal.decision_list, name="decision_list"),
    path(DECISION, municipal.decision_detail, name="decision_detail"),
    path(DECISION + "sonuclandir/", municipal.decision_settle, name="decision_settle"),
    path(DECISION + "belge/", municipal.decision_document_add, name="decision_document_add"),
    path(DECISION + "belge/<int:document>/", municipal.decision_document, name="decision_document"),
    path(BEFORE_COUNCIL, municipal.opinion_in_council, name="opinion_in_council"),
    path(BEFORE_COUNCIL + "karar/", municipal.decision_enter, name="decision_enter"),
    *budget,
]
