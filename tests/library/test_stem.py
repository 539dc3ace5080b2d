import pytest

from appliance.library.stem import stem


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("caresses", "caress"), ("ponies", "poni"), ("cats", "cat"), ("agreed", "agre"),
        ("plastered", "plaster"), ("motoring", "motor"), ("conflated", "conflat"),
        ("hopping", "hop"), ("falling", "fall"), ("filing", "file"), ("happy", "happi"),
        ("relational", "relat"), ("conditional", "condit"), ("triplicate", "triplic"),
        ("hopeful", "hope"), ("revival", "reviv"), ("adoption", "adopt"), ("rate", "rate"),
        ("controlling", "control"), ("sky", "sky"), ("syzygy", "syzygi"),
    ],
)  # fmt: skip
def test_stems_are_those_of_porters_paper(word, expected):
    assert stem(word) == expected


def test_forms_of_a_word_meet():
    assert len({stem(word) for word in ("refund", "refunds", "refunded", "refunding")}) == 1


@pytest.mark.parametrize("word", ["is", "größe", "2024", "東京", ""])
def test_what_is_no_english_word_stays_as_it_is(word):
    assert stem(word) == word
