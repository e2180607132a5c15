"""The two ways of running Tesseract: inside this process through tesserocr, or as one process for many crops."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import cv2
import numpy as np

from pipeline.model import EngineError, Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.model import Pixels

LANGUAGE = "fra"
INSTALL = (
    "install Tesseract 5 with its French data (Debian and Ubuntu: apt-get install tesseract-ocr tesseract-ocr-fra), "
    "or let TESSDATA_PREFIX name the folder of fra.traineddata"
)
# Prepared crops are brought to this resolution: print is then about as large as what the model learnt on.
TARGET_DPI = 180.0
SECONDS_PER_CROP = 10


class Manner(NamedTuple):
    """How an image is to be read: what may be in it, and Tesseract's page segmentation mode."""

    alphabet: frozenset[str] | None
    segmentation: int

    @property
    def whitelist(self) -> str:
        """Tesseract's setting; "" allows everything."""
        return "" if self.alphabet is None else "".join(sorted(self.alphabet))


class Piece(NamedTuple):
    """A character, its probability, and its left and right as fractions of the image's width."""

    text: str
    probability: float
    span: tuple[float, float]


class Backend(Protocol):
    """One way of running Tesseract on prepared images."""

    version: str

    def read(self, images: Sequence[Pixels], manners: Sequence[Manner]) -> list[Transcript]: ...


def best_backend(data: Path) -> Backend:
    """tesserocr where it is installed, else pytesseract; `data` is the folder of the trained data."""
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
            self._api = tesserocr.PyTessBaseAPI(path=str(data), lang=LANGUAGE, oem=tesserocr.OEM.LSTM_ONLY)
        except RuntimeError as error:
            raise EngineError(f"tesseract: the model in {data} does not load: {error}; {INSTALL}") from error

    def read(self, images: Sequence[Pixels], manners: Sequence[Manner]) -> list[Transcript]:
        return [self._read(image, manner) for image, manner in zip(images, manners, strict=True)]

    def _read(self, image: Pixels, manner: Manner) -> Transcript:
        # Settings outlive a page, so they are set every time.
        self._api.SetVariable("tessedit_char_whitelist", manner.whitelist)
        self._api.SetPageSegMode(manner.segmentation)
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
        pieces: list[Piece] = []
        for symbol in self._module.iterate_level(self._api.GetIterator(), level):
            # Nothing found is one empty symbol, and asking that for its text is an error.
            if symbol.Empty(level) or (box := symbol.BoundingBox(level)) is None:
                continue
            text = symbol.GetUTF8Text(level).strip()
            span = box[0] / width, box[2] / width
            if pieces and symbol.IsAtBeginningOf(self._module.RIL.WORD):
                pieces.append(_space(pieces[-1], symbol.Confidence(level) / 100, span[0]))
            pieces.extend(Piece(character, symbol.Confidence(level) / 100, span) for character in text)
        return _joined(pieces)


def _space(before: Piece, probability: float, right: float) -> Piece:
    """The space after a piece, as sure as the less sure of its neighbours, up to `right`."""
    return Piece(" ", min(before.probability, probability), (before.span[1], max(before.span[1], right)))


def _joined(pieces: list[Piece]) -> Transcript:
    return Transcript(
        "".join(text for text, _, _ in pieces),
        tuple(min(1.0, max(0.0, share)) for _, share, _ in pieces),
        tuple(span for _, _, span in pieces),
    )


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

    def read(self, images: Sequence[Pixels], manners: Sequence[Manner]) -> list[Transcript]:
        transcripts = [Transcript("")] * len(images)
        for manner in dict.fromkeys(manners):
            ranks = [rank for rank, wanted in enumerate(manners) if wanted == manner]
            found = self._read_alike([images[rank] for rank in ranks], manner)
            for rank, transcript in zip(ranks, found, strict=True):
                transcripts[rank] = transcript
        return transcripts

    def _read_alike(self, images: Sequence[Pixels], manner: Manner) -> list[Transcript]:
        with tempfile.TemporaryDirectory() as folder:
            listing = Path(folder) / "crops.txt"
            names = [str(Path(folder) / f"{rank}.png") for rank in range(len(images))]
            for name, image in zip(names, images, strict=True):
                cv2.imwrite(name, image)
            listing.write_text("\n".join(names) + "\n", encoding="utf-8")
            table = self._table(listing, manner, timeout=SECONDS_PER_CROP * (len(images) + 1))
        pages: list[list[Piece]] = [[] for _ in images]
        for page, word, share, left, right in _words(table):
            pieces, width = pages[page], images[page].shape[1]
            start, step = left / width, (right - left) / len(word) / width
            if pieces:
                pieces.append(_space(pieces[-1], share, start))
            edges = [(start + rank * step, start + (rank + 1) * step) for rank in range(len(word))]
            pieces.extend(Piece(character, share, edge) for character, edge in zip(word, edges, strict=True))
        return [_joined(pieces) for pieces in pages]

    def _table(self, listing: Path, manner: Manner, *, timeout: int) -> dict[str, list[Any]]:
        options = f"--oem 1 --psm {manner.segmentation} --dpi {round(TARGET_DPI)}"
        options += f" --tessdata-dir {shlex.quote(str(self._data))}"
        if manner.whitelist:
            # pytesseract splits its options as a shell would.
            options += f" -c {shlex.quote('tessedit_char_whitelist=' + manner.whitelist)}"
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
