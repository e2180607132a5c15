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
abel actor albert-sans alegreya alegreya-sans anaheim andika antic-slab arsenal arvo asap assistant average
average-sans azeret-mono b612 b612-mono barlow be-vietnam-pro bellefair bitter cabin cantarell catamaran commit-mono
convergence copse cormorant-garamond crete-round crimson-pro cutive didact-gothic dm-mono domine encode-sans enriqueta
epilogue exo-2 fanwood-text fauna-one faustina figtree fira-code francois-one frank-ruhl-libre geist geist-mono
gentium-book-plus gentium-plus gilda-display gothic-a1 goudy-bookletter-1911 gudea heebo hind ibm-plex-sans-condensed
im-fell-english instrument-sans istok-web jacques-francois josefin-slab judson kreon ledger lekton lexend
libre-caslon-text linden-hill literata lora lusitana m-plus-1-code magra mako manrope marmelad martian-mono mate
metrophobic molengo mukta mulish neuton news-cycle newsreader nobile noticia-text noto-sans-display noto-sans-mono
nova-mono old-standard-tt onest outfit ovo petrona playfair-display plus-jakarta-sans podkova pontano-sans poppins
pragati-narrow pt-sans-caption pt-serif-caption public-sans puritan questrial radley raleway red-hat-mono red-hat-text
reddit-mono rokkitt ropa-sans rosarivo rubik ruluko saira-semi-condensed sarabun scada shanti signika slabo-13px
sometype-mono sono sora sorts-mill-goudy special-gothic spectral spline-sans-mono syne-mono tajawal telex tenor-sans
tienne titillium-web ultra urbanist varela varela-round vollkorn voltaire vt323 xanh-mono yantramanav zilla-slab
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
aguafina-script akaya-kanadaka alex-brush allison allura amita andika arima arizonia atma averia-libre
averia-sans-libre averia-serif-libre babylonica ballet baloo-2 bilbo bilbo-swash-caps birthstone bonheur-royale
boogaloo borel bubblegum-sans butterfly-kids cabin-sketch cagliostro calligraffitti capriola caramel carattere
carter-one cause charm charmonman chewy chilanka clicker-script combo comforter comforter-brush comic-relief condiment
cookie coral-pixels corinthia courgette damion dancing-script delicious-handrawn delius-swash-caps dongle dr-sugiyama
dynalight eagle-lake edu-au-vic-wa-nt-hand edu-au-vic-wa-nt-pre edu-nsw-act-cursive edu-nsw-act-hand-pre engagement
englebert ephesis estonia euphoria-script explora fahkwang felipa festive fleur-de-leah fontdiner-swanky fuggles
gabriela gelasio genos gideon-roman give-you-glory gluten great-vibes grechen-fuemen grey-qo gwendolyn hachi-maru-pop
halant handjet happy-monkey hedvig-letters-serif herr-von-muellerhoff hubballi hurricane imperial-script inspiration
irish-grover island-moments italianno jim-nightshade julee k2d kalnia kapakana kaushan-script kavoon kings kite-one
kiwi-maru kodchasan koho kolker-brush kranky krub laila league-script leckerli-one licorice life-savers lobster-two
londrina-solid love-light love-ya-like-a-sister lovers-quarrel luxurious-script lxgw-wenkai-tc matemasie mclaren
mea-culpa meddon meow-script merienda merienda-one mitr mogra monsieur-la-doulaise montez moon-dance mouse-memoirs
mr-bedfort mr-dafoe mr-de-haviland mrs-saint-delafield ms-madi my-soul neonderthaw niconne niramit norican oooh-baby
overlock parisienne passions-conflict patrick-hand-sc pattaya permanent-marker petit-formal-script pinyon-script
playwrite-ar playwrite-at playwrite-au-qld playwrite-au-vic playwrite-be-wal playwrite-br playwrite-ca playwrite-cl
playwrite-co playwrite-cu playwrite-cz playwrite-de-grund playwrite-de-sas playwrite-dk-loopet playwrite-dk-uloopet
playwrite-es playwrite-fr-moderne playwrite-fr-trad playwrite-hr playwrite-hu playwrite-id playwrite-ie playwrite-in
playwrite-is playwrite-it-moderna playwrite-it-trad playwrite-mx playwrite-ng-modern playwrite-nl playwrite-no
playwrite-nz playwrite-pe playwrite-pl playwrite-pt playwrite-ro playwrite-sk playwrite-tz playwrite-us-modern
playwrite-us-trad playwrite-vn playwrite-za potta-one princess-sofia puppies-play qwigley rancho redressed ribeye
rochester rock-salt rouge-script rubik-doodle-shadow rubik-wet-paint ruge-boogie ruthie sacramento sassy-frass satisfy
send-flowers sevillana shojumaru sniglet snippet sofia sour-gummy stalemate sunshiney tangerine the-nautigal
twinkle-star unkempt updock vibur vujahday-script water-brush waterfall wellfleet wendy-one whisper winky-rough
winky-sans yellowtail ysabeau yusei-magic zen-antique-soft zen-maru-gothic
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
