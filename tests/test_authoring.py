"""A new edition from its blank: what is proposed is right or marked, and what is wrong in a spec is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import pypdfium2
import pytest
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas
from scanned_forms import ROOT, SPECS, spec_of

from pipeline.__main__ import main
from pipeline.authoring.check import against_labels, check, contract, laps, printed_under
from pipeline.authoring.draft import Draft, FieldDraft, NoFooterError, by_key, draft
from pipeline.authoring.labels import labels
from pipeline.authoring.printed import read_blank
from pipeline.authoring.write import as_toml
from pipeline.model import FIELD_KEYS, Kind
from pipeline.ocr import load_engines
from pipeline.specs import FieldSpec, FormSpec, SpecError, load_spec

WITHIN = 3.0  # points
each_edition = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)


def is_right(field: FieldSpec, proposal: FieldDraft) -> bool:
    """Kind, page, layout and every box within three points."""
    boxes = [
        (field.box, proposal.place.box),
        *((comb.box, box) for comb, (box, _) in zip(field.comb, proposal.place.groups, strict=False)),
    ]
    options = {option.value: option.box for option in proposal.options}
    boxes += [(option.box, options[option.value]) for option in field.option if option.value in options]
    return (
        (field.kind, field.page) == (proposal.kind, proposal.page)
        and all(abs(a - b) <= WITHIN for one, other in boxes for a, b in zip(one, other, strict=True))
        and [comb.count for comb in field.comb] == [count for _, count in proposal.place.groups]
        and {option.value for option in field.option} == set(options)
        and (bool(field.option) or field.layout == proposal.place.layout)
    )


def proposed(spec: FormSpec, known: list[FormSpec]) -> Draft:
    return draft(read_blank(spec.blank), known)


@each_edition
@pytest.mark.parametrize("without", ["itself", "all of its form"])
def test_a_blank_gives_its_spec(spec: FormSpec, without: str) -> None:
    """Nine in ten fields right, the rest marked; never a wrong address or signature that is not."""
    known = [
        other
        for other in SPECS
        if (other.name if without == "itself" else other.number) not in (spec.name, spec.number)
    ]
    found = proposed(spec, known)
    assert (found.number, found.edition) == (spec.number, spec.edition)
    proposals = by_key(found.fields)
    right = [field.key for field in spec.field if field.key in proposals and is_right(field, proposals[field.key])]
    sure = {key for key in right if not proposals[key].unsure}
    assert len(sure) >= 0.9 * len(spec.field), set(proposals) - sure
    wrong = [field for field in spec.field if field.key not in right]
    unmarked = [field.key for field in wrong if field.key in proposals and not proposals[field.key].unsure]
    assert not [key for key in unmarked if key.endswith(("email", "signature"))]
    assert all(field.key in found.missing for field in wrong if field.key not in proposals)
    widgets = {field.key: field.widget for field in spec.field}
    assert {key: proposals[key].widget for key in right} == {key: widgets[key] for key in right}


@each_edition
def test_what_is_proposed_is_a_spec_that_loads(spec: FormSpec, tmp_path: Path) -> None:
    folder = tmp_path / spec.number / spec.edition
    folder.mkdir(parents=True)
    shutil.copy(spec.blank, folder / "blank.pdf")
    (folder / "spec.toml").write_text(as_toml(proposed(spec, [other for other in SPECS if other.name != spec.name])))
    loaded = load_spec(folder)
    assert [field.key for field in loaded.field] == [field.key for field in spec.field]
    assert {field.key: field.required for field in loaded.field} == {field.key: field.required for field in spec.field}
    assert [page.footer for page in loaded.page] == [page.footer for page in spec.page]


def test_the_english_words_are_those_of_the_edition_before() -> None:
    spec = spec_of("4123", "2022-03")
    found = by_key(proposed(spec, [other for other in SPECS if other.name != spec.name]).fields)
    assert found["section2.telephone_extension"].label.en == "Extension"
    assert found["section2.family_name"].label.fr == "Nom de famille"


def test_labels_are_told_by_how_they_begin() -> None:
    def field(text: str, section: str = "2") -> str | None:
        named = labels().field_of(section, text)
        return named.name if named else None

    assert field("Nom de famille (un caractère par case)") == "family_name"
    assert field("Nom de l'entreprise") == "company"
    assert field("Poste") == "telephone_extension"
    assert field("Adresse postale") is None
    assert field("Adresse de courriel") == "email"
    assert field("Date (AAAA-MM-JJ)") == "signed_on"
    assert field("Date de réception") is None
    assert field("Signatures et dates – Les signatures doivent être manuscrites") is None
    assert field("E-mail address") == "email"
    assert field("Langue") == "language"
    assert field("Langue", section="3") is None, "the contract has none there"
    assert labels().section_of("SECTION 3 – PERSONNE QUI AUTORISE LA DEMANDE") == "3"
    assert labels().section_of("2 – Responsable informatique désigné (utilisateur)") == "2"
    assert labels().section_of("Responsable informatique désigné – " + "Il représente le développeur. " * 5) is None


# ---------------------------------------------------------------- a blank that nobody has seen


def unseen_blank(path: Path, *, footer: str = "4058 195 27/01") -> Path:
    """Another layout: labels beside their lines, in English, squares without a label that is known."""
    canvas = Canvas(str(path), pagesize=letter)
    top = 792.0

    def text(x: float, y: float, words: str, size: float = 9) -> None:
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, top - y, words)

    text(40, 100, "2. Designated IT lead (user of the service)", 12)
    for row, (words, width) in enumerate(
        (("Family name", 200), ("First name", 200), ("Company", 300), ("Telephone", 150))
    ):
        y = 140 + 30 * row
        text(40, y, words)
        start = 40 + canvas.stringWidth(words, "Helvetica", 9) + 6
        canvas.line(start, top - y - 1, start + width, top - y - 1)
    text(40, 265, "E-mail address")
    canvas.rect(40, top - 300, 400, 30)
    for x, words in ((40, "Production"), (140, "Training")):
        canvas.rect(x, top - 330, 8, 8)
        text(x + 14, 329, words)
    text(40, 400, "3. Person who authorises the request", 12)
    text(40, 430, "Signature")
    canvas.rect(40, top - 480, 250, 45)
    text(40, 760, footer, 7)
    text(40, 600, "Some more words, so that it is told from a scan: " + "what people are to know of it. " * 2)
    canvas.save()
    return path


def test_a_layout_that_nobody_has_seen(tmp_path: Path) -> None:
    found = draft(read_blank(unseen_blank(tmp_path / "blank.pdf")), SPECS)
    fields = by_key(found.fields)
    assert (found.number, found.edition) == ("4058", "2027-01")
    lines = {key for key, field in fields.items() if field.place.layout == "line"}
    assert lines == {"section2.family_name", "section2.given_name", "section2.company", "section2.telephone"}
    assert fields["section2.email"].place.box == pytest.approx((40.3, 270.3, 439.7, 299.7), abs=WITHIN)
    assert fields["section3.signature"].place.box == pytest.approx((40.3, 435.3, 289.7, 479.7), abs=WITHIN)
    assert [option.value for option in fields["section2.environment"].options] == ["production", "training"]
    assert fields["section2.environment"].unsure, "no label says what the squares are"
    assert set(found.missing) == set(FIELD_KEYS) - set(fields)


def test_what_is_not_sure_is_not_used(tmp_path: Path) -> None:
    """Neither with a mark at a field nor with one at the whole: whoever loads it is told what to do."""
    blank = unseen_blank(tmp_path / "new.pdf")
    folder = tmp_path / "4058" / "2027-01"
    folder.mkdir(parents=True)
    shutil.copy(blank, folder / "blank.pdf")
    text = as_toml(draft(read_blank(blank), SPECS))
    (folder / "spec.toml").write_text(text)
    with pytest.raises(SpecError, match="still unsure"):
        load_spec(folder)
    assert load_spec(folder, draft=True).name == "4058 2027-01"
    (folder / "spec.toml").write_text("\n".join(line for line in text.splitlines() if not line.startswith("unsure")))
    assert load_spec(folder).find_field("section2.email")


def test_a_blank_without_a_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoFooterError, match="4058 195 22/03"):
        draft(read_blank(unseen_blank(tmp_path / "blank.pdf", footer="page 1")), SPECS)
    (tmp_path / "no.pdf").write_bytes(b"no PDF")
    with pytest.raises(ValueError, match="no readable PDF"):
        read_blank(tmp_path / "no.pdf")


# ---------------------------------------------------------------- proving a spec


def changed(spec: FormSpec, key: str, **values: object) -> FormSpec:
    fields = tuple(field.model_copy(update=values) if field.key == key else field for field in spec.field)
    return spec.model_copy(update={"field": fields})


def faults(findings: object) -> list[str]:
    return [each.text for each in findings if each.fault]  # type: ignore[attr-defined]


def test_faults_of_a_spec_are_found_and_named() -> None:
    spec = spec_of("4444", "2020-01")
    pages = read_blank(spec.blank)
    assert faults(contract(spec)) == faults(laps(spec)) == faults(printed_under(spec, pages)) == []
    without = spec.model_copy(update={"field": spec.field[1:]})
    assert faults(contract(without)) == [f"{spec.field[0].key} : manque / is missing"]
    twin = changed(spec, "section2.given_name", box=spec.field[0].box)
    assert "section2.family_name, section2.given_name" in faults(laps(twin))[0]
    box = spec.field[0].box
    over = changed(spec, spec.field[0].key, box=box._replace(y0=box.y0 - 10))
    assert "Nom de famille" in faults(printed_under(over, pages))[0]


def test_a_sound_edition_passes_and_a_box_in_the_wrong_place_does_not() -> None:
    """Scans of the blank are told from the others', and fills of it are read back."""
    cv2.setNumThreads(1)
    engines = load_engines(("paddle",))
    spec = spec_of("4444", "2020-01")
    others = [spec_of("4444", "2022-03")]
    assert faults(check(spec, others, engines)) == []
    licence, telephone = (spec.find_field(f"section3.{name}") for name in ("licence_number", "telephone"))
    assert licence
    assert telephone
    swapped = changed(changed(spec, licence.key, box=telephone.box), telephone.key, box=licence.box)
    assert [text.split(" ")[0] for text in faults(against_labels(swapped, others))] == [licence.key, telephone.key]


