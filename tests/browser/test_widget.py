"""The widget in a real browser: Vera on an allowed site, Mallory on one that is not."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]


# -- asking ------------------------------------------------------------------------------------


def test_vera_asks_reads_along_and_opens_a_source(visit):
    vera = visit().go().open().ask("How much annual leave do I get?", wait=False)
    expect(vera.find(".status")).to_contain_text("Searching the documents")
    expect(vera.find(".body[data-live]")).to_contain_text("Full-time staff")
    vera.settled()

    assert vera.answer().startswith("Full-time staff have 28 days of paid leave a year")
    assert vera.find(".chip").all_inner_texts() == [
        "1\nStaff handbook 2026.pdf\nPage 12",
        "2\nStaff handbook 2026.pdf\nPage 13",
    ]
    vera.find(".cite").first.click()
    expect(vera.find(".source h3")).to_have_text("Staff handbook 2026.pdf")
    expect(vera.find(".source .place")).to_have_text("Page 12 · Annual leave")
    expect(vera.find(".source mark")).to_have_text(
        "Full-time staff are entitled to 28 days of paid leave a year, bank holidays included."
    )
    vera.page.keyboard.press("Escape")
    expect(vera.find(".source")).to_be_hidden()
    assert vera.focused() == "button.cite"


def test_a_refusal_is_calm_and_shows_no_sources(visit):
    vera = visit().go().open().ask("What is on the moon?")
    assert vera.answer() == "I don't know."
    expect(vera.find(".note")).to_have_text("The documents do not answer this.")
    assert vera.find(".chip").count() == 0
    assert vera.find(".problem").count() == 0


def test_a_sentence_that_nothing_supports_is_marked(visit):
    vera = visit().go().open().ask("I am unsure")
    expect(vera.find(".unsure")).to_have_attribute("aria-label", "Not found in the documents")
    expect(vera.find(".note")).to_contain_text("Marked sentences")


def test_the_place_in_the_line_is_shown(visit):
    vera = visit().go().open().ask("queue please", wait=False)
    expect(vera.find(".status")).to_have_text("3 before you, about 12 s")
    expect(vera.find(".status")).to_have_text("2 before you, about 8 s")
    vera.settled()
    assert vera.answer().startswith("Thank you for waiting.")


def test_the_stop_button_ends_the_answer_and_keeps_what_is_there(visit):
    vera = visit().go().open().ask("slow answer", wait=False)
    expect(vera.find(".body[data-live]")).to_contain_text("word by word")
    vera.find(".send").click()
    vera.settled()
    assert vera.answer().startswith("Slowly, word by word.")
    assert "Done" not in vera.answer()
    expect(vera.find(".note")).to_have_text("Stopped.")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("busy", "Many people are asking right now."),
        ("limit", "Please try again in 20 seconds."),
        ("crash", "Something went wrong."),
    ],
)
def test_trouble_is_told_in_a_friendly_sentence(visit, question, sentence):
    vera = visit().go().open().ask(question)
    expect(vera.find(".problem")).to_contain_text(sentence)
    expect(vera.find(".action")).to_have_text("Try again")


def test_a_question_that_did_not_arrive_can_be_sent_again(visit):
    vera = visit().go().open().ask("offline?")
    expect(vera.find(".problem")).to_contain_text("cannot be reached")
    vera.find(".action").click()
    expect(vera.find(".messages .answer .body")).to_have_text("This time it arrived.")
    assert vera.find(".problem").count() == 0


def test_an_expired_session_is_replaced_without_a_word(visit):
    vera = visit().go().open().ask("How much leave?").ask("expired?")
    assert vera.answer() == "A new conversation."
    assert vera.find(".problem").count() == 0


# -- the line ----------------------------------------------------------------------------------


def test_a_broken_stream_loses_nothing_and_repeats_nothing(visit):
    vera = visit().go().open().ask("break the line")
    assert vera.answer() == (
        "This answer survives two broken connections, and not a word of it is lost or said twice 1."
    )


def test_bytes_that_come_one_by_one_make_the_same_text(visit):
    vera = visit().go().open().ask("bytes")
    assert vera.answer() == "Zwölf Brüder fuhren früh: 雨が降る, нет, 👍 and done."


def test_the_conversation_is_there_after_a_reload(visit):
    vera = visit().go().open().ask("How much annual leave do I get?")
    vera.page.reload()
    expect(vera.ready().find(".question")).to_have_text("How much annual leave do I get?")
    assert vera.answer().startswith("Full-time staff have 28 days")
    assert vera.find(".chip").count() == 2
    assert vera.focused() == "body."


def test_a_running_answer_goes_on_after_a_reload(visit):
    vera = visit().go().open().ask("slow answer", wait=False)
    expect(vera.find(".body[data-live]")).to_contain_text("word by word")
    vera.page.reload()
    expect(vera.ready().find(".chip")).to_be_visible(timeout=20_000)
    assert vera.answer() == "Slowly, word by word. " * 12 + "Done 1."


def test_a_new_conversation_and_an_erased_one_leave_nothing_in_the_browser(visit):
    vera = visit().go().open().ask("How much leave?")
    vera.find(".head .icon").first.click()
    vera.find(
        ".menu button",
    ).filter(has_text="Erase").click()
    expect(vera.find(".menu p")).to_contain_text("from this browser?")
    vera.find(".menu .danger").click()
    assert vera.find(".messages .message").count() == 0
    assert vera.page.evaluate("localStorage.length") == 0
    vera.ask("How much leave?")
    vera.find(".head .icon").first.click()
    vera.find(".menu button").filter(has_text="New conversation").click()
    assert vera.find(".messages .message").count() == 0
    assert vera.focused() == "textarea."


def test_no_cookie_and_no_key_is_ever_sent(visit, sites):
    vera = visit().go().open().ask("How much leave?")
    seen = vera.page.request.get(f"{sites.api}/__requests").json()
    assert all("cookie" not in request["headers"] for request in seen)
    first = next(request for request in seen if request["path"] == "/v1/widget/config")
    assert "authorization" not in first["headers"]


# -- who may show it ---------------------------------------------------------------------------


def test_mallorys_site_shows_nothing_and_its_console_says_what_to_do(visit, sites):
    mallory = visit().go(site=sites.stranger)
    with mallory.page.expect_console_message(lambda message: "Inhouse" in message.text):
        pass
    told = [line for line in mallory.said if "[Inhouse widget]" in line]
    assert told == [
        "error: [Inhouse widget] This site may not show assistant asst_demo. "
        f"Add {sites.stranger} to its allowed sites in the Inhouse console."
    ]
    assert mallory.page.locator("#ai-widget-root").count() == 0


def test_a_secret_key_in_a_page_is_sent_nowhere(visit, sites):
    vera = visit()
    requested: list[str] = []
    vera.page.on("request", lambda request: requested.append(request.url))
    vera.go(api_key="sk_live_1").page.wait_for_timeout(300)
    assert any("must be a publishable key" in line for line in vera.said)
    assert not any("sk_live_1" in line for line in vera.said)
    assert not any("/v1/" in url for url in requested)


def test_an_unknown_assistant_is_told_to_the_developer(visit):
    vera = visit().go(assistant_id="asst_gone")
    vera.page.wait_for_timeout(500)
    assert any("There is no assistant asst_gone" in line for line in vera.said)


# -- hostile pages -----------------------------------------------------------------------------


def test_the_strictest_policy_is_not_violated(visit):
    vera = visit().go("strict").open().ask("evil").ask("code").ask("table").ask("list")
    vera.find(".chip").last.click()
    vera.find(".source .icon").click()
    vera.find(".code button").click()
    assert vera.violations() == []
    assert vera.page.evaluate("() => window.hacked") is None


def test_a_hostile_answer_becomes_text_and_one_link(visit):
    vera = visit().go().open().ask("evil")
    assert vera.page.evaluate("() => window.hacked") is None
    links = vera.find(".body a[href]")
    assert [link.get_attribute("href") for link in links.all()] == [
        "http://203.0.113.9/b.png?d=secret",
        "https://example.org/page",
    ]
    assert vera.find(".body").locator("img, iframe, script").count() == 0


def test_a_page_in_another_charset_shows_every_letter(visit):
    vera = visit().go("latin1", language="de").open()
    expect(vera.find(".foot p")).to_have_text("Von einer KI geschrieben. Bitte Quellen prüfen.")


def test_a_page_that_resets_everything_changes_nothing(visit):
    plain, hostile = visit().go().open(), visit().go("hostile").open()
    measure = """() => {
        const root = document.querySelector("inhouse-chat").shadowRoot;
        const box = (name) => JSON.stringify(root.querySelector(name).getBoundingClientRect());
        const style = getComputedStyle(root.querySelector(".bubble"));
        return [".launcher", ".panel", "textarea"].map(box).concat(style.fontSize, style.color);
    }"""
    hostile.page.wait_for_timeout(300)
    plain.page.wait_for_timeout(300)
    assert hostile.page.evaluate(measure) == plain.page.evaluate(measure)
    assert hostile.ask("How much leave?").answer().startswith("Full-time")


def test_loading_the_script_twice_changes_nothing(visit):
    for name in ("twice", "early"):
        vera = visit().go(name).open()
        assert vera.page.locator("inhouse-chat").count() == 1
        assert vera.said == []


def test_calls_made_before_the_script_arrived_are_carried_out(visit):
    vera = visit().go("stub").ready()
    expect(vera.find(".panel")).to_be_visible()
    assert vera.page.evaluate("heard") == ["ready", "open"]


def test_a_page_that_swaps_its_body_keeps_the_conversation(visit):
    vera = visit().go().open().ask("How much leave?")
    vera.page.evaluate("""() => {
        const fresh = document.createElement("body");
        fresh.append("The next page of the application");
        document.documentElement.replaceChild(fresh, document.body);
    }""")
    expect(vera.find(".chip").first).to_be_visible()
    vera.ask("And the moon?")
    assert vera.answer() == "I don't know."


def test_an_intranet_page_of_plain_http_works_down_to_the_copy_button(visit, sites):
    intranet = sites.pages.replace("127.0.0.1", "intranet.test")
    vera = visit().go(site=intranet).open().ask("code")
    assert vera.page.evaluate("[isSecureContext, typeof navigator.clipboard]") == [
        False,
        "undefined",
    ]
    vera.find(".code button").click()
    expect(vera.find(".code button")).to_have_text("Copied")
    vera.find("textarea").focus()
    vera.page.keyboard.press("Control+V")
    expect(vera.find("textarea")).to_have_value(re.compile("^rsync -av"))


def test_it_can_stand_in_the_page(visit):
    vera = visit().go("inline", position="inline", container="%23place").ready()
    box = vera.find(".panel").bounding_box()
    assert (box["width"], box["height"]) == (420, 620)
    expect(vera.find(".launcher")).to_be_hidden()
    expect(vera.find(".latest")).to_be_hidden()
    assert vera.ask("How much leave?").answer().startswith("Full-time")


# -- keyboard, screen readers, screens ---------------------------------------------------------


def test_everything_works_from_the_keyboard(visit):
    vera = visit().go().ready()
    vera.page.evaluate("""() => {
        window.shortcuts = 0;
        addEventListener("keydown", (event) => { if (event.key === "k") shortcuts += 1; });
    }""")
    vera.page.locator("input").focus()
    vera.page.keyboard.press("Tab")
    assert vera.focused() == "button.launcher"
    vera.page.keyboard.press("Enter")
    assert vera.focused() == "textarea."
    vera.page.keyboard.type("kk")
    vera.page.keyboard.press("Shift+Enter")
    vera.page.keyboard.type("second line")
    expect(vera.find("textarea")).to_have_value("kk\nsecond line")
    vera.page.keyboard.press("Enter")
    vera.settled()
    vera.page.keyboard.press("Escape")
    expect(vera.find(".panel")).to_be_hidden()
    assert vera.focused() == "button.launcher"
    assert vera.page.evaluate("shortcuts") == 0


def test_enter_that_ends_a_word_of_an_input_method_sends_nothing(visit):
    vera = visit().go().open()
    vera.find("textarea").fill("雨")
    vera.find("textarea").evaluate(
        'field => field.dispatchEvent(new KeyboardEvent("keydown", '
        '{key: "Enter", isComposing: true, bubbles: true, cancelable: true}))'
    )
    assert vera.find(".question").count() == 0


LISTEN_TO_NEWS = """() => {
    window.spoken = [];
    const region = document.querySelector("inhouse-chat").shadowRoot
        .querySelector("[role=status]");
    new MutationObserver(() => spoken.push(region.textContent))
        .observe(region, {childList: true, characterData: true, subtree: true});
}"""


def test_a_finished_answer_is_spoken_once_as_plain_text(visit):
    vera = visit().go().open()
    vera.page.evaluate(LISTEN_TO_NEWS)
    vera.ask("How much leave?")
    assert vera.page.evaluate("spoken") == [
        "Searching the documents…",
        "Full-time staff have 28 days of paid leave a year, bank holidays included. "
        "Part-time staff get the same share. Up to five unused days move into the next year; "
        "take them by the end of March.",
    ]
    expect(vera.find(".log")).to_have_attribute("aria-live", "off")


def test_the_place_in_the_line_is_spoken_once_and_not_on_every_step(visit):
    vera = visit().go(language="de").open()
    vera.page.evaluate(LISTEN_TO_NEWS)
    vera.ask("queue please")
    assert vera.page.evaluate("spoken")[:-1] == [
        "Durchsucht die Dokumente…",
        "3 vor Ihnen, etwa 12 s",
    ]


def test_an_answer_that_comes_while_the_panel_is_closed_is_counted(visit):
    vera = visit().go().open().ask("slow answer", wait=False)
    expect(vera.find(".body[data-live]")).to_be_visible()
    vera.page.keyboard.press("Escape")
    vera.settled()
    expect(vera.find(".badge")).to_have_text("1")
    expect(vera.find(".launcher")).to_have_attribute("aria-label", re.compile("1 new answer"))
    vera.find(".launcher").click()
    expect(vera.find(".badge")).to_be_hidden()


def test_opening_by_itself_never_takes_the_focus(visit):
    vera = visit().go(auto_open="true").ready()
    expect(vera.find(".panel")).to_be_visible()
    assert vera.focused() == "body."
    vera.find(".head .icon").last.click()
    vera.page.reload()
    vera.ready().page.wait_for_timeout(300)
    expect(vera.find(".panel")).to_be_hidden()


def test_on_a_small_screen_the_panel_is_the_page_and_keeps_the_focus(visit):
    vera = visit(width=320, height=640).go().open()
    vera.page.wait_for_timeout(300)
    assert vera.find(".panel").bounding_box() == {"x": 0, "y": 0, "width": 320, "height": 640}
    expect(vera.find(".panel")).to_have_attribute("aria-modal", "true")
    vera.ask("How much leave?").ask("table")
    assert vera.page.evaluate("document.documentElement.scrollWidth") == 320
    seen = set()
    for _ in range(24):
        vera.page.keyboard.press("Tab")
        seen.add(vera.focused())
    assert {"textarea.", "button.icon", "button.cite", "button.chip"} <= seen
    assert not seen & {"body.", "button.launcher", "input."}


def test_an_arabic_page_mirrors_the_inside_and_not_the_place(visit):
    vera = visit().go("rtl").open().ask("How much leave?")
    launcher, panel = (vera.find(name).bounding_box() for name in (".launcher", ".panel"))
    question = vera.find(".question .bubble").bounding_box()
    assert launcher["x"] > 1300
    assert question["x"] < panel["x"] + 40


def test_the_theme_follows_the_system_while_it_is_open(visit):
    vera = visit(color_scheme="light").go().open()
    expect(vera.find(".panel")).to_have_css("background-color", "rgb(255, 255, 255)")
    vera.page.emulate_media(color_scheme="dark")
    expect(vera.find(".panel")).to_have_css("background-color", "rgb(22, 26, 32)")


def test_nothing_moves_for_those_who_asked_for_that(visit):
    vera = visit(reduced_motion="reduce").go().open().ask("slow answer", wait=False)
    expect(vera.find(".body[data-live]")).to_be_visible()
    running = 'document.getAnimations().filter((each) => each.playState === "running").length'
    assert vera.page.evaluate(running) == 0


def test_targets_are_large_enough(visit):
    vera = visit().go().open().ask("How much leave?").ask("code").ask("busy")
    vera.find(".head .icon").first.click()
    small = vera.page.evaluate("""() => {
        const root = document.querySelector("inhouse-chat").shadowRoot;
        return [...root.querySelectorAll("button, textarea")]
            .filter((each) => each.getClientRects().length)
            .map((each) => [each.className, each.getBoundingClientRect()])
            .filter(([, box]) => box.width < 24 || box.height < 24)
            .map(([name]) => name);
    }""")
    assert small == []


# -- speed -------------------------------------------------------------------------------------


def test_twenty_thousand_characters_stream_without_a_long_task(visit):
    vera = visit().go().open()
    vera.page.evaluate("""() => {
        window.tasks = [];
        new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration)))
            .observe({type: "longtask"});
    }""")
    client = vera.page.context.new_cdp_session(vera.page)
    client.send("Performance.enable")

    def spent() -> float:
        told = client.send("Performance.getMetrics")["metrics"]
        return float(next(item["value"] for item in told if item["name"] == "ScriptDuration"))

    before = spent()
    vera.ask("long answer")
    assert len(vera.answer()) > 12_000
    assert spent() - before < 1.5
    assert max(vera.page.evaluate("tasks"), default=0) < 200
