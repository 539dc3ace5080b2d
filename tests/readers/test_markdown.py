from __future__ import annotations

import pytest

from appliance.readers.markdown import inline

TEXT = """---
title: Staff handbook
---
# Refunds #

Refunds are **paid** within
14 days, see [the form](https://example.com/form).
<!-- not shown -->

Exceptions
----------

- Sale items
  that are marked
  * red ones
- [x] Vouchers

1. Write to us
2. Wait

| Item | Fee |
|------|:---:|
| Pen  | 1 \\| 2 |
After the table.

```python
# no heading
  indented
```

> Quoted
> words

***
## ![Logo](logo.png) Delivery
"""


def test_markdown_is_read_as_it_is_meant(here):
    reading = here(TEXT, "handbook.md")

    assert [(block.kind, block.text) for block in reading.blocks] == [
        ("heading", "Refunds"),
        ("paragraph", "Refunds are paid within 14 days, see the form."),
        ("heading", "Exceptions"),
        ("list", "- Sale items that are marked\n  - red ones\n- Vouchers"),
        ("list", "1. Write to us\n2. Wait"),
        ("table", "| Item | Fee |\n| --- | --- |\n| Pen | 1 \\| 2 |"),
        ("paragraph", "After the table."),
        ("code", "# no heading\n  indented"),
        ("paragraph", "Quoted words"),
        ("heading", "Logo Delivery"),
    ]
    assert reading.title == "Staff handbook"
    assert reading.blocks[3].place.heading == "Refunds › Exceptions"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("*soft* and __hard__ and `code`", "soft and hard and code"),
        (r"not \*soft\*", "not *soft*"),
        ("<https://example.com> <br/>", "https://example.com "),
        ("[label][ref] a[0]", "label a[0]"),
    ],
)
def test_marks_are_taken_off_and_nothing_else(written, shown):
    assert inline(written) == shown


def test_a_fence_that_is_never_closed_loses_nothing(here):
    assert here("```\nWe open at nine.", "a.md").blocks[0].text == "We open at nine."
