"""The guards against attacks on files, limits, configuration and personal data; see `tests.attacks.guards`."""

from __future__ import annotations

from django.conf import settings

from tests.attacks.taking_out import always, puts, sets, with_middleware, without_middleware
from tests.attacks.unguarded import (
    addresses_in_the_administration,
    anybodys_drafts,
    files_under_the_given_name,
    no_query_is_narrowed,
    one_cache_for_everybody,
    pages_without_a_limit,
    production,
)
from tests.attacks.without import Guard

GUARDS: tuple[Guard, ...] = (
    Guard(
        "test_133_made_up_ports_of_our_host_take_no_memory",
        "few hosts are remembered",
        puts("participation.express.lane.MOST_HOSTS", 10**6),
    ),
    Guard(
        "test_116_an_archive_is_not_opened",
        "what is neither PDF nor picture is refused",
        puts("documents.attachment_content._reencoded_image", lambda data: data),
    ),
    Guard(
        "test_117_a_picture_of_too_many_points_is_not_unpacked",
        "points are counted before a picture is unpacked",
        puts("documents.attachment_content.MAX_PIXELS", 10**12),
        where="8000",
    ),
    Guard(
        "test_120_a_body_beyond_the_limit_is_refused_by_the_server_before_it_is_read",
        "bodies are measured at the entrance",
        pages_without_a_limit,
        fails=(AssertionError, TimeoutError),
    ),
    Guard(
        "test_131_the_deployment_check_has_nothing_to_say",
        "a site of https",
        lambda site: site.entry(production(), "SECURE_SSL_REDIRECT", ""),
    ),
    Guard(
        "test_133_nobody_says_in_a_header_who_they_are",
        "only a session or a token says who asks",
        with_middleware("tests.attacks.unguarded.BelievesAHeader", before="MessageMiddleware"),
    ),
    Guard(
        "test_114_what_is_neither_pdf_nor_picture_is_refused_with_a_sentence",
        "files are read and made anew",
        puts("documents.attachment_content._reencoded_image", lambda data: data),
    ),
    Guard(
        "test_114_no_script_is_left_in_a_pdf_wherever_it_stands",
        "a PDF is made anew without actions",
        puts("documents.attachment_content._harmless_pdf", lambda data: data),
    ),
    Guard(
        "test_115_a_name_is_only_ever_shown",
        "a file is kept under a name of our own",
        files_under_the_given_name,
        where="<svg",
    ),
    Guard(
        "test_117_a_picture_loses_its_place_and_is_shown_as_our_own_copy",
        "a picture is drawn anew",
        puts("documents.attachment_content._reencoded_image", lambda data: data),
    ),
    Guard(
        "test_118_no_cell_of_an_export_is_a_formula",
        "an apostrophe before what could be a formula",
        puts("proposals.sheets.neutral", str),
    ),
    Guard(
        "test_118_a_workbook_holds_texts_and_no_formulas_or_links",
        "an apostrophe before what could be a formula",
        puts("proposals.sheets.neutral", str),
    ),
    Guard(
        "test_118_ones_own_export_is_imported_as_it_was_written",
        "an import takes the apostrophe of an export away",
        puts("proposals.import_rows.original", str),
    ),
    Guard(
        "test_119_a_drafts_file_is_its_authors_alone",
        "files are found among the proposals one may see",
        no_query_is_narrowed,
    ),
    Guard(
        "test_120_many_fields_are_refused_and_not_read", "a limit of fields", sets(DATA_UPLOAD_MAX_NUMBER_FIELDS=None)
    ),
    Guard(
        "test_123_a_codec_that_is_not_of_text_is_refused_before_it_breaks_the_request",
        "UTF-8 only",
        puts("participation.charset.is_plain", always(True)),
        fails=(AssertionError, ValueError),
    ),
    Guard(
        "test_126_a_strange_language_is_turkish_and_soon",
        "languages by list",
        sets(LANGUAGES=[*settings.LANGUAGES, ("de", "Deutsch")]),
        where="de",
    ),
    Guard(
        "test_130_two_people_at_one_address_never_get_one_body",
        "no cache between people",
        one_cache_for_everybody,
    ),
    Guard(
        "test_130_no_shared_cache_keeps_a_page_made_for_somebody",
        "pages say that they are private",
        without_middleware("PersonalPagesMiddleware"),
        fails=(AssertionError, KeyError),
    ),
    Guard("test_132_trusted_origins_are_exact", "origins by list", sets(LIVE_ORIGINS=["*"])),
    Guard("test_133_another_host_s_name_is_not_believed", "hosts by list", sets(ALLOWED_HOSTS=["*"])),
    Guard("test_136_what_is_hidden_looks_exactly_like_what_is_not_there", "hidden answers as absent", anybodys_drafts),
    Guard("test_136_a_fault_tells_its_number_and_nothing_else", "no debugging pages", sets(DEBUG=True)),
    Guard(
        "test_150_no_address_and_no_second_step_is_given_to_an_account_in_the_administration",
        "the administration holds what we wrote ourselves",
        addresses_in_the_administration,
    ),
)
