"""Tesseract with its French model: in this process through tesserocr, else one outside process for all the crops."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import cv2
import numpy as np

from pipeline.model import Crop, EngineError, Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.model import Pixels

LANGUAGE = "fra"
# Where distributions put the trained data; TESSDATA_PREFIX comes before them.
DATA_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
INSTALL = (
    "install Tesseract 5 with its French data (Debian and Ubuntu: apt-get install tesseract-ocr tesseract-ocr-fra), "
    "or let TESSDATA_PREFIX name the folder of fra.traineddata"
)
# One uniform block, although a crop is one line: line finding then copes with accents and slant better than psm 7.
PAGE_SEGMENTATION = 6
# Prepared crops are brought to this resolution: print is then about as large as what the model learnt on.
TARGET_DPI = 180.0
BLUR_SIGMA = 1.0
BORDER = 12
# A bigger crop is no line of a form, and one with more specks than this is noise that can hold Tesseract for minutes.
GREATEST_PIXELS = 4_000_000
MOST_SPECKS = 1500
SECONDS_PER_CROP = 10


class Backend(Protocol):
    """One way of running Tesseract on prepared crops."""

    version: str

    def read(self, images: Sequence[Pixels], alphabets: Sequence[frozenset[str] | None]) -> list[Transcript]: ...


class TesseractEngine:
    """Reads prepared crops with the LSTM model; probabilities are Tesseract's own confidences."""

    name = "tesseract"

    def __init__(self, backend: Backend | None = None) -> None:
        self._backend = backend or _best_backend(find_data())
        self.version = self._backend.version

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        """One transcript a crop; a crop that is empty, too large or mere noise is not tried and gives an empty one."""
        transcripts = [Transcript("")] * len(crops)
        prepared = [(rank, prepare(crop)) for rank, crop in enumerate(crops) if is_readable(crop)]
        images = [image for _, image in prepared]
        found = self._backend.read(images, [crops[rank].alphabet for rank, _ in prepared]) if images else []
        for (rank, image), transcript in zip(prepared, found, strict=True):
            transcripts[rank] = _limited(_without_border(transcript, image.shape[1]), crops[rank].alphabet)
        return transcripts


def find_data() -> Path:
    """The folder with the French model. Raises `EngineError` saying what to install."""
    prefix = os.environ.get("TESSDATA_PREFIX")
    for folder in (prefix, *DATA_FOLDERS) if prefix else DATA_FOLDERS:
        for candidate in (Path(folder), Path(folder) / "tessdata"):
            if (candidate / f"{LANGUAGE}.traineddata").is_file():
                return candidate
    raise EngineError(f"tesseract: no {LANGUAGE}.traineddata was found; {INSTALL}")


