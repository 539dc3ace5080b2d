import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.chat.config import InvalidConfig, merge, validated

FULL = {
    "name": "Ada's help",
    "llm": {"model": "big", "temperature": 1.5},
    "answers": {"mode": "quote", "min_confidence": 0.7},
    "metadata": {"team": "sales", "floor": {"number": 3, "wing": "east"}},
    "widget": {"title": "Help", "primary_color": "#AA00ff"},
}


def test_a_name_is_enough_and_the_rest_has_defaults():
    config = validated({"name": " Refunds "})

    assert config.name == "Refunds"
    assert config.answers.refusal_text == "I don't know"
    assert config.security.allowed_origins == []
    assert (config.llm.temperature, config.llm.max_tokens, config.knowledge.k) == (0.2, 400, 6)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "x" * 121}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "bell\x07"}, "name"),
        ({"name": "half \ud83d"}, "name"),
        ({"colour": "red"}, "colour"),
        ({"llm": {"temperature": 2.1}}, "llm.temperature"),
        ({"llm": {"temperature": "0.5"}}, "llm.temperature"),
        ({"llm": {"temperature": True}}, "llm.temperature"),
        ({"llm": {"top_p": 0}}, "llm.top_p"),
        ({"llm": {"max_tokens": 0}}, "llm.max_tokens"),
        ({"llm": {"seed": 1}}, "llm.seed"),
        ({"answers": {"mode": "invent"}}, "answers.mode"),
        ({"answers": {"refusal_text": ""}}, "answers.refusal_text"),
        ({"answers": {"min_confidence": -0.1}}, "answers.min_confidence"),
        ({"knowledge": {"k": 0}}, "knowledge.k"),
        ({"knowledge": {"k": 51}}, "knowledge.k"),
        ({"knowledge": {"collection_ids": [""]}}, "knowledge.collection_ids.0"),
        ({"widget": {"primary_color": "teal"}}, "widget.primary_color"),
        ({"widget": {"primary_color": "#0f766e;}"}}, "widget.primary_color"),
        ({"widget": {"theme": "neon"}}, "widget.theme"),
        ({"instructions": "x" * 20_001}, "instructions"),
        ({"metadata": {"x": "y" * 20_000}}, "metadata"),
        ({"metadata": []}, "metadata"),
        ({"metadata": {"x": "\udc00"}}, "metadata"),
    ],
)
def test_what_is_out_of_bounds_is_refused_and_named(wrong, field):
    with pytest.raises(InvalidConfig) as refused:
        validated({"name": "Refunds", **wrong})
    assert refused.value.param == field


@pytest.mark.parametrize("data", [None, [], "name", 3])
def test_what_is_no_object_is_refused(data):
    with pytest.raises(InvalidConfig):
        validated(data)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://Shop.Example", "https://shop.example"),
        (" https://shop.example/ ", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://shop.example:8080", "http://shop.example:8080"),
        ("https://*.shop.example", "https://*.shop.example"),
        ("http://*.lan", "http://*.lan"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
        ("http://[::1]:5000", "http://[::1]:5000"),
        ("http://localhost:3000", "http://localhost:3000"),
    ],
)
def test_a_site_is_kept_as_browsers_spell_it(written, kept):
    config = validated({"name": "x", "security": {"allowed_origins": [written, kept]}})
    assert config.security.allowed_origins == [kept]


@pytest.mark.parametrize(
    "written",
    [
        "shop.example", "ftp://shop.example", "https://", "https://shop.example/page", "*", "null",
        "https://shop.example?x", "https://*.com", "https://shop.*.example", "javascript://x",
        "https://user@shop.example", "https://shop.example:99999", "https://a b", "https://*",
        "https://shop.example#x", "",
    ],
)  # fmt: skip
def test_what_is_no_site_or_every_site_is_refused(written):
    with pytest.raises(InvalidConfig):
        validated({"name": "x", "security": {"allowed_origins": [written]}})


def test_a_change_merges_parts_by_key_and_replaces_lists():
    before = validated(FULL | {"knowledge": {"collection_ids": ["a", "b"]}})
    after = merge(before, {"llm": {"temperature": 0}, "knowledge": {"collection_ids": ["c"]}})

    assert (after.llm.model, after.llm.temperature) == ("big", 0)
    assert after.knowledge.collection_ids == ["c"]
    assert after.widget == before.widget


def test_null_sets_a_field_or_a_whole_part_back_to_its_default():
    after = merge(validated(FULL), {"llm": {"temperature": None}, "widget": None})

    assert (after.llm.model, after.llm.temperature) == ("big", 0.2)
    assert after.widget.title == ""


def test_null_takes_a_key_out_of_the_metadata():
    after = merge(validated(FULL), {"metadata": {"team": None, "floor": {"wing": None}}})
    assert after.metadata == {"floor": {"number": 3}}


def test_the_name_cannot_be_set_back():
    with pytest.raises(InvalidConfig):
        merge(validated(FULL), {"name": None})


def test_a_refused_change_changes_nothing():
    config = validated(FULL)
    with pytest.raises(InvalidConfig):
        merge(config, {"name": "Other", "llm": {"temperature": 9}})
    assert config == validated(FULL)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.dictionaries(
            st.sampled_from(["name", "llm", "model", "widget", "metadata", "x"]), inner, max_size=4
        ),
        max_leaves=10,
    ).filter(lambda value: isinstance(value, dict))
)
def test_any_change_is_refused_or_gives_what_can_be_stored(patch):
    try:
        after = merge(validated(FULL), patch)
    except InvalidConfig:
        return
    assert validated(json.loads(after.model_dump_json())) == after
    assert merge(after, {}) == after
