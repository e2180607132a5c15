"""Filled forms as they come in, with what a perfect reader decides:
`python -m benchmarks.synthesis.generate --out DIR --fonts DIR --count N --seed S [--held-out]`.

Writes DIR/scans/DATE/NNNN.pdf and DIR/truth.jsonl (the format of the mail room's truth, so its scorer runs on it).
The same seed gives the same documents, whatever their count. `--held-out` writes with fonts no reader was trained on.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pikepdf
from PIL import Image

from benchmarks.synthesis.fill import Content, fill, invent, new_writer
from benchmarks.synthesis.fonts import load_both
from benchmarks.synthesis.noise import QUALITIES, Quality, Scan, degrade
from pipeline.specs import load_specs

if TYPE_CHECKING:
    from benchmarks.synthesis.fonts import Font, Style
    from pipeline.specs import FormSpec

SPECS = Path(__file__).parent.parent.parent / "forms_specs"
# Old editions come before the bulletin, the others after it.
OLD_DAY, NEW_DAY = (2022, 2, 24), (2022, 4, 12)
QUALITY_SHARES = (0.2, 0.35, 0.17, 0.14, 0.14)


def document(
    specs: tuple[FormSpec, ...], fonts: dict[Style, tuple[Font, ...]], seed: int, rank: int
) -> tuple[bytes, dict[str, Any]]:
    """One document's PDF and its line of truth (but for the path)."""
    words = Random(seed * 1_000_003 + rank)
    rng = np.random.default_rng((seed, rank))
    spec = words.choice(specs)
    style: Style = "hand" if words.random() < 0.5 else "typed"
    quality: Quality = words.choices(QUALITIES, QUALITY_SHARES)[0]
    first = new_writer(style, fonts[style], words, rng)
    second = first if style == "typed" else new_writer(style, fonts[style], words, rng)
    received = OLD_DAY if spec.edition < "2022-03" else NEW_DAY
    signed = (received[0], received[1], words.randint(1, received[2]))
    content = _legible(spec, signed, words, first.capitals, second.capitals, (first.font, second.font))
    content, cases = _with_fault(spec, content, words)
    pages = fill(spec, content, (first, second), rng, words)
    scans = [degrade(pages[page], quality, rng) for page in sorted(pages)]
    pdf = as_pdf(scans, quality, seed * 1_000_003 + rank)
    return pdf, truth_of(spec, content, cases, style, quality, received, (first.font.name, second.font.name), pdf)


def _legible(
    spec: FormSpec, signed: tuple[int, int, int], words: Random, upper2: bool, upper3: bool, fonts: tuple[Font, Font]
) -> Content:
    """Content that both fonts can write, with two addresses that differ, all its values valid."""
    while True:
        content = invent(spec, signed, words, (upper2, upper3))
        drawn = [fonts[key.startswith("section3")].can_write(text) for key, text in content.written.items()]
        valid = all(content.values[key] is not None for key, text in content.written.items() if text)
        addresses = [content.values.get(f"section{number}.email") for number in (2, 3)]
        if all(drawn) and valid and (addresses[0] is None or addresses[0] != addresses[1]):
            return content


def _with_fault(spec: FormSpec, content: Content, words: Random) -> tuple[Content, list[str]]:
    """Now and then a required field or a signature left out."""
    if words.random() > 0.12:
        return content, ["plain"]
    key = words.choice([each.key for each in spec.field if each.required and each.kind.value != "choice"])
    written = {name: text for name, text in content.written.items() if name != key}
    missing: bool | None = False if key.endswith("signature") else None
    return Content({**content.values, key: missing}, written), [
        "signature-missing" if missing is False else "missing-field"
    ]


