"""Fetches the fonts that the generator writes with: `python -m benchmarks.synthesis.fetch_fonts --out DIR`.

Packages @fontsource/NAME (fonts of Google Fonts, each under its free licence) come through `npm pack`; the Latin
regular of each becomes DIR/typed/NAME.ttf or DIR/hand/NAME.ttf. A font without the French accents and the signs
of an address is left out, and said so. Needs npm and fontTools; the fonts themselves are not in the repository.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

TYPED = """
courier-prime cutive-mono special-elite ibm-plex-mono ibm-plex-sans ibm-plex-serif roboto open-sans arimo tinos cousine
inconsolata source-code-pro pt-mono pt-sans pt-serif anonymous-pro lato eb-garamond roboto-mono noto-sans noto-serif
merriweather montserrat nunito ubuntu ubuntu-mono source-sans-3 source-serif-4 carlito caladea crimson-text
libre-baskerville work-sans fira-sans fira-mono dm-sans jetbrains-mono space-mono gelasio cardo quattrocento karla
overpass-mono inter atkinson-hyperlegible oxygen-mono share-tech-mono libre-franklin archivo-narrow roboto-condensed
pt-sans-narrow
"""
HAND = """
caveat kalam patrick-hand shadows-into-light indie-flower architects-daughter gloria-hallelujah nanum-pen-script
reenie-beanie just-another-hand covered-by-your-grace handlee neucha gochi-hand coming-soon schoolbell
homemade-apple cedarville-cursive sue-ellen-francisco annie-use-your-telescope sriracha mali itim crafty-girls
la-belle-aurore nothing-you-could-do over-the-rainbow pangolin the-girl-next-door waiting-for-the-sunrise zeyada dekko
delius short-stack swanky-and-moo-moo loved-by-the-king kristi dawning-of-a-new-day bad-script
marck-script mynerve gaegu hi-melody nanum-brush-script sedgwick-ave
caveat-brush edu-nsw-act-foundation edu-vic-wa-nt-beginner playpen-sans shantell-sans grape-nuts square-peg mansalva
klee-one comic-neue shadows-into-light-two kavivanar fuzzy-bubbles gamja-flower poor-story single-day yomogi
zen-kurenaido
"""
# Joined or quick enough to be a signature; a name in neat print is none that a person would swear to.
CURSIVE = """
homemade-apple cedarville-cursive la-belle-aurore nothing-you-could-do over-the-rainbow zeyada kristi
dawning-of-a-new-day bad-script marck-script caveat reenie-beanie sedgwick-ave square-peg the-girl-next-door
"""
NEEDED = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@._-+/(),'& ÀÂÇÈÉÊËÎÏÔÖÙÛÜàâçèéêëîïôöùûü")


def fetch(name: str, target: Path) -> str:
    """Puts one font at `target`; returns "" or why it was left out."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", "--silent", f"@fontsource/{name}"], cwd=folder, capture_output=True, text=True, check=False
        )
        archive = Path(folder) / (packed.stdout.strip().splitlines() or [""])[-1]
        if packed.returncode or not archive.is_file():
            return "npm could not fetch it"
        member = f"package/files/{name}-latin-400-normal.woff"
        with tarfile.open(archive) as files:
            if member not in files.getnames():
                return "it has no Latin regular"
            files.extract(member, folder, filter="data")
        return convert(Path(folder) / member, target)


def convert(source: Path, target: Path) -> str:
    """Writes a WOFF font as TrueType; returns "" or why not."""
    # Here, for only this script needs it, not those that read its lists.
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    font = TTFont(source)
    missing = NEEDED - {chr(code) for code in font.getBestCmap()}
    if missing:
        return f"it lacks {''.join(sorted(missing))}"
    font.flavor = None
    target.parent.mkdir(parents=True, exist_ok=True)
    font.save(target)
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for typed/ and hand/")
    out: Path = parser.parse_args().out
    for style, names in (("typed", TYPED.split()), ("hand", HAND.split())):
        for name in names:
            target = out / style / f"{name}.ttf"
            if not target.exists() and (why := fetch(name, target)):
                print(f"{name}: left out: {why}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