def test_an_edition_that_cannot_be_told_from_another_is_found() -> None:
    spec = spec_of("4444", "2020-01")
    engines = load_engines(("paddle",))
    twin = spec.model_copy(update={"edition": "2020-02"})
    said = faults(check(twin, [spec], engines))
    assert any("prise pour" in text or "pas reconnue" in text for text in said), said


# ---------------------------------------------------------------- the command


def test_the_guide_works_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """docs/new-edition.md: draft, look, check, take into use; on a published blank whose spec is taken out."""
    shutil.copytree(ROOT / "forms_specs", tmp_path / "forms_specs")
    shutil.rmtree(tmp_path / "forms_specs" / "4134" / "2022-03")
    shutil.copy(spec_of("4134", "2022-03").blank, tmp_path / "new.pdf")
    (tmp_path / "config.toml").write_text("[ocr]\nengines = ['paddle']\n")
    monkeypatch.chdir(tmp_path)
    assert main(["spec", "draft", "new.pdf", "--picture", "spec.png"]) == 0
    assert "20 champs, dont 20 sûrs" in capsys.readouterr().out
    assert (tmp_path / "spec.png").read_bytes().startswith(b"\x89PNG")
    assert main(["spec", "draft", "new.pdf"]) == 2, "it does not write over a proposal"
    assert main(["spec", "show", "drafts/4134/2022-03", "--out", "again.png"]) == 0
    capsys.readouterr()
    assert main(["spec", "check", "drafts/4134/2022-03"]) == 0, capsys.readouterr().out
    assert "reconnue 2 fois sur 2" in capsys.readouterr().out
    (tmp_path / "drafts" / "4134" / "2022-03").rename(tmp_path / "forms_specs" / "4134" / "2022-03")
    assert main(["show-spec", "4134", "2022-03", "--out", "live.png"]) == 0