def truth_of(
    spec: FormSpec,
    content: Content,
    cases: list[str],
    style: Style,
    quality: Quality,
    received: tuple[int, int, int],
    fonts: tuple[str, str],
    pdf: bytes,
) -> dict[str, Any]:
    reasons = [
        {"code": "signature-missing" if each.kind.value == "signature" else "field-missing", "field": each.key}
        for each in spec.field
        if each.required and content.values[each.key] in (None, False)
    ]
    old = spec.edition < "2022-03"
    by_mail = old or content.values.get("section2.environment") == "training"
    delivery = {
        "channel": "registered-mail" if by_mail else "email",
        "username_to": None if by_mail else content.values.get("section3.email"),
        "temporary_password_to": None if by_mail else content.values.get("section2.email"),
    }
    year, month, day = received
    return {
        "attachment": None,
        "index": 0,
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "cases": cases,
        "fill": style,
        "quality": quality,
        "encoding": "image",
        "received": f"{year}-{month:02d}-{day:02d}T12:00:00-0{5 if month < 3 else 4}:00",
        "message_id": None,
        "number": spec.number,
        "edition": spec.edition,
        "fields": dict(content.values),
        "invalid": [],
        "ambiguous": [],
        "decision": "reject" if reasons else "accept",
        "reasons": reasons,
        "delivery": None if reasons else delivery,
        "fonts": list(fonts),
        "written": dict(content.written),
    }


def as_pdf(scans: list[Scan], quality: Quality, number: int) -> bytes:
    """One image a page: G4 where there is only black and white, else JPEG. The same bytes for the same `number`."""
    pdf = pikepdf.new()
    for scan in scans:
        height, width = scan.pixels.shape
        if scan.bilevel:
            stream, kind = _g4(scan), pikepdf.Name.CCITTFaxDecode
            parameters = pikepdf.Dictionary(K=-1, Columns=width, Rows=height, BlackIs1=False)
        else:
            stream, kind, parameters = _jpeg(scan), pikepdf.Name.DCTDecode, None
        image = pikepdf.Stream(pdf, stream, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width)
        image.Height, image.ColorSpace, image.Filter = height, pikepdf.Name.DeviceGray, kind
        image.BitsPerComponent = 1 if scan.bilevel else 8
        if parameters is not None:
            image.DecodeParms = parameters
        across, down = width * 72 / scan.dpi, height * 72 / scan.dpi
        page = pdf.add_blank_page(page_size=(across, down))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        page.Contents = pikepdf.Stream(pdf, f"q {across:.3f} 0 0 {down:.3f} 0 0 cm /Im0 Do Q".encode())
    pdf.trailer.ID = [hashlib.md5(str(number).encode()).digest()] * 2
    out = io.BytesIO()
    pdf.save(out, static_id=True)
    return out.getvalue()


def _jpeg(scan: Scan) -> bytes:
    out = io.BytesIO()
    Image.fromarray(scan.pixels).save(out, "JPEG", quality=88)
    return out.getvalue()


def _g4(scan: Scan) -> bytes:
    """The bare CCITT data out of a one-strip TIFF."""
    out = io.BytesIO()
    height = scan.pixels.shape[0]
    image = Image.fromarray(scan.pixels).point(lambda value: 255 if value > 127 else 0, mode="1")
    image.save(out, "TIFF", compression="group4", tiffinfo={278: height, 262: 0})
    with Image.open(io.BytesIO(out.getvalue())) as tiff:
        tags: Any = getattr(tiff, "tag_v2")  # noqa: B009 (Pillow's types do not have it)
        offset, size = tags[273][0], tags[279][0]
    return out.getvalue()[offset : offset + size]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, required=True, help="folder with typed/ and hand/")
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held-out", action="store_true", help="write with the fonts kept for judging")
    given = parser.parse_args()
    specs = load_specs(SPECS)
    fonts = load_both(given.fonts, given.held_out)
    lines = []
    for rank in range(given.count):
        pdf, truth = document(specs, fonts, given.seed, rank)
        path = Path("scans") / truth["received"][:10] / f"{rank:04d}.pdf"
        (given.out / path).parent.mkdir(parents=True, exist_ok=True)
        (given.out / path).write_bytes(pdf)
        lines.append(json.dumps({"path": str(path), **truth}, ensure_ascii=False))
    (given.out / "truth.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
