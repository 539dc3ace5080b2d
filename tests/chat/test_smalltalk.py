import pytest

from appliance.chat import smalltalk


@pytest.mark.parametrize(
    "message", ["Hello", "hi!", "Good morning.", "Hi Bob", "Who are you?", "What's your name?"]
)
def test_a_greeting_is_answered_with_the_assistants_name(message):
    assert "Bob" in smalltalk.reply(message, name="Bob")


@pytest.mark.parametrize(
    ("message", "beginning"),
    [
        ("Guten Tag!", "Hallo!"),
        ("Danke schön.", "Gern"),
        ("Bonjour", "Bonjour"),
        ("¡Hola!", "¡Hola!"),
        ("grazie mille", "Prego"),
        ("Auf Wiedersehen", "Auf"),
    ],
)
def test_it_is_answered_in_its_own_language(message, beginning):
    assert smalltalk.reply(message, name="Bob").startswith(beginning)


@pytest.mark.parametrize(
    "message",
    [
        "Hello, when do you open?",
        "Thanks, and on Sunday?",
        "hi" * 100,
        "Who are you allowed to tell about refunds?",
        "opening hours",
        "",
        "?",
    ],
)
def test_everything_else_is_a_question(message):
    assert smalltalk.reply(message, name="Bob") is None


def test_a_name_with_braces_is_only_a_name():
    assert "{name}" in smalltalk.reply("hello", name="{name}")
