"""How rare the words of some collections are, and what a misspelt one may stand for."""

from __future__ import annotations

from collections.abc import Sequence

from appliance.library.question import closest
from appliance.library.stem import stem
from appliance.store import fulltext
from appliance.store.documents import Collection

_REMEMBERED = 50_000
_SHORTEST = 4  # letters of a word that is taken for misspelt when nobody has written it


class Lexicon:
    """The words of collections. Remembers what it was asked until a collection changes."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, str], int] = {}

    def frequency(self, collections: Sequence[Collection], term: str) -> int:
        """In how many passages a word stands, given by its stem, in any of its forms."""
        return sum(self._frequency(each, term) for each in collections)

    def stand_ins(self, collections: Sequence[Collection], words: Sequence[str]) -> dict[str, str]:
        """For words nobody has written, the stems that are spelt almost alike and are known.

        The first two letters must be right.
        """
        found = {}
        for word in words:
            sought = stem(word)
            if len(word) < _SHORTEST or not word.isalpha() or self.frequency(collections, sought):
                continue
            known = [
                each
                for collection in collections
                for each in fulltext.beginning(collection.number, sought[:2])
            ]
            if other := closest(sought, known):
                found[word] = other
        return found

    def _frequency(self, collection: Collection, term: str) -> int:
        key = (collection.id, collection.revision, term)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = fulltext.frequency(collection.number, term)
        return self._known[key]
