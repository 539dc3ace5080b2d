import pytest

from appliance.engines import route
from appliance.engines.echo import EchoEngine
from appliance.engines.route import Router, wanted


class Away(EchoEngine):
    leaves_the_box = True


class Sick(Away):
    class breaker:  # noqa: N801
        @staticmethod
        def ready() -> bool:
            return False


class Elsewhere:
    """Two projects; only one allows the provider."""

    def __init__(self) -> None:
        self.engines = {"prv_1/big": Away(), "prv_2/sick": Sick()}

    def language(self, project_id, name):
        return self.engines.get(name) if project_id == "prj_1" else None


@pytest.fixture
def router() -> Router:
    return Router({"small": EchoEngine(), "large": EchoEngine()}, Elsewhere())


def names(router, *wanted, project="prj_1", stays=False, session=""):
    found = router.choices(project, wanted, stays_inside=stays, session=session)
    return [choice.name for choice in found]


def test_engines_come_in_the_order_that_was_wanted(router):
    assert names(router, "small", "prv_1/big") == ["small", "prv_1/big"]
    assert names(router, "prv_1/big", "small") == ["prv_1/big", "small"]


def test_what_is_not_there_is_passed_over(router):
    assert names(router, "absent", "prv_9/x", "large") == ["large"]


def test_a_project_that_does_not_allow_a_provider_does_not_get_it(router):
    assert names(router, "prv_1/big", "small", project="prj_2") == ["small"]


def test_text_that_must_stay_is_offered_to_no_engine_that_leaves(router):
    assert names(router, "prv_1/big", "small", stays=True) == ["small"]


def test_a_provider_that_is_given_a_rest_is_not_asked(router):
    assert names(router, "prv_2/sick", "small") == ["small"]


def test_a_session_stays_with_the_engine_that_answered_it(router):
    router.answered("ses_1", "prv_1/big")

    assert names(router, "small", "prv_1/big", session="ses_1") == ["prv_1/big", "small"]
    assert names(router, "small", "prv_1/big", session="ses_2") == ["small", "prv_1/big"]


def test_but_not_when_that_one_is_not_wanted_any_more_or_must_not_read_it(router):
    router.answered("ses_1", "prv_1/big")

    assert names(router, "small", "large", session="ses_1") == ["small", "large"]
    assert names(router, "small", "prv_1/big", session="ses_1", stays=True) == ["small"]


def test_nor_for_ever(router, monkeypatch):
    router.answered("ses_1", "prv_1/big")
    monkeypatch.setattr(route, "STICKY", -1.0)

    assert names(router, "small", "prv_1/big", session="ses_1")[0] == "small"


def test_so_many_sessions_are_remembered_and_no_more(router, monkeypatch):
    monkeypatch.setattr(route, "SESSIONS", 2)
    for number in range(5):
        router.answered(f"ses_{number}", "large")

    assert names(router, "small", "large", session="ses_0")[0] == "small"
    assert names(router, "small", "large", session="ses_4")[0] == "large"


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("answer", ["m", "f", "g"]),
        ("title", ["t", "m", "f", "g"]),
        ("summary", ["m", "f", "g"]),
        ("draft", ["f", "m", "g"]),
    ],
)
def test_each_use_has_its_own_order(use, expected):
    uses = {"title": "t", "summary": None, "draft": "f"}

    assert wanted(use, uses=uses, model="m", fallback=["f", "g", "m"], default="d") == expected


def test_without_a_model_the_default_is_meant():
    assert wanted("answer", uses={}, model=None, fallback=[], default="d") == ["d"]
