import json
import subprocess
import sys

from appliance.web.openapi import as_json, document


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].rpartition("/")[2]
        for each in node.values():
            yield from references(each)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def operations():
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_it_is_openapi_3_1_and_nothing_in_it_hangs_in_the_air():
    assert document()["openapi"].startswith("3.1")
    assert set(references(document())) <= set(document()["components"]["schemas"])


def test_every_operation_says_what_it_does_what_it_returns_and_what_may_go_wrong():
    for name, operation in operations():
        assert operation["summary"], name
        assert any(status.startswith("2") for status in operation["responses"]), name
        assert list(references(operation["responses"]["default"])) == ["ErrorReply"], name


def test_every_operation_has_a_name_of_its_own():
    names = [operation["operationId"] for _, operation in operations()]

    assert len(names) == len(set(names))


def test_every_write_says_what_it_takes():
    without = {name for name, operation in operations() if "requestBody" not in operation}

    assert {name for name in without if name.startswith(("put", "patch"))} == set()


def test_what_is_sent_back_has_all_its_fields():
    schemas = document()["components"]["schemas"]

    assert set(schemas["Llm"]["required"]) == {
        "model", "fallback", "uses", "temperature", "top_p", "max_tokens",
    }  # fmt: skip
    assert "required" not in schemas["LlmChange"]
    assert schemas["TextSourceBody"]["required"] == ["name", "content"]


def test_the_served_document_is_the_printed_one(nobody):
    assert nobody.get("/v1/openapi.json").json == json.loads(as_json())


def test_printing_it_needs_no_appliance_and_no_model():
    program = (
        "import sys, runpy; runpy.run_module('appliance.web.openapi', run_name='__main__');"
        "bad = {'torch', 'llama_cpp', 'transformers', 'sentence_transformers'} & set(sys.modules);"
        "sys.exit(str(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == document()
