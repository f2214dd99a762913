"""A council's file, read and checked; every problem is told with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ballots.models import Majority
from councils.council_file.data import (
    CODE,
    LARGEST_FILE,
    ORGANS,
    BodyData,
    CouncilData,
    CouncilFileError,
    DistrictData,
    Problem,
    ThemeData,
)
from councils.council_file.pieces import Pieces, place_of
from councils.models import RESERVED_SLUGS, BodyKind


def read_council_file(path: Path) -> CouncilData:
    """Read and check a file; raises `CouncilFileError` with every problem found, none of them silently mended."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8")
    except OSError as error:
        raise CouncilFileError(path, [Problem(1, 1, _("dosya okunamadı: %s") % error.strerror)]) from error
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CouncilFileError(path, [Problem(line, 1, _("dosya UTF-8 ile yazılmış olmalı"))]) from error
    if len(content) > LARGEST_FILE:
        raise CouncilFileError(path, [Problem(1, 1, _("dosya çok büyük"))])
    try:
        root = YAML(typ="rt").load(text)
    except DuplicateKeyError as error:
        mark = error.problem_mark
        problem = Problem(mark.line + 1, mark.column + 1, _("bu anahtar ikinci kez yazılmış"))
        raise CouncilFileError(path, [problem]) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        raise CouncilFileError(path, [Problem(*place, _("YAML yazımı bozuk: %s") % error.problem)]) from error
    except YAMLError as error:
        raise CouncilFileError(path, [Problem(1, 1, _("YAML yazımı bozuk: %s") % error)]) from error
    return _Reader(path, content).read(root)


