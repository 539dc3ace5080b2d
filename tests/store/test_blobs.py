import io

import pytest

from appliance.base.errors import NotFound, TooLarge
from appliance.store.blobs import Blobs


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "blobs", bytes(32))


def test_the_same_bytes_twice_are_one_file(blobs):
    first = blobs.keep("prj_a", io.BytesIO(b"We open at nine."), limit=100)
    second = blobs.keep("prj_a", io.BytesIO(b"We open at nine."), limit=100)

    assert first == second
    assert list(blobs.digests("prj_a")) == [first.digest]


def test_a_file_comes_back_as_it_was(blobs):
    blob = blobs.keep("prj_a", io.BytesIO(b"x" * 3_000_000), limit=2**22)
    assert blobs.read("prj_a", blob.digest) == b"x" * 3_000_000


def test_another_project_does_not_find_it(blobs):
    blob = blobs.keep("prj_a", io.BytesIO(b"We open at nine."), limit=100)
    with pytest.raises(NotFound):
        blobs.read("prj_b", blob.digest)


def test_a_file_over_the_limit_leaves_nothing_behind(blobs):
    with pytest.raises(TooLarge):
        blobs.keep("prj_a", io.BytesIO(b"x" * 101), limit=100)

    assert [path for path in blobs.root.rglob("*") if path.is_file()] == []


def test_dropping_twice_is_as_good_as_once(blobs):
    blob = blobs.keep("prj_a", io.BytesIO(b"x"), limit=100)
    blobs.drop("prj_a", blob.digest)
    blobs.drop("prj_a", blob.digest)
    assert list(blobs.digests("prj_a")) == []
