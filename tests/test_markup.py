"""Rules of Telegram's HTML: what it would refuse is found, and lengths are counted as it counts them."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markup import length, mistakes, plain


@pytest.mark.parametrize(
    "html",
    [
        "", "plain", "<b>x</b>", "<b>a <i>b</i></b>", '<a href="https://x.y/?a=1&amp;b=2">x</a>', "a &lt; b &gt; c",
        "<blockquote>x</blockquote>", "<blockquote expandable>x</blockquote>", "&#39;&quot;&#x27;", "3 &lt; 4",
        "<u>x</u><s>y</s><code>z</code><pre>p</pre>", "line\n\nline",
    ],
)  # fmt: skip
def test_what_telegram_takes_has_no_mistakes(html: str) -> None:
    assert mistakes(html) == []


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ("<h1>x</h1>", "Telegram has no <h1>"),
        ("a<br>b", "Telegram has no <br>"),
        ("<script>x</script>", "Telegram has no <script>"),
        ("<b>x", "<b> is never closed"),
        ("x</b>", "</b> closes nothing"),
        ("<b><i>x</b></i>", "</b> closes nothing"),
        ('<b class="x">x</b>', "<b> may not have class="),
        ('<a href="x" onclick="y">x</a>', "<a> may not have onclick="),
        ("salt & pepper", "write &amp;"),
        ("a &nbsp; b", "write &amp;"),
        ("a < b", "write &lt;"),
        ("a <", "write &lt;"),
        ("<3", "write &lt;"),
        ("x <!-- y --> z", "write &lt;"),
        ("<b/>", "never closed"),
    ],
)
def test_what_telegram_refuses_is_said_with_how_to_mend_it(html: str, what: str) -> None:
    assert any(what in one for one in mistakes(html)), mistakes(html)


@settings(deadline=None)
@given(st.text())
def test_escaped_text_is_always_fine_and_reads_as_it_was(text: str) -> None:
    html = escape(text)
    assert mistakes(html) == []
    assert plain(html).replace("\r", "\n") == text.replace("\r", "\n")


@settings(deadline=None)
@given(st.text(alphabet="<>b/&;a \"='!-"))
def test_whatever_stands_in_a_text_is_judged_without_an_error(html: str) -> None:
    mistakes(html)
    assert length(html) >= 0


@pytest.mark.parametrize(
    ("html", "expected"),
    [("", 0), ("abc", 3), ("<b>abc</b>", 3), ("&lt;&amp;", 2), ("é", 1), ("💪", 2), ('<a href="https://x.y">x</a>', 1)],
)
def test_length_is_counted_without_tags_in_utf_16(html: str, expected: int) -> None:
    assert length(html) == expected
