"""S39: whatever is typed, no script, handler, javascript: or data: link, style or foreign picture comes out."""

import contextlib
import itertools
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.markdown import TooComplex, render

SCHEMES = [
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        " javascript:alert(1)",
    ),
    *(
        "&#106;avascript:alert(1)",
        "&#x6A;avascript:alert(1)",
        "javascript&colon;alert(1)",
        "javascript&#58;alert(1)",
    ),
    *(
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:image/svg+xml;base64,PHN2Zz4=",
    ),
    *(
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "blob:x",
        "jav&#x09;ascript:alert(1)",
        "javascript\\:alert(1)",
    ),
]
LINK_SHAPES = [
    *(
        "[x]({})",
        "[x](<{}>)",
        "[x]({} 'title')",
        "![x]({})",
        "<{}>",
        "[x][y]\n\n[y]: {}",
        "![x][y]\n\n[y]: {}",
        "[y]\n\n[y]: {}",
    ),
    *(
        "[![x]({})](a)",
        "[x[^1]]({})\n\n[^1]: {}",
        "| a |\n|---|\n| [x]({}) |",
        "- [x]({})",
        "> [x]({})",
        "# [x]({}) {{#{}}}",
    ),
]
ELEMENTS = [
    *(
        "script",
        "SCRIPT",
        "scr\x00ipt",
        "img",
        "svg",
        "iframe",
        "object",
        "embed",
        "style",
        "link",
        "meta",
        "base",
        "form",
    ),
    *(
        "input",
        "button",
        "video",
        "audio",
        "details",
        "math",
        "body",
        "template",
        "noscript",
        "xmp",
        "textarea",
        "marquee",
    ),
]
TAG_SHAPES = [
    "<{0}>alert(1)</{0}>",
    "<{0} src=x onerror=alert(1)>",
    "<{0}/onload=alert(1)>",
    "text <{0} onclick='alert(1)' style='x'>y",
    "- <{0} href=javascript:alert(1)>",
    "```{0} onload=alert(1)\n<{0}>\n```",
    "`<{0} onfocus=alert(1) autofocus>`",
    "[<{0} onerror=alert(1)>](x)",
    "[x](y '\"><{0} onmouseover=alert(1)>')",
    '[x]("><{0} onload=alert(1)>)',
    '# h {{#a"><{0} onload=alert(1)>}}',
    '[@x"><{0} onload=alert(1)>]',
    "| <{0} onload=alert(1)> |\n|---|\n| a |",
    "[^<{0}>]\n\n[^<{0}>]: x",
    "&lt;{0} onload=alert(1)&gt; &#60;{0}&#62;",
]
CORPUS = sorted(
    {shape.replace("{}", scheme) for shape, scheme in itertools.product(LINK_SHAPES, SCHEMES)}
    | {shape.format(element) for shape, element in itertools.product(TAG_SHAPES, ELEMENTS)}
    | {
        "<!--<script>-->",
        "<![CDATA[<script>]]>",
        "<?php x ?>",
        "\x02wzxhzdk:0\x03<script>",
        "\x02amp\x03",
        "{: onclick=x }",
    }
)


class Seen(HTMLParser):
    """What a browser would find in the output."""

    TAGS = {
        *(
            "p",
            "br",
            "hr",
            "strong",
            "em",
            "del",
            "code",
            "pre",
            "blockquote",
            "a",
            "sup",
            "mark",
            "span",
            "div",
        ),
        *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "img"),
        *("h2", "h3", "h4", "h5", "h6"),
    }
    ATTRIBUTES = {
        "href",
        "title",
        "rel",
        "id",
        "class",
        "start",
        "role",
        "tabindex",
        "aria-label",
        "src",
        "alt",
    }

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.TAGS, tag
        for name, value in attrs:
            assert name in self.ATTRIBUTES, name
            if name == "href":
                scheme = (
                    "".join(c for c in value or "" if c > " ")
                    .split("/")[0]
                    .split("#")[0]
                    .split("?")[0]
                    .lower()
                )
                assert ":" not in scheme or scheme.startswith(("http:", "https:", "mailto:")), value
            if name == "src":
                assert (value or "").startswith("/media/"), value

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)


def assert_harmless(source: str) -> None:
    seen = Seen()
    seen.feed(render(source, known={"x"}).html)
    seen.close()


def test_s39_the_corpus_is_large() -> None:
    assert len(CORPUS) >= 200


def test_s39_the_check_would_notice_a_leak() -> None:
    for bad in ("<script>", "<p onclick=x>", '<a href="java\nscript:x">', "<img src=//evil/x>", "<!-- x -->"):
        with pytest.raises(AssertionError):
            Seen().feed(bad)


def test_s39_nothing_of_the_corpus_comes_through() -> None:
    for payload in CORPUS:
        assert_harmless(payload)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(CORPUS), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_s39_nor_does_a_mixture_of_it(payloads: list[str], random: object) -> None:
    text = "\n".join(payloads)
    cut = random.randrange(len(text))  # type: ignore[attr-defined]
    with contextlib.suppress(TooComplex):
        assert_harmless(text[cut:] + text[:cut])
