import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.base.errors import Broken
from appliance.store import sealed
from appliance.store.sealed import CHUNK, InstallKey

KEY = bytes(range(32))


def sealed_bytes(*pieces: bytes) -> bytes:
    target = io.BytesIO()
    sealed.seal(iter(pieces), target, KEY)
    return target.getvalue()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_what_is_sealed_comes_back_whole(size):
    plain = b"x" * size
    assert b"".join(sealed.unseal(io.BytesIO(sealed_bytes(plain)), KEY)) == plain


def test_the_plain_bytes_are_nowhere_in_the_file():
    assert b"confidential" not in sealed_bytes(b"confidential" * 100)


def test_a_file_cut_at_a_chunk_is_noticed():
    whole = sealed_bytes(b"x" * (2 * CHUNK + 5))
    cut = whole[: 11 + CHUNK + 16]
    with pytest.raises(Broken):
        list(sealed.unseal(io.BytesIO(cut), KEY))


@settings(max_examples=50, deadline=None)
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_any_changed_byte_is_noticed(where, difference):
    content = bytearray(sealed_bytes(b"We open at nine."))
    content[where % len(content)] ^= difference
    with pytest.raises(Broken):
        list(sealed.unseal(io.BytesIO(bytes(content)), KEY))


def test_the_key_is_made_once_and_only_the_owner_may_read_it(tmp_path):
    path = tmp_path / "keys" / "inhouse.key"
    made = InstallKey.open(path, data_exists=False)

    assert InstallKey.open(path, data_exists=True).derive("x") == made.derive("x")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_lost_key_is_not_quietly_replaced(tmp_path):
    with pytest.raises(Broken, match="missing"):
        InstallKey.open(tmp_path / "inhouse.key", data_exists=True)


def test_the_recovery_code_is_the_key():
    key = InstallKey(KEY)
    code = key.recovery_code.lower().replace("-", " ")
    assert InstallKey.from_recovery_code(code).derive("x") == key.derive("x")


def test_each_purpose_has_a_key_of_its_own():
    key = InstallKey(KEY)
    assert key.derive("database") != key.derive("blobs")