def is_readable(crop: Crop) -> bool:
    """Whether the crop may be given to Tesseract: some ink, not too large, and not all specks."""
    pixels = crop.pixels
    if min(pixels.shape, default=0) < 3 or pixels.size > GREATEST_PIXELS or np.ptp(pixels) < 40:
        return False
    dark = (pixels < (int(pixels.min()) + int(pixels.max())) // 2).astype(np.uint8)
    return int(cv2.connectedComponents(dark)[0]) <= MOST_SPECKS


def prepare(crop: Crop) -> Pixels:
    """The crop as Tesseract reads it best: stretched to pure white, smoothed, reduced, with a white border."""
    low, high = np.percentile(crop.pixels, (1, 90)).tolist()
    span = max(high - low, 1.0)
    stretched = np.clip((crop.pixels.astype(np.float32) - low) * (255 / span), 0, 255).astype(np.uint8)
    smooth = cv2.GaussianBlur(stretched, (0, 0), BLUR_SIGMA)
    scale = min(1.0, TARGET_DPI / crop.dpi)
    height, width = (max(1, round(side * scale)) for side in smooth.shape)
    reduced = cv2.resize(smooth, (width, height), interpolation=cv2.INTER_AREA)
    bordered = np.full((height + 2 * BORDER, width + 2 * BORDER), 255, dtype=np.uint8)
    bordered[BORDER:-BORDER, BORDER:-BORDER] = reduced
    return bordered


def _without_border(transcript: Transcript, width: int) -> Transcript:
    """Spans in fractions of the prepared image become fractions of the crop."""
    inner = width - 2 * BORDER

    def moved(edge: float) -> float:
        return min(1.0, max(0.0, (edge * width - BORDER) / inner))

    spans = tuple((moved(left), moved(right)) for left, right in transcript.spans)
    return Transcript(transcript.text, transcript.probabilities, spans)


def _limited(transcript: Transcript, alphabet: frozenset[str] | None) -> Transcript:
    """Without characters outside the alphabet: a whitelist does not keep Tesseract from putting spaces."""
    if alphabet is None or alphabet.issuperset(transcript.text):
        return transcript
    kept = [rank for rank, character in enumerate(transcript.text) if character in alphabet]
    return Transcript(
        "".join(transcript.text[rank] for rank in kept),
        tuple(transcript.probabilities[rank] for rank in kept),
        tuple(transcript.spans[rank] for rank in kept) if transcript.spans else (),
    )


def _best_backend(data: Path) -> Backend:
    try:
        return InProcess(data)
    except ImportError:
        return OutsideProcess(data)


class InProcess:
    """Through tesserocr: the model stays loaded, and every character has its confidence and box."""

    def __init__(self, data: Path) -> None:
        import tesserocr

        self._module: Any = tesserocr
        self.version = f"{tesserocr.tesseract_version().split()[1]} {LANGUAGE} (tesserocr {tesserocr.__version__})"
        try:
            self._api = tesserocr.PyTessBaseAPI(
                path=str(data), lang=LANGUAGE, psm=PAGE_SEGMENTATION, oem=tesserocr.OEM.LSTM_ONLY
            )
        except RuntimeError as error:
            raise EngineError(f"tesseract: the model in {data} does not load: {error}; {INSTALL}") from error

    def read(self, images: Sequence[Pixels], alphabets: Sequence[frozenset[str] | None]) -> list[Transcript]:
        return [self._read(image, alphabet) for image, alphabet in zip(images, alphabets, strict=True)]

    def _read(self, image: Pixels, alphabet: frozenset[str] | None) -> Transcript:
        # The whitelist outlives a page, so it is set every time, to "" where all is allowed.
        self._api.SetVariable("tessedit_char_whitelist", _whitelist(alphabet))
        height, width = image.shape
        try:
            self._api.SetImageBytes(np.ascontiguousarray(image).tobytes(), width, height, 1, width)
            self._api.SetSourceResolution(round(TARGET_DPI))
            if not self._api.Recognize(SECONDS_PER_CROP * 1000):
                return Transcript("")
            return self._transcript(width)
        except RuntimeError as error:
            raise EngineError(f"tesseract: {error}") from error
        finally:
            self._api.Clear()

    def _transcript(self, width: int) -> Transcript:
        level = self._module.RIL.SYMBOL
        pieces: list[tuple[str, float, tuple[float, float]]] = []
        for symbol in self._module.iterate_level(self._api.GetIterator(), level):
            # Nothing found is one empty symbol, and asking that for its text is an error.
            if symbol.Empty(level) or (box := symbol.BoundingBox(level)) is None:
                continue
            text = symbol.GetUTF8Text(level).strip()
            span = box[0] / width, box[2] / width
            if pieces and symbol.IsAtBeginningOf(self._module.RIL.WORD):
                pieces.append((" ", min(pieces[-1][1], symbol.Confidence(level) / 100), (pieces[-1][2][1], span[0])))
            pieces.extend((character, symbol.Confidence(level) / 100, span) for character in text)
        return _joined(pieces)


def _joined(pieces: list[tuple[str, float, tuple[float, float]]]) -> Transcript:
    return Transcript(
        "".join(text for text, _, _ in pieces),
        tuple(min(1.0, max(0.0, share)) for _, share, _ in pieces),
        tuple(span for _, _, span in pieces),
    )


def _whitelist(alphabet: frozenset[str] | None) -> str:
    return "" if alphabet is None else "".join(sorted(alphabet - {" "}))


class OutsideProcess:
    """Through pytesseract, where tesserocr cannot be had: one process for all crops of one alphabet.

    Tesseract reads a list of image files; starting it and loading the model is most of the cost. Its tables give
    words only, so a word's confidence stands for each of its characters, and its box is shared out evenly.
    """

    def __init__(self, data: Path) -> None:
        try:
            import pytesseract

            self._module: Any = pytesseract
            self.version = f"{pytesseract.get_tesseract_version()} {LANGUAGE} (pytesseract)"
        except ImportError as error:
            raise EngineError("tesseract: install the package `tesserocr` or `pytesseract`") from error
        except OSError as error:
            raise EngineError(f"tesseract: the program does not start; {INSTALL}") from error
        self._data = data

    def read(self, images: Sequence[Pixels], alphabets: Sequence[frozenset[str] | None]) -> list[Transcript]:
        transcripts = [Transcript("")] * len(images)
        for alphabet in dict.fromkeys(alphabets):
            ranks = [rank for rank, wanted in enumerate(alphabets) if wanted == alphabet]
            found = self._read_alike([images[rank] for rank in ranks], alphabet)
            for rank, transcript in zip(ranks, found, strict=True):
                transcripts[rank] = transcript
        return transcripts

    def _read_alike(self, images: Sequence[Pixels], alphabet: frozenset[str] | None) -> list[Transcript]:
        with tempfile.TemporaryDirectory() as folder:
            listing = Path(folder) / "crops.txt"
            names = [str(Path(folder) / f"{rank}.png") for rank in range(len(images))]
            for name, image in zip(names, images, strict=True):
                cv2.imwrite(name, image)
            listing.write_text("\n".join(names) + "\n", encoding="utf-8")
            table = self._table(listing, alphabet, timeout=SECONDS_PER_CROP * (len(images) + 1))
        pages: list[list[tuple[str, float, tuple[float, float]]]] = [[] for _ in images]
        for page, word, share, left, right in _words(table):
            pieces = pages[page]
            width = images[page].shape[1]
            if pieces:
                pieces.append((" ", min(pieces[-1][1], share), (pieces[-1][2][1], left / width)))
            step = (right - left) / len(word) / width
            start = left / width
            pieces.extend(
                (character, share, (start + rank * step, start + (rank + 1) * step))
                for rank, character in enumerate(word)
            )
        return [_joined(pieces) for pieces in pages]

    def _table(self, listing: Path, alphabet: frozenset[str] | None, *, timeout: int) -> dict[str, list[Any]]:
        options = f"--oem 1 --psm {PAGE_SEGMENTATION} --dpi {round(TARGET_DPI)} --tessdata-dir {self._data}"
        if alphabet is not None:
            # The option string is split as a shell would, hence the escapes.
            escaped = "".join(f"\\{character}" for character in _whitelist(alphabet))
            options += f" -c tessedit_char_whitelist={escaped}"
        try:
            table: dict[str, list[Any]] = self._module.image_to_data(
                str(listing), lang=LANGUAGE, config=options, timeout=timeout, output_type=self._module.Output.DICT
            )
        except (RuntimeError, OSError) as error:
            raise EngineError(f"tesseract: {error}") from error
        return table


def _words(table: dict[str, list[Any]]) -> Iterator[tuple[int, str, float, float, float]]:
    """Each word of Tesseract's table: crop, text, confidence 0 to 1, left and right in pixels."""
    columns = (table[name] for name in ("page_num", "text", "conf", "left", "width"))
    for page, text, confidence, left, width in zip(*columns, strict=True):
        word = str(text).strip()
        if word and float(confidence) >= 0:
            yield int(page) - 1, word, float(confidence) / 100, float(left), float(left) + float(width)
