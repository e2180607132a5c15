"""The contract of `OcrEngine`, held against every row of `ENGINES`, and what is particular to each."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import reportlab
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pipeline.config import Settings
from pipeline.model import Crop, EngineError, OcrEngine, Transcript
from pipeline.ocr import ENGINES, CannedEngine, load_engines
from pipeline.ocr.paddle import PaddleEngine, find_model, prepare
from pipeline.ocr.pruning import UnexpectedModelError, metadata, prune_outputs
from pipeline.ocr.tesseract import GREATEST_PIXELS, TesseractEngine, find_data, is_readable
from pipeline.ocr.tesseract_backends import Manner, OutsideProcess
from pipeline.witnesses.testimony import as_spelt

Pixels = NDArray[np.uint8]

DPI = 300.0
FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
DIGITS = frozenset("0123456789")
LINES = ("Maïté Benoît-Côté", "514 555-0199", "Hélène L'Écuyer", "2024-03-15", "CLSC de Saint-Cœur & Fils")


def rendered(text: str, size: int = 42) -> Pixels:
    font = ImageFont.truetype(str(FONT), size)
    image = Image.new("L", (int(font.getlength(text)) + 24, size + 20), 255)
    ImageDraw.Draw(image).text((12, 6), text, font=font, fill=20)
    return np.asarray(image).copy()


def crop(text: str, alphabet: frozenset[str] | None = None) -> Crop:
    return Crop(rendered(text), DPI, alphabet)


@cache
def started(name: str) -> OcrEngine:
    if name == "tesseract outside":
        return TesseractEngine(OutsideProcess(find_data()))
    return load_engines([name])[0]


@pytest.fixture(params=[*ENGINES, "tesseract outside"])
def engine(request: pytest.FixtureRequest) -> OcrEngine:
    try:
        return started(request.param)
    except EngineError as error:
        if request.param.startswith("tesseract"):
            pytest.skip(f"{request.param} is not installed: {error}")
        raise


def same(read: str, written: str) -> bool:
    """Equal but for the apostrophe's and the dash's shape, and for I and l, which this typeface has alike."""
    return as_spelt(read.replace("’", "'").replace("–", "-")) == written


class TestContract:
    def test_it_says_who_it_is(self, engine: OcrEngine) -> None:
        assert engine.name in ENGINES
        assert any(character.isdigit() for character in engine.version)

    def test_no_crops(self, engine: OcrEngine) -> None:
        assert engine.read([]) == []

    def test_lines_in_their_order_with_their_accents(self, engine: OcrEngine) -> None:
        transcripts = engine.read([crop(line) for line in LINES])
        for transcript, line in zip(transcripts, LINES, strict=True):
            assert same(transcript.text, line)

    def test_the_order_is_kept_whatever_the_alphabets(self, engine: OcrEngine) -> None:
        crops = [crop("4058"), crop("Zoé"), crop("7731", DIGITS), crop("Noël"), crop("2920", DIGITS)]
        for transcript, written in zip(engine.read(crops), ("4058", "Zoé", "7731", "Noël", "2920"), strict=True):
            assert same(transcript.text, written)

    def test_white_paper_says_nothing(self, engine: OcrEngine) -> None:
        white = Crop(np.full((60, 300), 255, dtype=np.uint8), DPI)
        between = engine.read([crop("4058"), white, crop("2920")])
        assert [transcript.text for transcript in between] == ["4058", "", "2920"]
        assert between[1].score == 0

    @pytest.mark.parametrize("shape", [(0, 0), (1, 1), (2, 400), (60, 2)])
    def test_a_crop_of_hardly_any_pixels(self, engine: OcrEngine, shape: tuple[int, int]) -> None:
        assert len(engine.read([Crop(np.zeros(shape, dtype=np.uint8), DPI)])) == 1

    def test_the_alphabet_is_respected(self, engine: OcrEngine) -> None:
        for transcript in engine.read([crop(text, DIGITS) for text in ("Iola BOSS", "O1l5 Z2", "12:34", "é")]):
            assert DIGITS.issuperset(transcript.text)

    def test_the_alphabet_of_one_crop_is_gone_with_the_next(self, engine: OcrEngine) -> None:
        first, second = engine.read([crop("4058", DIGITS), crop("Benoît")])
        assert first.text == "4058"
        assert same(second.text, "Benoît")
        assert same(engine.read([crop("Benoît")])[0].text, "Benoît")

    def test_punctuation_in_an_alphabet_is_taken_literally(self, engine: OcrEngine) -> None:
        """Quotation marks, spaces and backslashes must survive the way into the engine's own settings."""
        everything = frozenset("\"'\\ #%$-;|()@.") | DIGITS | frozenset("abcdefghijklmnopqrstuvwxyz")
        assert engine.read([crop("jean (12)", everything)])[0].text == "jean (12)"

    def test_letters_forced_into_digits_are_not_sure(self, engine: OcrEngine) -> None:
        for transcript in engine.read([crop("Hélène", DIGITS), crop("12A34", DIGITS)]):
            assert transcript.score < 0.9

    def test_probabilities_and_spans(self, engine: OcrEngine) -> None:
        for transcript in engine.read([crop(line) for line in LINES]):
            assert len(transcript.probabilities) == len(transcript.text)
            assert all(0 <= probability <= 1 for probability in transcript.probabilities)
            if transcript.spans:
                assert_ordered(transcript)

    def test_spans_are_where_the_characters_are(self, engine: OcrEngine) -> None:
        """Two groups of digits at the ends of a crop, with a gap as wide as they are."""
        wide = np.hstack((rendered("44"), np.full((62, 60), 255, dtype=np.uint8), rendered("22")))
        transcript = engine.read([Crop(wide, DPI, DIGITS | {" "})])[0]
        assert transcript.text.replace(" ", "") == "4422"
        for character, (left, right) in zip(transcript.text, transcript.spans, strict=True):
            assert (character == " ") or ((left + right) / 2 < 0.5) == (character == "4")

    def test_candidates(self, engine: OcrEngine) -> None:
        for transcript in engine.read([crop(line) for line in LINES]):
            if transcript.candidates:
                texts = [text for text, _ in transcript.candidates]
                assert transcript.text in texts
                shares = [share for _, share in transcript.candidates]
                assert shares == sorted(shares, reverse=True)

    def test_a_second_reading_is_the_same(self, engine: OcrEngine) -> None:
        crops = [crop(line) for line in LINES]
        assert engine.read(crops) == engine.read(crops)

    def test_the_crop_is_left_as_it_was(self, engine: OcrEngine) -> None:
        shown = crop("4058")
        before = shown.pixels.copy()
        engine.read([shown])
        assert np.array_equal(shown.pixels, before)


