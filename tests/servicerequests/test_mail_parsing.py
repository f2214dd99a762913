"""What stands in a mail: read when it is sound, left when it is not, and never more than it says. No database."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from servicerequests.mail_parsing import (
    REPLY_ABOVE,
    Unreadable,
    parse,
    proof_of,
    sound_address,
    text_of_html,
    without_quotes,
)

HEAD = b"From: Ayse <ayse@ornek.invalid>\r\nTo: basvuru@kent.invalid\r\nSubject: Salon\r\n"


def nested(depth: int) -> bytes:
    """Parts in parts in parts."""
    opened = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
    return HEAD + opened + b"Content-Type: text/plain\r\n\r\nderinde\r\n"


BROKEN = {
    "nothing": (b"", {"sender": "", "whole": ""}),
    "only a line end": (b"\r\n", {"sender": ""}),
    "no headers": (b"\r\n\r\nmerhaba", {"sender": "", "whole": "merhaba"}),
    "no From": (b"Subject: Salon\r\n\r\nmerhaba", {"sender": "", "subject": "Salon"}),
    "two From": (HEAD + b"From: b@c.invalid\r\n\r\nx", {"sender": ""}),
    "two addresses in From": (b"From: a@b.invalid, c@d.invalid\r\n\r\nx", {"sender": ""}),
    "an address in a name": (b'From: "bas@kan.invalid" <kotu@x.invalid>\r\n\r\nx', {"sender": "kotu@x.invalid"}),
    "an address before an address": (b"From: bas@kan.invalid <kotu@x.invalid>\r\n\r\nx", {}),
    "a group": (b"From: hepimiz: a@b.invalid, c@d.invalid;\r\n\r\nx", {"sender": ""}),
    "an empty From": (b"From: <>\r\n\r\nx", {"sender": ""}),
    "a letter that looks alike": ("From: \u212aa@x.invalid\r\n\r\nx".encode(), {"sender": ""}),
    "zero bytes": (HEAD + b"\r\nSa\x00lon\x00", {"whole": "Salon"}),
    "zero bytes in headers": (b"Fr\x00om: a@b.invalid\r\n\x00\r\nx", {"sender": "a@b.invalid"}),
    "a charset nobody knows": (
        HEAD + b"Content-Type: text/plain; charset=klingon-8\r\n\r\nSo\xc4\x9fuk",
        {"whole": "Soğuk"},
    ),
    "a codec that unpacks": (HEAD + b"Content-Type: text/plain; charset=zlib\r\n\r\nSoguk", {"whole": "Soguk"}),
    "a slow codec": (HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\nSoguk", {"whole": "Soguk"}),
    "Turkish of before": (
        HEAD + b"Content-Type: text/plain; charset=iso-8859-9\r\n\r\n\xfe\xf0\xfd\xdd\xde",
        {"whole": "şğıİŞ"},
    ),
    "bytes without a charset": (HEAD + b"\r\nso\xf0uk", {"whole": "soğuk"}),
    "letters that turn the direction": (
        HEAD + "Content-Type: text/plain; charset=utf-8\r\n\r\na\u202eb\u2066c".encode(),
        {"whole": "abc"},
    ),
    "a turned subject": (
        b"From: a@b.invalid\r\nSubject: =?utf-8?b?4oCuZmRwLmV4ZQ==?=\r\n\r\nx",
        {"subject": "fdp.exe"},
    ),
    "line ends in a subject": (
        b"From: a@b.invalid\r\nSubject: =?utf-8?q?Salon=0D=0ABcc=3A_x=40y.z?=\r\n\r\nx",
        {"subject": "Salon Bcc: x@y.z"},
    ),
    "a subject in plain UTF-8": ("From: a@b.invalid\r\nSubject: İstek\r\n\r\nx".encode(), {"subject": "İstek"}),
    "a subject in the Turkish of before": (
        b"From: a@b.invalid\r\nSubject: So\xf0uk salon\r\n\r\nx",
        {"subject": "Soğuk salon"},
    ),
    "bytes in a Message-ID": (HEAD + b"Message-ID: <a\xff\xe2\x80\xae@b>\r\n\r\nx", {"message_id": ""}),
    "a broken subject": (b"From: a@b.invalid\r\nSubject: =?utf-8?b?!!!?= =?zz?q?\xff?=\r\n\r\nx", {}),
    "broken base64": (HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n!!!!c2Fsb24", {}),
    "a date that is none": (HEAD + b"Date: yarin\r\n\r\nx", {"sent_at": None}),
    "a date in the future": (
        HEAD + b"Date: Mon, 01 Jan 9998 00:00:00 +0000\r\n\r\nx",
        {"sent_at": datetime(9998, 1, 1, tzinfo=UTC)},
    ),
    "a date beyond dates": (HEAD + b"Date: Mon, 01 Jan 99999 00:00:00 +9999\r\n\r\nx", {}),
    "a boundary that never comes": (
        HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\nmerhaba',
        {},
    ),
    "a multipart without a boundary": (HEAD + b"Content-Type: multipart/mixed\r\n\r\nmerhaba", {}),
    "a type that is none": (HEAD + b"Content-Type: ;;;=\r\n\r\nmerhaba", {"whole": "merhaba"}),
    "a Message-ID of two lines": (HEAD + b"Message-ID: <a@b\r\n c>\r\n\r\nx", {"message_id": ""}),
    "brackets without an end": (b"From: " + b"(" * 5_000 + b" a@b.invalid\r\n\r\nx", {"sender": ""}),
    "thousands of recipients": (HEAD + b"Cc: " + b"a@b.invalid," * 9_000 + b"\r\n\r\nx", {}),
    "not too deep": (nested(20), {"whole": "derinde"}),
    "too deep": (nested(1_000), Unreadable),
    "huge headers": (HEAD + b"X: y\r\n" * 60_000 + b"\r\nx", Unreadable),
    "one huge header": (HEAD + b"X: " + b"y" * 300_000 + b"\r\n\r\nx", Unreadable),
    "too many parts": (
        HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 300,
        Unreadable,
    ),
    "parameters without end": (
        HEAD + b"Content-Type: text/plain; " + b'a="b";' * 5_000 + b"\r\n\r\nx",
        Unreadable,
    ),
    "folded parameters without end": (
        HEAD + b"Content-Type: text/plain;\r\n" + b' a="b";\r\n' * 2_000 + b"\r\nx",
        Unreadable,
    ),
    "a part each line": (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"\n--b\n" * 100_000,
        Unreadable,
    ),
    "lines without end": (HEAD + b"\r\n" + b"\n" * 700_000, Unreadable),
    "a script": (
        HEAD + b"Content-Type: text/html\r\n\r\n<p>Salon</p><script>kotu()</script><style>b{}</style><!-- c -->",
        {"whole": "Salon"},
    ),
    "tags without end": (HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 3_000 + b"Salon", {}),
    "plain before HTML": (
        HEAD
        + b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>html</p>\r\n'
        + b"--b\r\nContent-Type: text/plain\r\n\r\nduz\r\n--b--\r\n",
        {"whole": "duz"},
    ),
    "a mail in a mail": (
        HEAD + b"Content-Type: message/rfc822\r\n\r\nFrom: x@y.invalid\r\nSubject: ic\r\n\r\nic metin",
        {"whole": "", "sender": "ayse@ornek.invalid"},
    ),
    "a path as a name": (
        HEAD
        + b"Content-Type: application/pdf\r\nContent-Disposition: attachment;"
        + b' filename="../../etc/\x1bpasswd"\r\n\r\nx',
        {"attached_names": ["../../etc/ passwd"]},
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_mail_is_read_as_far_as_it_goes_or_refused_and_soon(name):
    raw, expected = BROKEN[name]
    began = time.process_time()
    if expected is Unreadable:
        with pytest.raises(Unreadable):
            parse(raw)
    else:
        found = parse(raw)
        said = {each: getattr(found, each, None) for each in expected}
        if "attached_names" in expected:
            said["attached_names"] = [each.name for each in found.attached]
        assert said == expected
        for text in (found.subject, found.sender, found.sender_name, found.message_id, *found.references):
            assert text == text.strip()
            assert text.isprintable()
        assert "\x00" not in found.whole
        found.whole.encode()
    assert (
        time.process_time() - began < 20
    )  # far more than it takes: a mail that keeps the reader busy would need hours


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("mx.kent; dmarc=pass (p=reject) header.from=ornek.invalid", "pass"),
        ("mx.kent 1; spf=fail; dmarc = pass header.from=ORNEK.invalid", "pass"),
        ("mx.kent; dmarc=fail header.from=ornek.invalid", "fail"),
        ("mx.kent; dmarc=none header.from=ornek.invalid", "none"),
        ("mx.kent; dmarc=pass header.from=baska.invalid", "fail"),
        ("mx.kent; dmarc=pass", "fail"),
        ("mx.kent; spf=pass; dkim=pass header.d=ornek.invalid", "none"),
        ("kotu.invalid; dmarc=pass header.from=ornek.invalid", "none"),
        ("mx.kent.kotu.invalid; dmarc=pass header.from=ornek.invalid", "none"),
        ("(mx.kent;) kotu.invalid; dmarc=pass header.from=ornek.invalid", "none"),
        ('kotu; x="; mx.kent; dmarc=pass header.from=ornek.invalid"', "none"),
        ("mx.kent; none (; dmarc=pass header.from=ornek.invalid)", "none"),
        ("mx.kent; dmarc=fail header.from=ornek.invalid; dmarc=pass header.from=ornek.invalid", "fail"),
    ],
)
def test_only_a_pass_of_the_trusted_server_for_this_very_domain_counts(header, expected):
    assert proof_of([header], "mx.kent", "ornek.invalid") == expected
    assert proof_of([header], "", "ornek.invalid") == "none"


def test_a_second_finding_must_not_contradict_the_first():
    passed = "mx.kent; dmarc=pass header.from=ornek.invalid"
    assert proof_of([passed, "baska; dmarc=fail"], "mx.kent", "ornek.invalid") == "pass"
    assert proof_of([passed, "mx.kent; dmarc=fail header.from=ornek.invalid"], "mx.kent", "ornek.invalid") == "fail"


@pytest.mark.parametrize(
    ("whole", "kept"),
    [
        ("Küçük salon.\n\nOn Mon, 2 Nov 2026 at 10:00, Meydan <m@k> wrote:\n> Hangi salon?", "Küçük salon."),
        ("Küçük salon.\n\nMeydan <m@k>, 2 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:\n\n> Hangi?", "Küçük salon."),
        ("Küçük salon.\n\nMeydan, 2 Kas 2026 tarihinde\nşunları yazdı:\n> Hangi?\n> Saat?", "Küçük salon."),
        ("Küçük salon.\n\n-----Özgün İleti-----\nKimden: Meydan\nHangi?", "Küçük salon."),
        ("Küçük.\n\nKimden: Meydan <m@k>\nGönderildi: 2 Kasım 2026\nKime: Ayşe\n\nHangi?", "Küçük."),
        ("Küçük salon.\nOn Mon X wrote:\n> Hangi?", "Küçük salon."),
        (f"Küçük salon.\n\n{REPLY_ABOVE}\n\nMerhaba", "Küçük salon."),
        ("Küçük salon.\n> Hangi?\n>\n> Saat?", "Küçük salon."),
        ("Küçük.\n\nOn Mon X wrote:\n> Hangi?\n\n--\nAyşe", "Küçük."),
    ],
)
def test_what_was_quoted_is_cut(whole, kept):
    assert without_quotes(whole) == kept


@pytest.mark.parametrize(
    "whole",
    [
        "On Mon, 2 Nov X wrote:\n> Hangi salon?\nKüçük olan.\n> Saat kaçta?\nSekizde.",
        "> Hangi salon?\nKüçük olan.",
        "On Mon, 2 Nov X wrote:\n> Hangi salon?\n\nKüçük olan.",
        "Kimden: öğrendiğimi sormayın.\nSalon kapalıydı.",
        "Şunu yazdı:\nsalon kapalı.",
    ],
)
def test_answers_between_the_lines_stay(whole):
    assert without_quotes(whole) == whole


@pytest.mark.parametrize(
    ("typed", "sound"),
    [
        ("Ayse@Ornek.Invalid", "ayse@ornek.invalid"),
        ("ayse@örnek.invalid", "ayse@xn--rnek-4qa.invalid"),
        ("ayse@localhost", ""),
        ("ayşe@ornek.invalid", ""),
        ("a b@ornek.invalid", ""),
        ("a@b@ornek.invalid", ""),
        ("a@-x.invalid", ""),
        ("a@x..invalid", ""),
        ("a" * 65 + "@x.invalid", ""),
        ("a\r\n@x.invalid", ""),
    ],
)
def test_an_address_is_sound_or_none(typed, sound):
    assert sound_address(typed) == sound


def test_html_becomes_lines_and_quotes():
    html = "<p>Merhaba<br>salon</p><blockquote>eski <b>söz</b></blockquote><ul><li>bir<li>iki</ul>"
    assert text_of_html(html).split("\n") == ["Merhaba", "salon", "> eski söz", "bir", "iki", ""]