def scan_of(spec: FormSpec, path: Path) -> Path:
    """The blank as pictures alone."""
    with pypdfium2.PdfDocument(spec.blank) as document:
        pages = [page.render(scale=300 / 72, grayscale=True, may_draw_forms=False).to_pil() for page in document]
    pages[0].save(path, resolution=300, save_all=True, append_images=pages[1:])
    return path


@pytest.mark.parametrize("spec", [spec_of("4134", "2022-03"), spec_of("4123", "2019-11")], ids=lambda spec: spec.name)
def test_a_blank_that_is_only_a_scan_gives_its_spec(spec: FormSpec, tmp_path: Path) -> None:
    """Words by OCR, rules and squares from the pixels. On other blanks OCR loses labels: then fields are missing."""
    pages = read_blank(scan_of(spec, tmp_path / "scan.pdf"))
    assert all(page.scanned for page in pages)
    found = draft(pages, [other for other in SPECS if other.name != spec.name])
    proposals = by_key(found.fields)
    right = [
        key for key, proposal in proposals.items() if (field := spec.find_field(key)) and is_right(field, proposal)
    ]
    assert len(right) >= 0.9 * len(spec.field)


def test_kinds_are_those_of_the_labels() -> None:
    assert {named.kind for named in labels().field} == set(Kind)