def assert_ordered(transcript: Transcript) -> None:
    assert len(transcript.spans) == len(transcript.text)
    assert all(0 <= left <= right <= 1 for left, right in transcript.spans)
    lefts = [left for left, _ in transcript.spans]
    assert lefts == sorted(lefts)


class TestLoading:
    def test_each_engine_is_started_once(self) -> None:
        first, second = load_engines(["paddle"]), load_engines(["paddle", "paddle"])
        assert first[0] is second[0] is second[1]

    def test_an_unknown_name_is_told_with_the_known_ones(self) -> None:
        with pytest.raises(EngineError, match=r"'easy'.*paddle"):
            load_engines(["easy"])

    def test_the_built_in_setting_names_engines_that_there_are(self) -> None:
        assert set(Settings().ocr.engines) <= set(ENGINES)

    @pytest.mark.parametrize(("name", "package"), [("paddle-exact", "onnxruntime")])
    def test_a_missing_package_is_named(self, name: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(EngineError, match=package):
            ENGINES[name]()


class TestPaddle:
    def test_what_the_forms_hold_is_known(self) -> None:
        characters = set(PaddleEngine().labels.characters)
        french = "àâäçéèêëîïôöùûüœæ"
        assert characters >= {*french, *french.upper(), *"@-_.+'’()#&/,: 0123456789"}

    def test_cutting_the_output_layer_keeps_the_scores_of_what_is_left(self) -> None:
        """The cut network is the whole one with the other classes' share taken away."""
        model = find_model().read_bytes()
        classes = len(metadata(model)["character"].split("\n")) + 2
        keep = np.array([0, 5, 17, 300, classes - 1])
        image = prepare(rendered("4058"))[None]
        whole, cut = (
            onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"]).run(None, {"x": image})[0]
            for content in (model, prune_outputs(model, classes, keep))
        )
        expected = whole[..., keep] / whole[..., keep].sum(axis=-1, keepdims=True)
        assert np.allclose(cut, expected, atol=1e-4)

    @pytest.mark.parametrize("content", [b"", b"\xff\xff\xff", b"not a model at all", b"\x3a\x02\x08\x01"])
    def test_another_file_is_refused(self, content: bytes) -> None:
        with pytest.raises(UnexpectedModelError):
            prune_outputs(content, 18710, np.array([0, 1]))

    def test_other_writings_of_one_line_stay_among_the_candidates(self) -> None:
        """Blurred until the network doubts: what it doubts between is there, sharing one probability."""
        pixels = np.asarray(Image.fromarray(rendered("Maïté Loïc")).resize((70, 16))).copy()
        transcript = started("paddle").read([Crop(pixels, DPI)])[0]
        assert len(transcript.candidates) > 1
        assert sum(share for _, share in transcript.candidates) <= 1 + 1e-6

    def test_a_very_wide_crop_is_squeezed_and_not_refused(self) -> None:
        assert prepare(np.full((10, 5000), 255, dtype=np.uint8)).shape == (3, 48, 3200)


class TestTesseract:
    def test_missing_french_data_are_told_with_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr("pipeline.ocr.tesseract.DATA_FOLDERS", (str(tmp_path),))
        monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
        with pytest.raises(EngineError, match=r"fra\.traineddata.*tesseract-ocr-fra"):
            TesseractEngine()

    @pytest.mark.parametrize("under", ["", "tessdata"])
    def test_the_environment_says_where_the_data_are(
        self, under: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        folder = tmp_path / under
        folder.mkdir(exist_ok=True)
        (folder / "fra.traineddata").touch()
        monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
        assert find_data() == folder

    def test_without_tesserocr_the_program_is_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        find_data_or_skip()
        monkeypatch.setitem(sys.modules, "tesserocr", None)
        assert "pytesseract" in TesseractEngine().version

    def test_noise_and_huge_crops_never_reach_tesseract(self) -> None:
        """They cost the most and give letters that nobody wrote."""
        noise = (np.random.default_rng(1).random((200, 900)) > 0.1).astype(np.uint8) * 255
        huge = np.zeros((2000, GREATEST_PIXELS // 2000 + 1), dtype=np.uint8)
        huge[::50] = 255
        refusing = TesseractEngine(Untouchable())
        assert [transcript.text for transcript in refusing.read([Crop(noise, DPI), Crop(huge, DPI)])] == ["", ""]
        assert is_readable(crop(LINES[0]))

    def test_an_engine_that_answers_wrongly_is_noticed(self) -> None:
        with pytest.raises(ValueError, match="zip"):
            TesseractEngine(Untouchable(())).read([crop("4058")])


class Untouchable:
    """A backend that must not be asked, or that answers too little."""

    version = "0"

    def __init__(self, answers: Sequence[Transcript] | None = None) -> None:
        self._answers = answers

    def read(self, images: Sequence[Pixels], manners: Sequence[Manner]) -> list[Transcript]:
        assert self._answers is not None, "a refused crop came through"
        return list(self._answers)


def find_data_or_skip() -> Path:
    try:
        return find_data()
    except EngineError as error:
        pytest.skip(str(error))


class TestCanned:
    def test_answers_come_in_turn_and_the_crops_are_kept(self) -> None:
        engine = CannedEngine(["514", Transcript("a", (0.5,))])
        shown = [crop("x"), crop("y")]
        assert engine.read(shown) == [engine_answer("514"), Transcript("a", (0.5,))]
        assert engine.seen == shown

    def test_answers_by_a_function_of_the_crop(self) -> None:
        engine = CannedEngine(lambda shown: "digits" if shown.alphabet == DIGITS else "any")
        assert [transcript.text for transcript in engine.read([crop("x"), crop("y", DIGITS)])] == ["any", "digits"]

    def test_too_few_answers_are_the_tests_fault_and_say_so(self) -> None:
        with pytest.raises(EngineError, match="more crops than answers"):
            CannedEngine(["a"]).read([crop("x"), crop("y")])


def engine_answer(text: str) -> Transcript:
    edges = [rank / len(text) for rank in range(len(text) + 1)]
    return Transcript(text, (1.0,) * len(text), tuple(itertools.pairwise(edges)), ((text, 1.0),))
