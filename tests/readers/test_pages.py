from __future__ import annotations

from appliance.readers.pages import HYPHEN, Vocabulary, split_lines, without_running_lines


def pages(count: int) -> list[list[str]]:
    fruits = ["apples", "pears", "plums", "cherries", "grapes"][:count]
    return [
        ["Acme Handbook", f"All about {fruit}", f"Buy {fruit}", f"Page {page} of {count}"]
        for page, fruit in enumerate(fruits, 1)
    ]


def test_a_running_header_stays_once_and_page_numbers_go():
    cleared = without_running_lines(pages(5))

    assert cleared[0] == ["Acme Handbook", "All about apples", "Buy apples"]
    assert cleared[3] == ["All about cherries", "Buy cherries"]


def test_totals_that_differ_are_no_footers():
    invoices = [["Invoice", "x", "y", "z", "w", f"Total {n * 17}.50 EUR"] for n in range(1, 5)]

    assert [page[-1] for page in without_running_lines(invoices)][1] == "Total 34.50 EUR"


def test_a_short_document_keeps_its_first_lines():
    assert without_running_lines([["Hours", "Nine to five"], ["Hours", "Closed"]]) == [
        ["Hours", "Nine to five"],
        ["Hours", "Closed"],
    ]


def test_a_page_number_by_itself_goes():
    assert without_running_lines([["Opening hours", "Nine to five", "- 7 -"]]) == [
        ["Opening hours", "Nine to five"]
    ]


def test_a_divided_word_is_put_together():
    lines = split_lines(f"to satisfy the flexibil{HYPHEN}ity of others\r\nand so on")
    join = Vocabulary(lines).join

    assert join(lines[0], lines[1]) == "to satisfy the flexibility of others"


def test_a_hyphen_that_is_meant_stays():
    lines = [f"because chat{HYPHEN}", "optimized models chat well", "reasons are rea-", "soning"]
    join = Vocabulary(lines).join

    assert join(lines[0], lines[1]) == "because chat-optimized models chat well"
    assert join("Hans-", "Peter") == "Hans-Peter"
    assert join("from 9 -", "17") == "from 9 - 17"
