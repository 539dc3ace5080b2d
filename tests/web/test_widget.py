from tests.web.parts import MALLORYS, SHOP, code_of


def config(asker, desk, **headers):
    return asker.get(f"/v1/widget/config?assistant_id={desk}", headers=headers)


def test_an_allowed_page_learns_how_the_widget_looks(program, nobody, desk):
    program.patch(f"/v1/assistants/{desk}", {"widget": {"theme": "dark", "title": "Ask us"}})
    shown = config(nobody, desk, Origin=SHOP)

    assert (shown.json["theme"], shown.json["title"], shown.json["name"]) == (
        "dark", "Ask us", "Front desk",
    )  # fmt: skip
    assert shown.headers["Access-Control-Allow-Origin"] == SHOP


def test_it_tells_nothing_but_the_looks(nobody, desk):
    assert set(config(nobody, desk).json) == {
        "assistant_id", "name", "title", "theme", "position", "primary_color",
        "welcome_message", "placeholder", "locale",
    }  # fmt: skip


def test_what_has_not_changed_is_not_sent_again(program, nobody, desk):
    etag = config(nobody, desk, Origin=SHOP).headers["ETag"]
    unchanged = config(nobody, desk, Origin=SHOP, **{"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.get_data()) == (304, b"")

    program.patch(f"/v1/assistants/{desk}", {"widget": {"title": "New"}})
    assert config(nobody, desk, Origin=SHOP, **{"If-None-Match": etag}).status_code == 200


def test_a_page_of_another_site_learns_nothing(nobody, desk):
    refused = config(nobody, desk, Origin=MALLORYS)

    assert code_of(refused) == (403, "origin_not_allowed")
    assert MALLORYS in refused.json["error"]["message"]
    assert "Front desk" not in refused.json["error"]["message"]
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_an_assistant_that_is_not_there_has_no_looks(program, nobody, desk):
    assert code_of(config(nobody, "asst_x", Origin=SHOP)) == (404, "not_found")
    program.delete(f"/v1/assistants/{desk}")
    assert code_of(config(nobody, desk, Origin=SHOP))[0] in (403, 404)


def test_an_assistant_must_be_named(nobody):
    assert code_of(nobody.get("/v1/widget/config"))[0] in (404, 422)
