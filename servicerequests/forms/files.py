"""Files sent with a form: each is checked by its content while the form is, and what is refused stands beside the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from documents.attachment_content import Checked, check, clean_name
from servicerequests.actions.filing_away import MOST_AT_ONCE


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Some files, or none; cleaned to harmless copies. Each that cannot be taken is named with why."""

    widget = _SeveralFiles

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", _l("Dosyalar"))
        kwargs.setdefault(
            "help_text",
            format_lazy(
                _l("PDF, JPEG, PNG ya da WebP; en çok {n} dosya, her biri en çok {size} MB."),
                n=MOST_AT_ONCE,
                size=settings.ATTACHMENT_MAX_BYTES // (1024 * 1024),
            ),
        )
        super().__init__(max_length=400, **kwargs)
        self.widget.attrs["accept"] = "application/pdf,image/jpeg,image/png,image/webp"

    def clean(self, data: Any, initial: Any = None) -> list[Checked]:  # type: ignore[override]
        uploads: list[UploadedFile] = [each for each in data or [] if each]
        if len(uploads) > MOST_AT_ONCE:
            raise ValidationError(_("Bir kerede en çok %(n)s dosya ekleyebilirsiniz.") % {"n": MOST_AT_ONCE})
        found, wrong = [], []
        for upload in uploads:
            try:
                found.append(check(upload, upload.name or "", max_bytes=settings.ATTACHMENT_MAX_BYTES))
            except ValidationError as error:
                name = clean_name(upload.name or "", "")
                wrong += [f"{name}: {sentence}" for sentence in error.messages]
        if wrong:
            raise ValidationError(wrong)
        return found


class WithFiles(forms.Form):
    """A form that takes files. A browser does not keep them, so where it comes back it says that they are to be chosen again."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            self.choose_again()

    def choose_again(self) -> None:
        if self.files and "files" not in self.errors:
            self.add_error("files", _("Dosyalarınızı yeniden seçin; tarayıcılar seçilmiş dosyaları saklamaz."))
