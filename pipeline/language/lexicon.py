"""The words that there are, and how common they are: French, names of people and places among it, and common English.

From how often words are met in encyclopedias, subtitles, news, books and the web (wordfreq,
https://doi.org/10.5281/zenodo.7199437); titles of health services that are rare everywhere else beside them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from wordfreq import get_frequency_list

from pipeline.meaning import fold

# Words are known that one meets at least so often, in hundredths of a power of ten below every word: once in ten
# million words of French, once in a million of English, of whose words fewer are written here. Below that the lists
# hold misspellings.
RAREST = {"fr": 700, "en": 600}
PROFESSIONS = Path(__file__).parent.parent / "models" / "professions.txt"
# What the names of Quebec's partnerships and registered businesses end in, where the lists have not got it (Code civil
# du Québec, articles 2186 to 2249; Loi sur la publicité légale des entreprises, RLRQ c. P-44.1).
LEGAL_FORMS = ("senc", "sencrl", "enrg")
# The Zipf scale's value of a word that is every word.
ZIPF = 9.0
# Anything shorter is some word.
SHORTEST = 3


def words() -> dict[str, float]:
    """All words of three letters or more, folded, with how common they are: some 100,000.

    As powers of ten of how often one is met in a billion words (the Zipf scale, https://doi.org/10.1080/17470218.2013.850521).
    """
    return _read()[0]


def accented() -> dict[str, str]:
    """Of each word that French has most often with accents, folded: how it is spelt then, in small letters."""
    return _read()[1]


@cache
def _read() -> tuple[dict[str, float], dict[str, str]]:
    known: dict[str, float] = {}
    usual: dict[str, str] = {}
    for language, rarest in RAREST.items():
        for rank, bucket in enumerate(get_frequency_list(language, wordlist="large")[: rarest + 1]):
            for word in filter(str.isalpha, bucket):
                plain = folded(word)
                if len(plain) >= SHORTEST:
                    known[plain] = max(known.get(plain, 0.0), ZIPF - rank / 100)
                    if language == "fr":
                        usual.setdefault(plain, word)
    professions = (line for line in PROFESSIONS.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    for word in (*folded(" ".join(professions)).split(), *LEGAL_FORMS):
        known.setdefault(word, ZIPF - RAREST["fr"] / 100)
    # What is left of the lists, ten times as long, is not needed again.
    get_frequency_list.cache_clear()
    return known, {plain: word for plain, word in usual.items() if word != plain}


def folded(text: str) -> str:
    """Without accents, capitals and ligatures."""
    return fold(text).replace("œ", "oe").replace("æ", "ae")