class _Reader(Pieces):
    """The parts of the file in their order."""

    def read(self, root: Any) -> CouncilData:
        sections = "council procedure themes districts organs assemblies working_groups"
        document = self.map(root, (1, 1), sections)
        if document is None:
            raise CouncilFileError(self.path, self.problems)
        samples: list[str] = []
        places: dict[str, tuple[int, int]] = {}
        district_lines: dict[str, int] = {}
        districts = [
            self.district(node, samples)
            for node in self.entries(document, "districts", "slug name centre", "population sample", district_lines)
        ]
        themes = [
            ThemeData(self.slug(node), self.text(node, "name", longest=60), self.text(node, "name_en", longest=60))
            for node in self.entries(document, "themes", "slug name", "name_en", {})
        ]
        fields = self.council(document, samples, places, [district.slug for district in districts])
        procedure = self.procedure(document, samples)
        bodies = self.bodies(document)
        if self.problems:
            raise CouncilFileError(self.path, self.problems)
        fields["sample_fields"] = sorted(samples)
        digest = self.digest.hexdigest()
        return CouncilData(fields, procedure, districts, themes, bodies, places, digest, self.path)

    def district(self, node: CommentedMap, samples: list[str]) -> DistrictData:
        """A district; `sample: true` says that its population is only an example."""
        population = self.whole(node, "population", 1, 50_000_000) if "population" in node else None
        if self.flag(node, "sample") and "population" not in samples:
            samples.append("population")
        return DistrictData(self.slug(node), self.text(node, "name", longest=60), self.centre(node), population)

    def entries(
        self, document: CommentedMap, section: str, required: str, optional: str, slugs: dict[str, int]
    ) -> Iterator[CommentedMap]:
        names: dict[str, int] = {}
        for item, place in self.items(document, section):
            node = self.map(item, place, required, optional)
            if node is None:
                continue
            self.unique(slugs, node.get("slug", ""), node, "slug")
            self.unique(names, node.get("name", ""), node, "name")
            yield node

    def council(
        self, document: CommentedMap, samples: list[str], places: dict[str, tuple[int, int]], districts: list[str]
    ) -> dict[str, Any]:
        if "council" not in document:
            return {}
        node = self.map(
            document["council"],
            place_of(document, "council", of_key=True),
            "slug code name province municipality centre",
            "zoom outline vision mission principles about verification_desk",
        )
        if node is None:
            return {}
        places.update({key: place_of(node, key) for key in node})
        slug = self.slug(node, longest=40)
        if slug in RESERVED_SLUGS:
            self.wrong(places["slug"], _("bu slug sitenin bir sayfasıdır, kullanılamaz: %s") % slug)
        code = self.text(node, "code")
        if code and not CODE.match(code):
            self.wrong(places["code"], _("code, üç büyük A-Z harfi olmalı: %s") % code)
        latitude, longitude = self.centre(node)
        return {
            "slug": slug,
            "code": code,
            "name": self.text(node, "name", longest=120),
            "province": self.text(node, "province", longest=40),
            "municipality": self.text(node, "municipality", longest=120),
            "latitude": latitude,
            "longitude": longitude,
            "zoom": self.whole(node, "zoom", 1, 19) if "zoom" in node else 10,
            "vision": self.maybe_sample(node, "vision", samples),
            "mission": self.maybe_sample(node, "mission", samples),
            "about": self.maybe_sample(node, "about", samples),
            "principles": self.principles(node, samples),
            "verification_desk": self.verification_desk(node, samples),
            "outline": self.outline(node, districts),
        }

    def maybe_sample(self, node: CommentedMap, key: str, samples: list[str]) -> str:
        """A text, or a map of a text and `sample: true`."""
        if isinstance(node.get(key), CommentedMap):
            inner = self.map(node[key], place_of(node, key, of_key=True), "text", "sample")
            if inner is None:
                return ""
            if self.flag(inner, "sample"):
                samples.append(key)
            return self.text(inner, "text")
        return self.text(node, key)

    def principles(self, node: CommentedMap, samples: list[str]) -> list[dict[str, str]]:
        titles: dict[str, int] = {}
        found = []
        for item, place in self.items(node, "principles"):
            principle = self.map(item, place, "title text", "sample")
            if principle is None:
                continue
            self.unique(titles, principle.get("title", ""), principle, "title")
            if self.flag(principle, "sample") and "principles" not in samples:
                samples.append("principles")
            found.append({"title": self.text(principle, "title", longest=80), "text": self.text(principle, "text")})
        return found

    def verification_desk(self, node: CommentedMap, samples: list[str]) -> dict[str, str]:
        """Where an officer verifies residents; only what the file says, as plain texts."""
        key = "verification_desk"
        if key not in node:
            return {}
        desk = self.map(node[key], place_of(node, key, of_key=True), "address", "hours phone documents sample")
        if desk is None:
            return {}
        if self.flag(desk, "sample"):
            samples.append(key)
        names = [name for name in ("address", "hours", "phone", "documents") if name in desk]
        return {name: self.text(desk, name, longest=300) for name in names}

    def outline(self, node: CommentedMap, districts: list[str]) -> dict[str, Any]:
        """The GeoJSON file named beside the council's file; every district has one feature, and nothing else has."""
        name = self.text(node, "outline", longest=200)
        if not name:
            return {}
        place = place_of(node, "outline")
        if "/" in name or "\\" in name or name.startswith("."):
            self.wrong(place, _("outline, aynı klasördeki bir dosyanın adı olmalı: %s") % name)
            return {}
        try:
            content = (self.path.parent / name).read_bytes()
            outline = json.loads(content)
            slugs = [feature["properties"]["slug"] for feature in outline["features"]]
        except OSError:
            self.wrong(place, _("outline dosyası bulunamadı: %s") % name)
            return {}
        except (ValueError, KeyError, TypeError):
            self.wrong(place, _("outline dosyası ilçe slug’ları taşıyan bir GeoJSON olmalı: %s") % name)
            return {}
        self.digest.update(content)
        for slug in sorted(set(districts) - set(slugs)):
            self.wrong(place, _("outline dosyasında bu ilçe yok: %s") % slug)
        for slug in sorted(set(slugs) - set(districts)):
            self.wrong(place, _("outline dosyasındaki ilçe listede yok: %s") % slug)
        return outline  # type: ignore[no-any-return]

    def procedure(self, document: CommentedMap, samples: list[str]) -> dict[str, Any]:
        if "procedure" not in document:
            return {}
        keys = "admissibility_days support_threshold support_days group_days ballot_days quorum_percent majority"
        place = place_of(document, "procedure", of_key=True)
        node = self.map(document["procedure"], place, keys, "sample")
        if node is None:
            return {}
        if self.flag(node, "sample"):
            samples.append("procedure")
        return {
            "admissibility_days": self.whole(node, "admissibility_days", 1, 365),
            "support_threshold": self.whole(node, "support_threshold", 1, 10_000_000),
            "support_days": self.whole(node, "support_days", 1, 3650),
            "group_days": self.whole(node, "group_days", 1, 3650),
            "ballot_days": self.whole(node, "ballot_days", 1, 365),
            "quorum_percent": self.whole(node, "quorum_percent", 0, 100),
            "majority": self.one_of(node, "majority", Majority.values),
        }

    def bodies(self, document: CommentedMap) -> list[BodyData]:
        slugs: dict[str, int] = {}
        kinds: dict[str, int] = {}
        found = []
        for node in self.entries(document, "organs", "kind slug name purpose", "sample", slugs):
            kind = self.one_of(node, "kind", [kind.value for kind in ORGANS])
            self.unique(kinds, node.get("kind", ""), node, "kind")
            found.append(self.body(node, kind))
        extra = "sample objectives activities partners"
        sections: list[tuple[str, str]] = [
            ("assemblies", BodyKind.ASSEMBLY),
            ("working_groups", BodyKind.WORKING_GROUP),
        ]
        for section, kind in sections:
            nodes = self.entries(document, section, "slug name purpose", extra, slugs)
            found.extend(self.body(node, kind) for node in nodes)
        return found

    def body(self, node: CommentedMap, kind: str) -> BodyData:
        return BodyData(
            kind=str(kind),
            slug=self.slug(node, longest=80),
            name=self.text(node, "name", longest=160),
            purpose=self.text(node, "purpose"),
            is_sample=self.flag(node, "sample"),
            objectives=self.texts(node, "objectives"),
            activities=self.texts(node, "activities"),
            partners=self.texts(node, "partners", longest=200),
        )

    def texts(self, node: CommentedMap, key: str, *, longest: int = 1000) -> list[str]:
        seen: dict[str, int] = {}
        texts = []
        for item, place in self.items(node, key):
            text = self.plain(item, place, key, longest=longest)
            if text in seen:
                self.wrong(
                    place,
                    _("%(key)s içinde ikinci kez yazılmış (ilki satır %(line)d)") % {"key": key, "line": seen[text]},
                )
            seen.setdefault(text, place[0])
            texts.append(text)
        return texts
