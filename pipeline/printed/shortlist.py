"""Which pages of the known blanks are worth a comparison with a page, however many editions are known.

All blanks' features lie in one index. A feature of the page finds those that are nearly the same, and speaks for their
blanks, the louder the fewer have it. They are found by hashes of bits drawn by lot, on which near ones agree in some
table or other (Indyk and Motwani, Approximate nearest neighbors, 1998): that hardly takes longer with many blanks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.register import Descriptors, landmarks

if TYPE_CHECKING:
    from pipeline.register import Features
    from pipeline.specs import FormSpec

    BlankPage = tuple[FormSpec, int]

Integers = NDArray[np.int64]

# So many pages are compared feature by feature: of 147 pages of labelled scans each had the right one of nine editions
# among its first three. Pages that share this part of their features look the same; so many of these are compared.
LONGEST = 6
SAME_LOOK, OF_ONE_LOOK = 0.3, 2
TABLES, BITS = 16, 24
# Bits of 256 in which features may differ that are nearly the same.
NEAR = 45


@dataclass(frozen=True)
class Shortlist:
    """The pages of all known blanks, by their features: `words`, each once.

    tables: for each hash, its bits, and the words' hashes in order with the words' ranks. bearers: for each word the
    ranks of the pages that have it, one word's after the other's, from `first` of it on. alike: pages of one look.
    """

    pages: tuple[BlankPage, ...]
    words: Descriptors = field(repr=False)
    tables: tuple[tuple[Integers, Integers, Integers], ...] = field(repr=False)
    bearers: Integers = field(repr=False)
    first: Integers = field(repr=False)
    alike: NDArray[np.bool_] = field(repr=False)

    def likeliest(self, features: Features) -> Sequence[BlankPage]:
        """The pages of blanks that most of the page's features speak for, likeliest first."""
        votes = self._votes(features.descriptors) if len(features.descriptors) else np.zeros(len(self.pages))
        chosen: list[int] = []
        for rank in np.argsort(-votes, kind="stable"):
            if self.alike[rank, chosen].sum() < OF_ONE_LOOK:
                chosen.append(int(rank))
            if len(chosen) == LONGEST:
                break
        return [self.pages[rank] for rank in chosen]

    def _votes(self, descriptors: Descriptors) -> NDArray[np.float64]:
        feature, word = self._near(descriptors)
        counts = self.first[word + 1] - self.first[word]
        total = len(self.pages)
        # A feature speaks once for a page, however many words of it are near.
        spoken = np.unique(np.repeat(feature, counts) * total + self.bearers[_ranges(self.first[word], counts)])
        feature, page = spoken // total, spoken % total
        heard = np.bincount(feature, minlength=len(descriptors))
        weights = np.log((1 + total) / np.maximum(heard, 1))
        return np.bincount(page, weights=weights[feature], minlength=total).astype(np.float64)

    def _near(self, descriptors: Descriptors) -> tuple[Integers, Integers]:
        """Pairs of features and words that differ in `NEAR` bits at most, as their ranks; a pair may come twice."""
        features, words = [], []
        unpacked = np.unpackbits(descriptors, axis=1)
        for bits, hashes, ranks in self.tables:
            sought = _hash(unpacked, bits)
            start = np.searchsorted(hashes, sought, "left")
            counts = np.searchsorted(hashes, sought, "right") - start
            features.append(np.repeat(np.arange(len(descriptors)), counts))
            words.append(ranks[_ranges(start, counts)])
        feature, word = np.concatenate(features), np.concatenate(words)
        apart = np.bitwise_count(descriptors.view(np.uint64)[feature] ^ self.words.view(np.uint64)[word]).sum(axis=1)
        return feature[apart <= NEAR], word[apart <= NEAR]


@cache
def shortlist(specs: tuple[FormSpec, ...]) -> Shortlist:
    """Made once of all editions, and kept: some 20 ms a page of theirs."""
    pages = tuple((spec, number) for spec in specs for number in range(1, len(spec.page) + 1))
    described = [landmarks(*page).descriptors for page in pages]
    words, ranks = np.unique(np.concatenate(described), axis=0, return_inverse=True)
    page = np.repeat(np.arange(len(pages)), [len(each) for each in described])
    borne = np.unique(ranks.ravel() * len(pages) + page)
    first = np.searchsorted(borne // len(pages), np.arange(len(words) + 1))
    alike = _alike(borne // len(pages), borne % len(pages), len(pages))
    return Shortlist(pages, words, _tables(words), borne % len(pages), first, alike)


def _alike(word: Integers, page: Integers, pages: int) -> NDArray[np.bool_]:
    """Which pages share enough of their words; `word` and `page`: which page bears which."""
    bears = np.zeros((pages, int(word.max(initial=0)) + 1), np.float32)
    bears[page, word] = 1
    most = np.maximum(bears.sum(axis=1), 1)
    alike: NDArray[np.bool_] = bears @ bears.T > SAME_LOOK * np.minimum(most[:, None], most[None, :])
    return alike


def _tables(words: Descriptors) -> tuple[tuple[Integers, Integers, Integers], ...]:
    lot = np.random.default_rng(0)
    unpacked = np.unpackbits(words, axis=1)
    tables = []
    for _ in range(TABLES):
        bits = lot.choice(unpacked.shape[1], BITS, replace=False)
        hashes = _hash(unpacked, bits)
        order = np.argsort(hashes, kind="stable")
        tables.append((bits, hashes[order], order))
    return tuple(tables)


def _hash(unpacked: Descriptors, bits: Integers) -> Integers:
    result: Integers = unpacked[:, bits].astype(np.int64) @ (1 << np.arange(len(bits)))
    return result


def _ranges(start: Integers, counts: Integers) -> Integers:
    """From each start on so many ranks, one after the other."""
    result: Integers = np.arange(counts.sum()) + np.repeat(start - np.cumsum(counts) + counts, counts)
    return result
