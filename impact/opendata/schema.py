"""The tables of the open data: the one definition that writes the files, their descriptor and the data dictionary.

Types and constraints are those of Table Schema (Data Package 2.0, https://datapackage.org/standard/table-schema/).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from ballots.models import Majority, Method, Outcome
from councils.models import BodyKind, Holder, MeetingState
from proposals.models.decision import Outcome as DecidedAs
from proposals.opinion_states import OpinionState
from proposals.reasons import Reason
from proposals.stages import Stage

Text = str | Promise
STAGES = tuple(stage.value for stage in Stage if stage != Stage.DRAFT)
ACTIVITIES = ("any", "author", "supporter", "commenter", "voter")
ALL, NONE = "all", "none"


@dataclass(frozen=True)
class Field:
    """A column. `refers_to` names the table and column its values are found in."""

    name: str
    type: str
    text: Text
    is_required: bool = False
    values: Sequence[str] = ()
    refers_to: tuple[str, str] | None = None

    def described(self) -> dict[str, Any]:
        constraints: dict[str, Any] = {}
        if self.is_required:
            constraints["required"] = True
        if self.values:
            constraints["enum"] = list(self.values)
        described = {"name": self.name, "type": self.type, "description": str(self.text)}
        return described | ({"constraints": constraints} if constraints else {})


@dataclass(frozen=True)
class Table:
    """A file of rows. `key` are the columns that name a row for ever."""

    name: str
    title: Text
    text: Text
    key: tuple[str, ...]
    fields: tuple[Field, ...]

    def described(self) -> dict[str, Any]:
        """The table as Table Schema says it."""
        keys = []
        for field in self.fields:
            if field.refers_to:
                table, column = field.refers_to
                reference = {"fields": [column]} if table == self.name else {"resource": table, "fields": [column]}
                keys.append({"fields": [field.name], "reference": reference})
        described = {
            "fields": [field.described() for field in self.fields],
            "primaryKey": list(self.key),
            "missingValues": [""],
        }
        return described | ({"foreignKeys": keys} if keys else {})


def _field(name: str, type_: str, text: Text, **more: Any) -> Field:
    return Field(name, type_, text, **more)


TABLES: tuple[Table, ...] = (
    Table(
        "themes",
        _l("Konular"),
        _l("Önerilerin konuları."),
        ("theme",),
        (
            _field("theme", "string", _l("Konunun değişmeyen adı"), is_required=True),
            _field("name", "string", _l("Konu"), is_required=True),
        ),
    ),
    Table(
        "districts",
        _l("İlçeler"),
        _l("Kentin ilçeleri."),
        ("district",),
        (
            _field("district", "string", _l("İlçenin değişmeyen adı"), is_required=True),
            _field("name", "string", _l("İlçe"), is_required=True),
            _field("population", "integer", _l("Nüfus; bilinmiyorsa boş")),
        ),
    ),
    Table(
        "bodies",
        _l("Organlar"),
        _l("Konseyin organları, meclisleri ve çalışma grupları."),
        ("body",),
        (
            _field("body", "string", _l("Organın değişmeyen adı"), is_required=True),
            _field("kind", "string", _l("Organın türü"), is_required=True, values=BodyKind.values),
            _field("name", "string", _l("Organ"), is_required=True),
            _field("is_active", "boolean", _l("Şu anda çalışıyor mu"), is_required=True),
        ),
    ),
    Table(
        "proposals",
        _l("Öneriler"),
        _l("Sunulmuş bütün öneriler, bugünkü metinleriyle. Taslaklar ve eski sürümler yoktur."),
        ("proposal",),
        (
            _field("proposal", "string", _l("Önerinin numarası"), is_required=True),
            _field("title", "string", _l("Başlık"), is_required=True),
            _field("summary", "string", _l("Özet")),
            _field("text", "string", _l("Metin")),
            _field("version", "integer", _l("Metnin kaçıncı sürüm olduğu"), is_required=True),
            _field(
                "author_kind", "string", _l("Kişi mi, kuruluş mu önerdi"), is_required=True,
                values=("person", "organisation"),
            ),
            _field("organisation", "string", _l("Adına önerilen kuruluş; kişilerin adı yazılmaz")),
            _field("theme", "string", _l("Konu"), refers_to=("themes", "theme")),
            _field("district", "string", _l("İlçe; boşsa kentin bütünü"), refers_to=("districts", "district")),
            _field("body", "string", _l("Önerinin sunulduğu organ"), is_required=True, refers_to=("bodies", "body")),
            _field("stage", "string", _l("Aşama"), is_required=True, values=STAGES),
            _field("stage_since", "datetime", _l("Bu aşamaya geldiği an"), is_required=True),
            _field("holder", "string", _l("Kimin elinde; boşsa kimsenin"), values=Holder.values),
            _field("due_at", "datetime", _l("Bu adımın son anı; boşsa yok")),
            _field("submitted_at", "datetime", _l("Sunulduğu an"), is_required=True),
            _field("ended_at", "datetime", _l("Yolun bittiği an")),
            _field("supports", "integer", _l("Destek sayısı"), is_required=True),
            _field("support_threshold", "integer", _l("Gereken destek")),
            _field("comments", "integer", _l("Yorum sayısı"), is_required=True),
            _field("merged_into", "string", _l("Birleştirildiği öneri"), refers_to=("proposals", "proposal")),
            _field("split_from", "string", _l("Ayrıldığı öneri"), refers_to=("proposals", "proposal")),
            _field("url", "string", _l("Önerinin sayfası"), is_required=True),
        ),
    ),
    Table(
        "stage_changes",
        _l("Aşama değişiklikleri"),
        _l("Önerilerin bir aşamadan ötekine geçişleri, gerekçeleriyle. Geçişi yapanın adı yazılmaz."),
        ("proposal", "n"),
        (
            _field("proposal", "string", _l("Öneri"), is_required=True, refers_to=("proposals", "proposal")),
            _field("n", "integer", _l("Önerinin kaçıncı geçişi"), is_required=True),
            _field("old", "string", _l("Önceki aşama"), is_required=True, values=Stage.values),
            _field("new", "string", _l("Yeni aşama"), is_required=True, values=STAGES),
            _field("at", "datetime", _l("Geçiş anı"), is_required=True),
            _field("reason_code", "string", _l("Gerekçenin türü"), values=Reason.values),
            _field("reason", "string", _l("Gerekçe")),
        ),
    ),
    Table(
        "ballots",
        _l("Oylamalar"),
        _l("Sonucu yazılmış oylamalar. Kimin ne oy verdiği ve adayların adları yoktur."),
        ("ballot",),
        (
            _field("ballot", "integer", _l("Oylamanın numarası"), is_required=True),
            _field("proposal", "string", _l("Oylanan öneri"), refers_to=("proposals", "proposal")),
            _field("body", "string", _l("Oylayan organ; boşsa hemşehriler"), refers_to=("bodies", "body")),
            _field("method", "string", _l("Yöntem"), is_required=True, values=Method.values),
            _field("opens_at", "datetime", _l("Açılış"), is_required=True),
            _field("closes_at", "datetime", _l("Kapanış"), is_required=True),
            _field("declared_at", "datetime", _l("Sonucun yazıldığı an"), is_required=True),
            _field("electorate", "integer", _l("Oy hakkı olanlar"), is_required=True),
            _field("votes", "integer", _l("Verilen oylar"), is_required=True),
            _field("quorum", "integer", _l("Yeter sayı"), is_required=True),
            _field("majority", "string", _l("Gereken çoğunluk"), values=Majority.values),
            _field("outcome", "string", _l("Sonuç"), values=Outcome.values),
            _field("yes", "integer", _l("Kabul; başka yöntemlerde boş")),
            _field("no", "integer", _l("Ret; başka yöntemlerde boş")),
            _field("abstentions", "integer", _l("Çekimser; başka yöntemlerde boş")),
        ),
    ),
    Table(
        "opinions",
        _l("Görüşler"),
        _l("Genel kurula sunulmuş görüşler ve belediyeye gönderilişleri. Taslaklar yoktur."),
        ("opinion",),
        (
            _field("opinion", "string", _l("Görüşün numarası"), is_required=True),
            _field("title", "string", _l("Başlık"), is_required=True),
            _field("text", "string", _l("Metin"), is_required=True),
            _field("state", "string", _l("Durum"), is_required=True, values=OpinionState.values),
            _field("state_since", "datetime", _l("Bu duruma geldiği an"), is_required=True),
            _field("adopted_at", "datetime", _l("Kabul edildiği an")),
            _field("sent_on", "date", _l("Belediyeye gönderildiği gün")),
            _field("registry_number", "string", _l("Belediyedeki evrak kayıt numarası")),
            _field("url", "string", _l("Görüşün sayfası"), is_required=True),
        ),
    ),
    Table(
        "opinion_proposals",
        _l("Görüşlerin önerileri"),
        _l("Hangi görüşün hangi önerilerden yapıldığı."),
        ("opinion", "proposal"),
        (
            _field("opinion", "string", _l("Görüş"), is_required=True, refers_to=("opinions", "opinion")),
            _field("proposal", "string", _l("Öneri"), is_required=True, refers_to=("proposals", "proposal")),
            _field("is_current", "boolean", _l("Öneri bu görüşle mi ilerliyor"), is_required=True),
        ),
    ),
    Table(
        "municipal_meetings",
        _l("Belediye meclisi toplantıları"),
        _l("Belediye meclisinin birleşimleri ve gündemlerinin kapandığı anlar."),
        ("starts_at", "name"),
        (
            _field("starts_at", "datetime", _l("Gün ve saat"), is_required=True),
            _field("name", "string", _l("Birleşimin adı"), is_required=True),
            _field("agenda_closes_at", "datetime", _l("Gündemin kapandığı an"), is_required=True),
            _field("is_extraordinary", "boolean", _l("Olağanüstü mü"), is_required=True),
            _field("is_estimate", "boolean", _l("Takvim kuralından tahmin mi"), is_required=True),
            _field("state", "string", _l("Durum"), is_required=True, values=MeetingState.values),
        ),
    ),
    Table(
        "decisions",
        _l("Belediye meclisi kararları"),
        _l("Belediye meclisinin görüşler üzerine aldığı kararlar. İkinci bir kişi onaylayana kadar yazılmaz."),
        ("decision",),
        (
            _field("decision", "string", _l("Kararın numarası, yılıyla"), is_required=True),
            _field("opinion", "string", _l("Görüş"), is_required=True, refers_to=("opinions", "opinion")),
            _field("meeting_at", "datetime", _l("Kararın alındığı birleşimin günü ve saati"), is_required=True),
            _field("meeting", "string", _l("Birleşimin adı"), is_required=True),
            _field("agenda_number", "integer", _l("Gündem numarası")),
            _field("commission", "string", _l("Görüşü inceleyen komisyon")),
            _field("decided_on", "date", _l("Karar tarihi"), is_required=True),
            _field("is_unanimous", "boolean", _l("Oy birliği mi"), is_required=True),
            _field("yes", "integer", _l("Kabul oyları; oy birliğinde yazılmamış olabilir")),
            _field("no", "integer", _l("Ret oyları")),
            _field("abstentions", "integer", _l("Çekimserler")),
            _field("reasons", "string", _l("Gerekçe"), is_required=True),
            _field("url", "string", _l("Kararın sayfası"), is_required=True),
        ),
    ),
    Table(
        "decision_outcomes",
        _l("Kararların sonuçları"),
        _l("Her kararın her öneri için ne dediği. Ertelenen bir öneri için sonra başka bir karar alınabilir."),
        ("decision", "proposal"),
        (
            _field("decision", "string", _l("Karar"), is_required=True, refers_to=("decisions", "decision")),
            _field("proposal", "string", _l("Öneri"), is_required=True, refers_to=("proposals", "proposal")),
            _field("outcome", "string", _l("Sonuç"), is_required=True, values=DecidedAs.values),
            _field("accepted_parts", "string", _l("Kısmen kabul edildiyse kabul edilen bölümler")),
            _field("reason_code", "string", _l("Kabul edilmediyse gerekçenin türü"), values=Reason.values),
            _field("deferred_to", "datetime", _l("Ertelendiyse hangi birleşime")),
        ),
    ),
    Table(
        "implementations",
        _l("Uygulamalar"),
        _l("Önerileri hangi birimin uyguladığı ve ne yapıldığı."),
        ("proposal",),
        (
            _field("proposal", "string", _l("Öneri"), is_required=True, refers_to=("proposals", "proposal")),
            _field("unit", "string", _l("Sorumlu birim; boşsa henüz yazılmadı")),
            _field("began_at", "datetime", _l("Uygulamanın başladığı an"), is_required=True),
            _field("done_at", "datetime", _l("Bittiği an; boşsa sürüyor ya da vazgeçildi")),
            _field("outcome", "string", _l("Ne yapıldığı")),
            _field("why_open", "string", _l("Tamamlanmayan adım kaldıysa nedeni")),
        ),
    ),
    Table(
        "milestones",
        _l("Uygulama adımları"),
        _l("Uygulamaların planlanan ve tamamlanan adımları."),
        ("proposal", "title"),
        (
            _field("proposal", "string", _l("Öneri"), is_required=True, refers_to=("implementations", "proposal")),
            _field("title", "string", _l("Adım"), is_required=True),
            _field("planned_on", "date", _l("Planlanan gün"), is_required=True),
            _field("done_on", "date", _l("Tamamlandığı gün")),
            _field("evidence", "string", _l("Ne yapıldığı")),
            _field("link", "string", _l("Gösteren sayfa")),
        ),
    ),
    Table(
        "budget_lines",
        _l("Bütçe kalemleri"),
        _l("Belediye bütçesinin önerilere bağlanabilen kalemleri. Kullanılmayan kalem de burada kalır."),
        ("line",),
        (
            _field("line", "string", _l("Kalem: yılı ve kodu"), is_required=True),
            _field("year", "integer", _l("Bütçe yılı"), is_required=True),
            _field("code", "string", _l("Bütçedeki kod"), is_required=True),
            _field("name", "string", _l("Ad"), is_required=True),
            _field("unit", "string", _l("Sorumlu birim")),
            _field("amount", "number", _l("Tutar, lira; bilinmiyorsa boş")),
            _field("is_retired", "boolean", _l("Artık kullanılmıyor mu"), is_required=True),
            _field("url", "string", _l("Kalemin sayfası"), is_required=True),
        ),
    ),
    Table(
        "plan_objectives",
        _l("Stratejik plan"),
        _l("Belediyenin stratejik planlarının amaçları ve hedefleri."),
        ("objective",),
        (
            _field("objective", "string", _l("Planın dönemi ve kod"), is_required=True),
            _field("first_year", "integer", _l("Planın ilk yılı"), is_required=True),
            _field("last_year", "integer", _l("Planın son yılı"), is_required=True),
            _field("code", "string", _l("Kod: amaç A1, hedef H1.2"), is_required=True),
            _field("aim", "string", _l("Hedefin amacı; amaçta boş"), refers_to=("plan_objectives", "objective")),
            _field("name", "string", _l("Ad"), is_required=True),
            _field("unit", "string", _l("Sorumlu birim")),
            _field("is_retired", "boolean", _l("Artık kullanılmıyor mu"), is_required=True),
            _field("url", "string", _l("Amacın ya da hedefin sayfası"), is_required=True),
        ),
    ),
    Table(
        "implementation_budget_lines",
        _l("Uygulamaların bütçe kalemleri"),
        _l("Hangi önerinin hangi kalemden karşılandığı ve ne kadar ayrıldığı. Uygulanamayan öneriye ayrılan tutar sayılmaz."),
        ("proposal", "line"),
        (
            _field("proposal", "string", _l("Öneri"), is_required=True, refers_to=("implementations", "proposal")),
            _field("line", "string", _l("Bütçe kalemi"), is_required=True, refers_to=("budget_lines", "line")),
            _field("amount", "number", _l("Ayrılan tutar, lira; bilinmiyorsa boş")),
        ),
    ),
    Table(
        "implementation_objectives",
        _l("Uygulamaların hedefleri"),
        _l("Hangi önerinin stratejik planın hangi amacına ya da hedefine hizmet ettiği."),
        ("proposal", "objective"),
        (
            _field("proposal", "string", _l("Öneri"), is_required=True, refers_to=("implementations", "proposal")),
            _field(
                "objective", "string", _l("Amaç ya da hedef"), is_required=True, refers_to=("plan_objectives", "objective")
            ),
        ),
    ),
    Table(
        "participation",
        _l("Katılım"),
        _l(
            "Kaç kişinin katıldığı. Beş kişiden küçük gruplar boştur; hesapla bulunmasınlar diye bazen bir komşu sayı da boş "
            "bırakılır. Bir kişi birkaç şey yaptıysa her birinde bir kez sayılır; yıllar toplanmaz."
        ),
        ("period", "district", "activity"),
        (
            _field("period", "string", _l("Yıl; all bütün yıllar"), is_required=True),
            _field(
                "district", "string", _l("İlçe; all bütün kent, none ilçesi bilinmeyenler"), is_required=True
            ),
            _field("activity", "string", _l("Ne yaptıkları; any herhangi biri"), is_required=True, values=ACTIVITIES),
            _field("people", "integer", _l("Kişi sayısı; gösterilmiyorsa boş")),
        ),
    ),
)  # fmt: skip


def descriptor(
    *,
    name: str,
    title: str,
    text: str,
    homepage: str,
    licence: dict[str, str],
    day: str,
    created: str,
    files: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """`datapackage.json` after Data Package 2.0. `files`: name of the table, path, format, bytes, hash and rows of each."""
    tables = {table.name: table for table in TABLES}
    resources = []
    for each in files:
        table = tables[each["table"]]
        is_csv = each["format"] == "csv"
        resources.append(
            {
                "name": table.name if is_csv else f"{table.name}-json",
                "path": each["path"],
                "title": str(table.title),
                "description": str(table.text),
                "format": each["format"],
                "mediatype": "text/csv" if is_csv else "application/json",
                "encoding": "utf-8",
                "bytes": each["bytes"],
                "hash": f"sha256:{each['hash']}",
                # The JSON file holds the same rows; tools that read tables read the CSV.
                **({"type": "table", "rows": each["rows"], "schema": table.described()} if is_csv else {}),
            }
        )
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name,
        "title": title,
        "description": text,
        "homepage": homepage,
        "version": day,
        "created": created,
        "licenses": [licence],
        "resources": resources,
    }
