"""Foreign HTML: what a page may show of it, and what it says."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.providers import html

ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x alt='\"><script>alert(1)</script>'>",
    '<img alt="&lt;script&gt;alert(1)&lt;/script&gt;">',
    '<emoji alt="&lt;img src=x onerror=alert(1)&gt;"></emoji>',
    '<emoji alt="<a href=javascript:alert(1)>x</a>"></emoji>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href=" \x01javascript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="java&#x09;script:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="//evil.example/">x</a>',
    '<a href="/admin/logout/">x</a>',
    '<a href="https://ok.example" onclick="alert(1)" style="position:fixed" target="_self" class="btn" id="a">x</a>',
    '<a href="https://ok.example/<img src=x onerror=alert(1)>">x</a>',
    "<svg onload=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<object data='x'></object><embed src='x'>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href='https://evil.example/'>",
    "<form action='https://evil.example'><input name=q><button>Go</button></form>",
    "<div style='background:url(https://evil.example/track)'>x</div>",
    "<p class='x' id='y' lang='z' title='t' dir='rtl' data-x='1'>x</p>",
    "<textarea></textarea><script>alert(1)</script>",
    "<title><script>alert(1)</script></title>",
    "<template><script>alert(1)</script></template>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<video><source onerror='alert(1)'></video>",
    "<details open ontoggle=alert(1)>x</details>",
    "<input autofocus onfocus=alert(1)>",
    "<a href='https://ok.example'><a href='javascript:alert(1)'>x</a></a>",
    "<p><script\x00>alert(1)</script>",
    "<b onmouseover=alert(1)//",
    "<attachment id='x'><img src=x onerror=alert(1)></attachment>",
    "<div>" * 2000 + "<img src=x onerror=alert(1)>",
]

LINK = re.compile(r"(?:https?|HTTPS?)://|mailto:")


class Inspector(HTMLParser):
    """Collects whatever is not on the list of what may be there."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in html.TAGS:
            self.found.append(tag)
        for name, value in attrs:
            harmless = tag == "a" and (
                (name == "href" and LINK.match(value or "")) or (name, value) == ("rel", "noopener noreferrer nofollow")
            )
            if not harmless:
                self.found.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"declaration {decl}")


@pytest.mark.parametrize("attack", ATTACKS)
def test_sanitise_lets_no_attack_through(attack: str) -> None:
    assert Inspector(html.sanitise(attack)).found == []
    assert Inspector(html.sanitise(f"<p>before {attack} after</p>")).found == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_sanitise_twice_is_sanitise_once(attack: str) -> None:
    once = html.sanitise(attack)

    assert html.sanitise(once) == once


TAGS = st.sampled_from(
    ["p", "a", "img", "div", "script", "svg", "style", "math", "emoji", "pre", "b", "table", "td", "!--", "x"]
)
PIECES = st.one_of(
    st.text(max_size=8),
    st.builds("<{}>".format, TAGS),
    st.builds("</{}>".format, TAGS),
    st.builds("<{} href='{}' alt=\"{}\" onclick=x>".format, TAGS, st.text(max_size=8), st.text(max_size=8)),
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_sanitise_lets_nothing_through_that_chance_can_make(source: str) -> None:
    source = source.encode("utf-8", "replace").decode()

    assert Inspector(html.sanitise(source)).found == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", ""),
        ("Hello & <b>bye</b>", "Hello &amp; <b>bye</b>"),
        ('<at id="0">Ann Lee</at> look', "Ann Lee look"),
        ('See <attachment id="153f"></attachment> there', "See  there"),
        ('<emoji id="smile" alt="😀" title="Smile"></emoji>', "😀"),
        ('<customemoji id="x" alt="party" source="https://x.example"></customemoji>', "party"),
        ('<img alt="A cat" src="https://graph.microsoft.com/v1.0/x/$value">', "A cat"),
        ('<span><img height="63" src="https://graph.microsoft.com/x"></span>', "<span>[image]</span>"),
        ("<div><div>one</div></div><div>two</div>", "one<br>two"),
        ("<div><p>one</p></div>", "<p>one</p>"),
        ("one<div>two</div>three", "one<br>two<br>three"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b <br>c"),
        ('<codeblock class="Python"><code>x = 1<br>y</code></codeblock>', "<code>x = 1<br>y</code>"),
        (
            '<a href="https://ok.example/?a=1&b=2" title="t">w</a>',
            '<a href="https://ok.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow">w</a>',
        ),
        (
            '<a href="mailto:ann@example.org">mail</a>',
            '<a href="mailto:ann@example.org" rel="noopener noreferrer nofollow">mail</a>',
        ),
        (
            "<ul><li>a</li></ul><blockquote>q</blockquote><pre>c</pre>",
            "<ul><li>a</li></ul><blockquote>q</blockquote><pre>c</pre>",
        ),
    ],
)
def test_sanitise_keeps_what_people_wrote(source: str, expected: str) -> None:
    assert html.sanitise(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", ""),
        ("a &amp; b &lt;c&gt; &eacute; &#x1F600;", "a & b <c> é 😀"),
        ("<p>Hi&nbsp;you<br>there</p><p>bye</p>", "Hi you\nthere\nbye"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<p>a</p><p>&nbsp;</p><p>b</p>", "a\n\nb"),
        ("a<br><br><br><br>b", "a\n\nb"),
        ("<ul><li>a</li><li>b</li></ul>after", "- a\n- b\nafter"),
        ("<pre>def f():\n    return 1</pre>", "def f():\n    return 1"),
        ("one\n   two", "one two"),
        ('<at id="0">Ann</at> <b>now</b>', "Ann now"),
        ('<img src="x">', "[image]"),
        ("<script>alert(1)</script>ok", "ok"),
        ("<img alt='<script>x</script>'>", "<script>x</script>"),
        ("شكرا <b>جزيلا</b>", "شكرا جزيلا"),
    ],
)
def test_plain_says_what_a_reader_sees(source: str, expected: str) -> None:
    assert html.plain(source) == expected


def test_sanitise_of_a_huge_message_is_quick_and_harmless() -> None:
    source = "<div><p>" * 5000 + " " * 100_000 + "text" + "</p></div>" * 5000

    assert html.plain(source) == "text"
