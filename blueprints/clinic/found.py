"""Highlighting of search terms."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from markupsafe import Markup, escape

from rules.names import search_key

# A list of fifty patients has some five thousand letters, and few that differ.
_letter_key = lru_cache(maxsize=1024)(search_key)


class Found:
    """The fragments of one search. `found(text)` is the text with each of them in <mark>, compared by search key."""

    def __init__(self, typed: str) -> None:
        self.fragments = search_key(typed).split()

    def __call__(self, text: str, through_gaps: bool = False) -> Markup:
        """`through_gaps`: a fragment may span spaces, as in a phone number."""
        if not self._is_in(search_key(text), through_gaps):
            return escape(text)
        shown, end = Markup(), 0
        text = unicodedata.normalize("NFC", text)
        for start, stop in self._spans(text, through_gaps):
            shown += escape(text[end:start]) + Markup("<mark>{}</mark>").format(text[start:stop])
            end = stop
        return shown + escape(text[end:])

    def _is_in(self, key: str, through_gaps: bool) -> bool:
        """A quick check, since most texts of a list do not match."""
        key = key.replace(" ", "") if through_gaps else key
        return any(fragment in key for fragment in self.fragments)

    def _spans(self, text: str, through_gaps: bool) -> Iterator[tuple[int, int]]:
        """The positions of the fragments in order, overlapping and adjacent ones merged."""
        hits = sorted(self._hits(text, through_gaps))
        while hits:
            start, stop = hits.pop(0)
            while hits and hits[0][0] <= stop:
                stop = max(stop, hits.pop(0)[1])
            yield start, stop

    def _hits(self, text: str, through_gaps: bool) -> Iterator[tuple[int, int]]:
        letters = [(key, place) for place, letter in enumerate(text) for key in _letter_key(letter) or " "]
        if through_gaps:
            letters = [(key, place) for key, place in letters if key != " "]
        keys = "".join(key for key, _place in letters)
        for fragment in self.fragments:
            at = keys.find(fragment)
            while at >= 0:
                yield letters[at][1], letters[at + len(fragment) - 1][1] + 1
                at = keys.find(fragment, at + 1)
