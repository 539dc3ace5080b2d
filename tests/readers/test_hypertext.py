from __future__ import annotations

from appliance.readers.hypertext import read_fragment, read_page


def written(html: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read_page(html).blocks]


def test_what_stands_on_every_page_is_left_out():
    html = """<head><title>Hours</title><style>p{}</style></head><header>Acme</header>
      <nav><a>Home</a></nav><div role="navigation">Menu</div><h1>Hours</h1><p>Nine to five.</p>
      <p hidden>Old</p><p style="display: none">Older</p><script>alert(1)</script>
      <aside>Buy!</aside><footer>Imprint</footer>"""

    assert written(html) == [("heading", "Hours"), ("paragraph", "Nine to five.")]


def test_the_main_part_is_taken_when_the_page_names_it():
    article = "We open at nine on every day of the week but Sunday. " * 5
    html = f"<div>Cookies?</div><main><header><h1>Hours</h1></header><p>{article}</main><p>More"

    assert [text for _, text in written(html)] == ["Hours", article.strip()]


def test_a_page_that_is_all_furniture_is_read_after_all():
    assert written("<nav><p>We open at nine.</p></nav>") == [("paragraph", "We open at nine.")]


def test_ends_that_were_left_out_are_understood():
    html = """<html><head><title>T<body><p>One<p>Two<ul><li>a<ul><li>b</ul><li>c</ul>
      <dl><dt>Fee<dd>5 €<dt>Tax<dd>19 %</dl><table><tr><th>A<th>B<tr><td>1<td>2</table>"""

    assert written(html) == [
        ("paragraph", "One"),
        ("paragraph", "Two"),
        ("list", "- a\n  - b\n- c"),
        ("paragraph", "Fee: 5 €"),
        ("paragraph", "Tax: 19 %"),
        ("table", "| A | B |\n| --- | --- |\n| 1 | 2 |"),
    ]


def test_line_ends_in_the_source_are_blanks_and_breaks_are_lines():
    assert written("<p>We open\n  at nine.<br>Always.</p>") == [
        ("paragraph", "We open at nine.\nAlways.")
    ]


def test_code_keeps_its_spacing_and_lists_their_numbers():
    assert written("<pre>a  b\n  c</pre><ol start=3><li>x<li>y</ol>") == [
        ("code", "a  b\n  c"),
        ("list", "3. x\n4. y"),
    ]


def test_tables_that_only_arrange_a_message_are_text():
    html = "<table><tr><td><table><tr><td>Hello<td>Ada</table><p>We open.</table>"

    assert [block.text for block in read_fragment(html).blocks] == ["Hello", "Ada", "We open."]


def test_entities_are_characters_and_never_more_than_that():
    html = """<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">
      <!ENTITY file SYSTEM "file:///etc/passwd">]><p>&b; &file; &amp; &eacute;&#8364;</p>"""

    text = "\n".join(text for _, text in written(html))
    assert "& é€" in text
    assert "haha" not in text
    assert "root:" not in text
