"""What people write is shown and never run: a corpus of injections, and what Markdown is meant to do."""

from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discussions.markup import ATTRIBUTES, SCHEMES, TAGS, clean, excerpt, find_mentions, render

INJECTIONS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<IMG SRC=javascript:alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<style>@import 'javascript:alert(1)'</style>",
    "<p style=\"background:url(javascript:alert(1))\">x</p>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<textarea></textarea><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "<span class=mention onclick=alert(1)>x</span>",
    "<span data-close=main data-live-log=x hx-get=/ class=confirm>x</span>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](  javascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](<java\nscript:alert(1)>)",
    "[x](java&#x0A;script:alert(1))",
    "[x](java&Tab;script&colon;alert(1))",
    "[x](&#106;&#97;vascript:alert(1))",
    "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript%3Aalert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](\u200bjavascript:alert(1))",
    "[x](java\u00adscript:alert(1))",
    "[x](java\\script:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://evil.example/1)",
    "[x](//evil.example/)",
    "[x](/\\evil.example/)",
    "[x](http:javascript:alert(1))",
    "[x](#javascript:alert(1))",
    "[x](tel:+900000000)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "[x][1]\n\n[1]: data:text/html,x 'title'",
    "[x](https://ornek.invalid \"a' onmouseover='alert(1)\")",
    "[x](https://ornek.invalid/\"onmouseover=\"alert(1))",
    "<javascript:alert(1)>",
    "<vbscript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "![x\" onerror=\"alert(1)](https://evil.example/x.png)",
    "https://ornek.invalid/\"><script>alert(1)</script>",
    "https://ornek.invalid/' onclick='alert(1)",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "``` \" onmouseover=\"alert(1)\ncode\n```",
    "    <script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "* <script>alert(1)</script>\n* [x](javascript:alert(1))",
    "# <script>alert(1)</script>",
    "@<script>alert(1)</script>",
    "@Ayşe Demir<img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href=\"https://ornek.invalid\u2028\" onclick=alert(1)>x</a>",
    "\u202e<script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
]  # fmt: skip


class Inspector(HTMLParser):
    """Every tag and attribute of a fragment."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_comment(self, data):
        raise AssertionError(f"a comment came through: {data}")

    def handle_decl(self, decl):
        raise AssertionError(f"a declaration came through: {decl}")

    def unknown_decl(self, data):
        raise AssertionError(f"a declaration came through: {data}")

    def handle_pi(self, data):
        raise AssertionError(f"an instruction came through: {data}")


def assert_harmless(html):
    for tag, attributes in Inspector(html).tags:
        assert tag in TAGS
        allowed = (
            ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set()) | ({"class"} if tag == "span" else set())
        )
        assert set(attributes) <= allowed, (tag, attributes)
        assert attributes.get("class", "mention") == "mention"
        if tag == "a":
            assert attributes["rel"] == "nofollow noopener ugc"
        if "href" in attributes:
            address = attributes["href"]
            scheme = urlsplit(address).scheme
            assert scheme in SCHEMES or (not scheme and address[0] in "/#")
            assert not address.startswith(("//", "/\\"))
            assert "javascript:" not in "".join(unquote(address).split()).lower().replace("http:javascript:", "")


def test_the_corpus_is_large_enough():
    assert len(set(INJECTIONS)) >= 80


@pytest.mark.parametrize("text", INJECTIONS)
def test_an_injection_does_nothing(text):
    assert_harmless(render(text, ["Ayşe Demir", "<script>"]))


@given(st.text(alphabet=st.sampled_from("<>\"'&;:/\\[]()!#@`*_ \n\tjavscriptdonehef=1\u200b"), max_size=120))
def test_no_text_at_all_gets_a_forbidden_tag_or_attribute_through(text):
    assert_harmless(render(text, ["a", "jo"]))


@pytest.mark.parametrize(
    "text", ["[" * 4000, "> " * 2000 + "x", "*a_" * 1600, "![" * 2000 + "](x)" * 10, "`" * 4999, "@" * 5000]
)
def test_hostile_texts_of_full_length_render_quickly(text):
    from time import process_time

    begun = process_time()
    assert_harmless(render(text, ["Ayşe Demir"]))
    assert process_time() - begun < 5  # seconds of this process; what grows with the square takes minutes


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**kalın** ve *eğik*", "<p><strong>kalın</strong> ve <em>eğik</em></p>"),
        ("bir\niki", "<p>bir<br>\niki</p>"),
        ("# Başlık", "<h3>Başlık</h3>"),
        ("###### Küçük", "<h5>Küçük</h5>"),
        ("1. bir\n2. iki", "<ol>\n<li>bir</li>\n<li>iki</li>\n</ol>"),
        ("~~eski~~", "<p><s>eski</s></p>"),
        ("3 < 5 & 6", "<p>3 &lt; 5 &amp; 6</p>"),
        ("![resim](/a.png)", '<p>!<a href="/a.png" rel="nofollow noopener ugc">resim</a></p>'),
        ("[site](https://ornek.invalid/)", '<p><a href="https://ornek.invalid/" rel="nofollow noopener ugc">site</a></p>'),
        ("[öneri](/kocaeli/oneriler/)", '<p><a href="/kocaeli/oneriler/" rel="nofollow noopener ugc">öneri</a></p>'),
        ("Şu: http://a.tr/?b=1.", '<p>Şu: <a href="http://a.tr/?b=1" rel="nofollow noopener ugc">http://a.tr/?b=1</a>.</p>'),
        ("`https://ornek.invalid`", "<p><code>https://ornek.invalid</code></p>"),
    ],
)  # fmt: skip
def test_markdown_is_rendered(text, html):
    assert render(text).strip() == html


def test_a_mentioned_name_is_marked_whatever_its_case_and_diacritics():
    html = render("Sayın @ayse demir, @Ayşe Demirci ve ali@Ayşe Demir", ["Ayşe Demir"])

    assert html.count('class="mention"') == 1
    assert '<span class="mention">@ayse demir</span>, @Ayşe Demirci' in html


def test_a_name_in_code_or_in_a_link_is_no_mention():
    assert "mention" not in render("`@Ayşe Demir` [@Ayşe Demir](https://ornek.invalid)", ["Ayşe Demir"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Ayşe Demir", [1]),
        ("merhaba @AYŞE DEMİR!", [1]),
        ("@Ayşe Demirci", [2]),
        ("@Ayşe Demir ve @Mehmet Arslan", [1, 3, 4]),
        ("@Ayşe", []),
        ("ayse@Ayşe Demir", []),
        ("@Işık Öz", [5]),
        ("@isik oz", [5]),
        ("Ayşe Demir", []),
    ],
)
def test_the_longest_name_that_fits_is_meant_and_two_of_one_name_both(text, expected):
    names = [
        (1, "Ayşe Demir"),
        (2, "Ayşe Demirci"),
        (3, "Mehmet Arslan"),
        (4, "mehmet arslan"),
        (5, "Işık Öz"),
        (6, " "),
    ]

    assert find_mentions(text, names) == expected


def test_a_text_is_stored_without_invisible_signs():
    assert clean("  a\r\nb\x00\u202ec\ufeff\td \n") == "a\nbc\td"
    assert clean("u\u0308") == "ü"


def test_an_excerpt_is_one_plain_line():
    assert excerpt("# Başlık\n\n**kalın** [bağlantı](https://x.invalid)\n\n- madde") == "Başlık kalın bağlantı madde"
    assert len(excerpt("sözcük " * 60)) <= 140
