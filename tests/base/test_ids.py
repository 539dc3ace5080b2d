from appliance.base import ids


def test_ids_of_one_kind_sort_by_the_moment_they_were_made(monkeypatch):
    moments = iter(range(10**18, 10**18 + 10**10, 10**9))
    monkeypatch.setattr(ids.time, "time_ns", lambda: next(moments))

    made = [ids.new_id("doc") for _ in range(10)]

    assert made == sorted(made)
    assert len(set(made)) == 10


def test_an_id_is_a_kind_and_26_plain_characters():
    kind, _, rest = ids.new_id("asst").partition("_")
    assert kind == "asst"
    assert len(rest) == 26
    assert rest.isalnum()


def test_a_secret_is_long_and_its_digest_does_not_tell_it():
    secret = ids.new_secret("sk")
    assert secret.startswith("sk_")
    assert len(secret) >= 43
    assert ids.digest(secret) not in secret
