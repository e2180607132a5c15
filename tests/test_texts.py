"""Names, titles and companies: what words, spaces and cells say for acting on them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_beside import COMPANY, GIVEN
from test_weigh import NAME, TRUSTING, said

from pipeline.calibration import Calibration, Weights
from pipeline.meaning import fold
from pipeline.specs import FieldSpec
from pipeline.weighing.texts import fits_cells, is_questionable, may_lack_a_saints_hyphen
from pipeline.weighing.weigh import rank, weigh
from pipeline.witnesses.testimony import Testimony as Heard

TITLE = NAME.model_copy(update={"key": "section2.job_title"})
ENOUGH = 0.995
DOUBTING = Calibration("test", dict.fromkeys(TRUSTING.kinds, Weights(0.5, {})))


def typed(field: FieldSpec, *texts: str, score: float = 0.9) -> Heard:
    return replace(said(field, *texts, score=score), pen=0.0)


def certainty(heard: Heard) -> float:
    return weigh(heard, 1.0, DOUBTING).confidence


def test_of_readings_that_differ_the_one_made_of_words_is_believed() -> None:
    heard = typed(TITLE, "Optométrlste", "Optométrlste", "Optométriste", "Optométriste", "Optométrlste", score=0.6)
    assert rank(heard)[0] == "optometriste"
    assert certainty(heard) > ENOUGH


def test_a_name_is_believed_that_its_bearers_address_is_made_of() -> None:
    heard = typed(NAME, "Zaccardxlll", "Zaccardxlll", "Zaccardxlli", "Zaccardxlli", "Zaccardxlll", score=0.6)
    assert rank(heard)[0] == "zaccardxlll"
    assert rank(replace(heard, address="m.zaccardxlli"))[0] == "zaccardxlli"


def test_and_is_certain_where_no_look_comes_near_another() -> None:
    """In an address it may be misread alike: so `QUTRION` was for `QUIRION`, of which two looks thought at 0.47."""
    heard = replace(typed(NAME, *["Zaccardxlli"] * 4, "Zaccardx1li", score=0.9), address="m.zaccardxlli")
    assert certainty(heard) > ENOUGH
    torn = [
        replace(each, chances={"zaccardxlli": 0.5, "zaccardxllt": 0.47}) if each.engine == "own" else each
        for each in heard.witnesses
    ]
    assert certainty(replace(heard, witnesses=tuple(torn))) < ENOUGH


def test_a_digit_in_a_name_or_among_the_letters_of_a_word_is_a_doubt() -> None:
    sure = {"score": 0.9999}
    for field, text, certain in (
        (NAME, "Lacasse-6odbout", False),
        (NAME, "Roy 2", False),
        (COMPANY, "Clin1que Roy", False),
        (COMPANY, "Clinique 360", True),
        (COMPANY, "9312-4458 Québec inc.", True),
    ):
        assert (weigh(typed(field, *[text] * 5, **sure), 1.0, TRUSTING).confidence > ENOUGH) is certain


def test_a_name_that_is_no_word_where_a_look_reads_one_is_a_doubt() -> None:
    """So four looks read `Fotin`, where `Fortin` was written."""
    sure = typed(NAME, *["Fotin"] * 5, score=0.9999)
    assert weigh(sure, 1.0, TRUSTING).confidence > ENOUGH
    doubted = typed(NAME, *["Fotin"] * 4, "Fortin", score=0.9999)
    assert weigh(doubted, 1.0, TRUSTING).confidence < ENOUGH


@pytest.mark.parametrize(("chance", "doubtful"), [(0.005, False), (0.1, True)])
def test_so_is_one_that_a_look_thinks_may_be_a_word(chance: float, doubtful: bool) -> None:
    """So all read `Jaton`, a fax, and one look thought of `Jalon` by 0.15."""
    sure = typed(COMPANY, *["Groupe Jaton"] * 5, score=0.9999)
    look = replace(sure.witnesses[0], chances={**sure.witnesses[0].chances, "groupejalon": chance})
    torn = replace(sure, witnesses=(look, *sure.witnesses[1:]))
    assert is_questionable(torn, "groupejaton", "Groupe Jaton") is doubtful


def test_so_is_one_that_a_look_thinks_is_what_its_address_has() -> None:
    """So all read `Guirion`, by hand, one of them `Quirion` by little."""
    sure = typed(NAME, *["Guirion"] * 5, score=0.96)
    thinking = replace(sure.witnesses[0], chances={"guirion": 0.96, "quirion": 0.015})
    doubted = replace(sure, witnesses=(thinking, *sure.witnesses[1:]), address="s.quirion.25")
    assert not is_questionable(sure, "guirion", "Guirion")
    assert not is_questionable(replace(doubted, address="s.q.25"), "guirion", "Guirion")
    assert is_questionable(doubted, "guirion", "Guirion")


@pytest.mark.parametrize("other", ["Optométristes", "Opticien"])
def test_another_reading_that_is_made_of_words_is_a_doubt(other: str) -> None:
    assert certainty(typed(TITLE, *["Optométriste"] * 4, other)) < ENOUGH


@pytest.mark.parametrize(
    ("other", "chances", "doubtful"),
    [
        ("karl", (0.44, 0.48), True),
        ("karl", (0.44, 0.1), False),
        ("karx", (0.44, 0.48), False),
        ("kar", (0.44, 0.48), False),
    ],
)
def test_words_are_a_doubt_where_each_network_thinks_of_others_that_are_as_long(
    other: str, chances: tuple[float, float], *, doubtful: bool
) -> None:
    """All makes read `KARI` for `KARL`, typed, whose L had its foot on the rule (seed 712)."""
    heard = typed(GIVEN, *["KARI"] * 5, score=0.99)
    looks = list(heard.witnesses)
    for which, chance in zip((1, 3), chances, strict=True):
        looks[which] = replace(looks[which], chances={"kari": 0.5, other: chance})
    assert (certainty(replace(heard, witnesses=tuple(looks))) < ENOUGH) is doubtful


def test_what_nobody_read_is_never_the_value() -> None:
    assert weigh(typed(TITLE, *["Optométrlste"] * 5), 1.0, DOUBTING).value == "Optométrlste"


def test_words_do_not_settle_what_is_written_by_hand() -> None:
    heard = typed(TITLE, "Optométrlste", *["Optométriste"] * 4)
    assert certainty(heard) > ENOUGH
    assert certainty(replace(heard, pen=0.9)) < ENOUGH


def test_a_title_with_a_word_that_is_all_but_a_known_one_is_a_doubt_however_many_agree() -> None:
    sure = {"score": 0.9999}
    assert weigh(typed(TITLE, *["Infirmier praticien"] * 5, **sure), 1.0, TRUSTING).confidence > ENOUGH
    assert weigh(typed(TITLE, *["Infimier praticien"] * 5, **sure), 1.0, TRUSTING).confidence <= 0.9
    assert weigh(typed(COMPANY, *["Infimier praticien"] * 5, **sure), 1.0, TRUSTING).confidence > ENOUGH


def test_what_is_no_word_needs_networks_that_are_sure() -> None:
    assert certainty(typed(NAME, *["Prxprtq"] * 5, score=0.5)) < ENOUGH
    assert certainty(typed(NAME, *["Prxprtq"] * 5)) > ENOUGH
    assert certainty(typed(NAME, *["Tremblay"] * 5, score=0.5)) > ENOUGH


def test_a_name_that_is_all_but_a_known_one_is_a_doubt_by_hand_and_a_given_name_in_type() -> None:
    """So all read `Yalentin` and `Vdentin` for `Valentin`, by hand, and `Geneyiève` in type, on a fax. Families have
    names that are no words; who types them types them rightly."""
    for name, certain in (("Valentin", True), ("Yalentin", False), ("Vdentin", False), ("Zaccardxlli", True)):
        for field, typed_certain in ((GIVEN, certain), (NAME, True)):
            heard = typed(field, *[name] * 5, score=0.9999)
            assert is_questionable(replace(heard, pen=1.0), name.lower(), name) is not certain
            assert is_questionable(heard, name.lower(), name) is not typed_certain


def test_a_given_name_that_is_two_in_one_may_have_lost_its_hyphen_by_hand() -> None:
    """So all read `PAULÉMILE`; and who is called Aïssata types it so."""
    for name, doubted in (("PAULÉMILE", True), ("PAUL-ÉMILE", False), ("Zaccardxlli", False)):
        heard = typed(GIVEN, *[name] * 5)
        key = heard.witnesses[0].key
        assert is_questionable(replace(heard, pen=1.0), key, name) is doubted
        assert not is_questionable(heard, key, name)
    assert not is_questionable(typed(NAME, *["PAULÉMILE"] * 5), "paulemile", "PAULÉMILE")


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("Program meuse", True),
        ("SOMa", True),
        ("V.-P.EXPLOITATION", True),
        ("V.-P. EXPLOITATION", False),
        ("Qualité.et conformité", True),
        ("LAbbé", True),
        ("LABORATOIRESAXIOME", True),
        ("Programmeuse", False),
        ("LABORATOIRES AXIOME", False),
        ("Téléclinique Nord", False),
    ],
)
def test_by_hand_a_word_may_have_come_apart_or_two_have_run_together(text: str, doubtful: bool) -> None:
    """So all makes read `Program meuse` and `LABORATOIRESAXIOME`, as wide as the gaps were."""
    heard = replace(typed(COMPANY, *[text] * 5), pen=1.0)
    assert is_questionable(heard, heard.witnesses[0].key, text) is doubtful
    assert not is_questionable(replace(heard, pen=0.0), heard.witnesses[0].key, text)


def test_a_word_that_is_always_cut_short_with_a_point_has_lost_it_and_so_has_an_initial() -> None:
    """So all makes read `RESP DÉVELOPPEMENT` and `Innovations P Gagné`, in type, and none saw the point."""
    for text, doubtful in (
        ("RESP DÉVELOPPEMENT", True),
        ("Resp. développement", False),
        ("Responsable", False),
        ("Innovations P Gagné", True),
        ("Innovations P. Gagné", False),
        ("Clinique À Domicile", False),
    ):
        heard = typed(TITLE, *[text] * 5)
        assert is_questionable(heard, heard.witnesses[0].key, text) is doubtful


@pytest.mark.parametrize(
    ("field", "text", "seen", "doubtful"),
    [
        (TITLE, "Resp développement", "Resp. développement", True),
        (COMPANY, "Omnia sencrl", "Omnia s.e.n.c.r.1", True),
        (COMPANY, "Omnia s.e.n.c.r.l.", "Omnia sencrl", False),
        (COMPANY, "Omnia sencrl", "Omnia sencrl", False),
    ],
)
def test_points_that_one_look_of_paddle_sees_may_have_been_lost_by_all_others(
    field: FieldSpec, text: str, seen: str, doubtful: bool
) -> None:
    heard = typed(field, *[text] * 5)
    look = next(rank for rank, each in enumerate(heard.witnesses) if each.engine == "paddle")
    heard = typed(field, *[seen if rank == look else text for rank in range(5)])
    key = next(each.key for rank, each in enumerate(heard.witnesses) if rank != look)
    assert is_questionable(heard, key, text) is doubtful


def test_a_company_of_which_one_reading_has_a_legal_form_and_the_best_has_none_is_a_doubt() -> None:
    """So PP-OCR read `sene`, in type, and the others `senc`."""
    assert is_questionable(typed(COMPANY, *["Fleuve sene"] * 4, "Fleuve senc"), "fleuvesene", "Fleuve sene")
    assert not is_questionable(typed(COMPANY, *["Fleuve senc"] * 4, "Fleuve sene"), "fleuvesenc", "Fleuve senc")


def test_a_capital_i_that_one_reading_has_with_a_dot_is_a_doubt_but_among_capitals() -> None:
    """So `intégration` became `Intégration`, in type, whose dot the scan had lost."""
    texts = [*["Chef – Intégration"] * 4, "Chef – intégration"]
    assert is_questionable(typed(TITLE, *texts), "chef-integration", "Chef - Intégration")
    assert not is_questionable(typed(TITLE, *texts[:4]), "chef-integration", "Chef - Intégration")
    assert not is_questionable(typed(NAME, *["KIM"] * 4, "KiM"), "kim", "KIM")


def test_a_digit_among_letters_is_no_doubt_where_the_companys_address_has_it() -> None:
    heard = typed(COMPANY, *["M2 Soft inc."] * 5)
    key = heard.witnesses[0].key
    assert is_questionable(heard, key, "M2 Soft inc.")
    assert not is_questionable(replace(heard, address="m2soft.ca"), key, "M2 Soft inc.")
    assert is_questionable(replace(heard, address="mzsoft.ca"), key, "M2 Soft inc.")
    assert is_questionable(replace(heard, address="m2soft.ca", pen=1.0), key, "M2 Soft inc.")


def test_spaces_that_our_own_network_alone_has_or_lost_are_no_dispute_in_type() -> None:
    readings = {"own": "COOPP. GAGNÉ", "paddle": "COOP P. GAGNÉ", "tesseract": "COOP P. GAGNÉ"}
    makes = [each.engine for each in typed(COMPANY, *["COOP P. GAGNÉ"] * 5).witnesses]
    heard = typed(COMPANY, *[readings[make] for make in makes])
    assert not is_questionable(heard, heard.witnesses[0].key, "COOP P. GAGNÉ")
    assert is_questionable(replace(heard, pen=1.0), heard.witnesses[0].key, "COOP P. GAGNÉ")
    split = typed(COMPANY, *[readings["own"] if make == "tesseract" else readings[make] for make in makes])
    assert is_questionable(split, split.witnesses[0].key, "COOP P. GAGNÉ")
    # About a hyphen it is none: so `Médecin-conseil` got its spaces.
    spaced = typed(TITLE, *["Médecin - conseil" if make != "own" else "Médecin-conseil" for make in makes])
    assert is_questionable(spaced, spaced.witnesses[0].key, "Médecin - conseil")
    # Between a family's names a space may be a hyphen.
    names = typed(NAME, *["GAGNON - ROY" if make != "own" else "GAGNON-ROY" for make in makes])
    assert is_questionable(names, names.witnesses[0].key, "GAGNON - ROY")


def test_a_point_behind_a_word_that_one_look_does_not_see_may_be_a_speck() -> None:
    """So a speck made `Sage-femme.` of `Sage-femme`, of which our own network saw none."""
    for field, text, other, doubted in (
        (TITLE, "Sage-femme.", "Sage-femme", True),
        (TITLE, "Sage-femme.", "Sage-femme.", False),
        (COMPANY, "Kinea inc.", "Kinea inc", False),
    ):
        heard = typed(field, other, *[text] * 4)
        assert is_questionable(heard, heard.witnesses[1].key, text) is doubted


def test_spaces_on_which_readers_differ_are_settled_by_words_but_between_names() -> None:
    texts = ["Chargéedeprojet", "Chargée de projet", "Chargée de projet", "Chargée deprojet", "Chargée de projet"]
    assert certainty(typed(TITLE, *texts)) > ENOUGH
    assert certainty(typed(GIVEN, "JeanFrançois", *["Jean François"] * 4)) < ENOUGH
    assert certainty(typed(NAME, "Léve sque", *["Lévesque"] * 4)) > ENOUGH


def test_spaces_that_one_reading_has_round_a_hyphen_are_no_dispute() -> None:
    assert certainty(typed(NAME, *["GAGNON-ROY"] * 4, "GAGNON - ROY")) > ENOUGH
    assert certainty(typed(NAME, *["GAGNON-ROY"] * 3, *["GAGNON - ROY"] * 2)) < ENOUGH
    assert certainty(typed(NAME, "GAGNON-ROY", *["GAGNON - ROY"] * 4)) < ENOUGH


@pytest.mark.parametrize("sign", [".", "-", ","])
def test_a_sign_that_one_network_sees_between_names_may_be_what_is_left_of_a_hyphen(sign: str) -> None:
    readings = [*["Roy Dubois"] * 3, f"Roy{sign} Dubois", "Roy Dubois"]
    assert is_questionable(typed(NAME, *readings), "roydubois", "Roy Dubois")
    assert not is_questionable(typed(NAME, *["Roy Dubois"] * 5), "roydubois", "Roy Dubois")
    # Tesseract sees points everywhere; and few join the words of a title by hyphens.
    assert not is_questionable(typed(NAME, *readings[:3], *readings[:2:-1]), "roydubois", "Roy Dubois")
    # A point that PP-OCR sees may be an abbreviation's.
    assert is_questionable(typed(TITLE, *readings), "roydubois", "Roy Dubois") is (sign == ".")


@pytest.mark.parametrize(("chance", "doubtful"), [(0.02, False), (0.06, True)])
def test_a_hyphen_that_one_network_thinks_of_may_be_lost(chance: float, doubtful: bool) -> None:
    """So all read `Gagnon Roy`, in type."""
    heard = typed(NAME, *["Gagnon Roy"] * 5)
    torn = replace(heard.witnesses[0], chances={"gagnonroy": 0.7, "gagnon-roy": chance})
    thinking = replace(heard, witnesses=(torn, *heard.witnesses[1:]))
    assert is_questionable(thinking, "gagnonroy", "Gagnon Roy") is doubtful


@pytest.mark.parametrize(
    ("company", "doubtful"),
    [
        ("TANDEM. INC.", True),
        ("Nüvo. s.e.n.c.", True),
        ("Noroît. ltée", True),
        ("Informatique Biocortex. Canada", True),
        ("TANDEM, INC.", False),
        ("TANDEM INC.", False),
        ("A.B. Services", False),
        ("Polymed.com inc.", False),
        ("Nüvo s.e.n.c.r.l.", False),
        ("Resp. développement", False),
    ],
)
def test_a_point_behind_a_word_may_be_a_comma_that_lost_its_tail(company: str, doubtful: bool) -> None:
    """So all makes read `TANDEM. INC.` and `Biocortex. Canada`, in type."""
    heard = typed(COMPANY, *[company] * 5)
    assert is_questionable(heard, heard.witnesses[0].key, company) is doubtful


def test_a_space_between_given_names_may_be_a_lost_hyphen_whoever_agrees() -> None:
    """So all makes read `ANNE MARIE`, in type whose thin strokes a scan had lost."""
    assert is_questionable(typed(GIVEN, *["ANNE MARIE"] * 5), "annemarie", "ANNE MARIE")
    assert not is_questionable(typed(GIVEN, *["ANNE-MARIE"] * 5), "anne-marie", "ANNE-MARIE")
    assert not is_questionable(typed(NAME, *["ANNE MARIE"] * 5), "annemarie", "ANNE MARIE")


@pytest.mark.parametrize(
    ("name", "doubtful"),
    [("ST ONGE", True), ("Roy Ste Marie", True), ("saint Pierre", True), ("ST-ONGE ROY", False), ("Ernest Roy", False)],
)
def test_a_name_with_a_space_behind_a_saint_has_lost_a_hyphen(name: str, doubtful: bool) -> None:
    """So all makes read `ST ONGE` for `ST-ONGE`, by hand."""
    assert is_questionable(typed(NAME, *[name] * 5), name.lower().replace(" ", ""), name) is doubtful


@pytest.mark.parametrize(("name", "doubtful"), [("STPIERRE", True), ("SteMarie", True), ("Stanley", False)])
def test_a_saint_that_runs_into_a_name_by_hand_has_lost_a_hyphen(name: str, doubtful: bool) -> None:
    """All makes lost that of `ST-PIERRE`, by hand."""
    heard = replace(typed(NAME, *[name] * 5, score=0.9999), pen=0.9)
    assert may_lack_a_saints_hyphen(name) is doubtful
    assert is_questionable(heard, name.lower(), name) or not doubtful


@pytest.mark.parametrize(("pen", "doubtful"), [(0.9, True), (0.0, False)], ids=["by hand", "typed"])
def test_so_may_one_between_family_names_in_cells_by_hand(pen: float, *, doubtful: bool) -> None:
    """All makes read `HUPPÉ PELLETIER` for `HUPPÉ-PELLETIER`."""
    heard = typed(NAME, *["HUPPÉPELLETIER"] * 5, score=0.9999)
    heard = replace(heard, pen=pen, cells=(True,) * 5 + (False,) + (True,) * 9)
    assert is_questionable(heard, "huppepelletier", "HUPPÉ PELLETIER") is doubtful


def test_a_space_between_given_names_in_cells_may_be_a_lost_hyphen() -> None:
    cells = (True,) * 4 + (False,) + (True,) * 8
    apart = replace(typed(GIVEN, *["JEANFRANÇOIS"] * 5), cells=cells)
    assert is_questionable(apart, "jeanfrancois", "JEAN FRANÇOIS")
    assert not is_questionable(replace(apart, field=NAME), "jeanfrancois", "JEAN FRANÇOIS")
    assert not is_questionable(apart, "jeanfrancois", "JEANFRANÇOIS")


def test_of_spaces_that_differ_those_are_believed_that_make_words() -> None:
    """So was `Mél anie` read for `Mélanie`, in type whose l stood apart."""
    torn = typed(GIVEN, "Mél anie", "Mél anie", "Mélanie", "Mélanie", "Mél anie", score=0.9999)
    assert weigh(torn, 1.0, TRUSTING).value == "Mélanie"


def test_among_capitals_a_capital_begins_no_word() -> None:
    """So `GÉR ANT` was believed for `GÉRANT`, in type whose A stands apart; all of these are words."""
    torn = typed(TITLE, "GÉR ANT", "GÉR ANT", "GÉRANT", "GÉRANT", "GÉR ANT", score=0.9999)
    assert weigh(torn, 1.0, TRUSTING).confidence < ENOUGH


@pytest.mark.parametrize(
    ("text", "inked", "fits"),
    [("BÉGIN", 3, True), ("BÉGIN", 5, True), ("BÉGIN", 6, False), ("ROYBÉGIN", 5, False), ("ZYLTRO", 4, False)],
)
def test_one_known_word_may_be_typed_through_the_cells(text: str, inked: int, *, fits: bool) -> None:
    """But one of fewer letters than cells with ink has lost one, and two may have lost what parts them."""
    cells = (True,) * inked + (False,) * (20 - inked)
    heard = replace(typed(NAME, *[text] * 5, score=0.9999), cells=cells)
    assert fits_cells(heard, fold(text)) is fits
    assert fits_cells(replace(heard, pen=0.9), fold(text)) is (inked == len(text))


def test_a_sign_that_a_look_thinks_of_may_have_been_written_by_hand() -> None:
    text = "Opti-clic, enr"
    hand = replace(said(COMPANY, *[text] * 5, score=0.9999), pen=0.9)
    assert weigh(hand, 1.0, TRUSTING).confidence > ENOUGH
    look = replace(hand.witnesses[0], chances={"opti-clic,enr": 0.6, "opti-clic,enr.": 0.25})
    assert weigh(replace(hand, witnesses=(look, *hand.witnesses[1:])), 1.0, TRUSTING).confidence < ENOUGH


@pytest.mark.parametrize("pen", [0.0, 1.0])
def test_a_word_of_one_letter_in_a_name_is_a_piece_of_one(pen: float) -> None:
    """So all read `St-Aman d`."""
    for text, certain in (("Tremblay d", False), ("L Tremblay", False), ("Tremblay Roy", True)):
        heard = replace(said(NAME, *[text] * 5, score=0.9999), pen=pen)
        assert is_questionable(heard, rank(heard)[0], text) is not certain


@pytest.mark.parametrize(("text", "certain"), [
    ("Technologies Tandem S A", False), ("Technologies Tandem S.A.", True), ("GESTION.OPTIQUE", False),
])  # fmt: skip
def test_points_that_were_lost_or_made_of_specks_are_a_doubt(text: str, certain: bool) -> None:
    heard = typed(COMPANY, *[text] * 5, score=0.9999)
    assert is_questionable(heard, rank(heard)[0], text) is not certain


def test_a_title_by_hand_whose_spaces_were_lost_is_a_doubt() -> None:
    """So all read `TECHNICIENDESOUTIEN`."""
    for title, certain in (("TECHNICIENDESOUTIEN", False), ("TECHNICIEN DE SOUTIEN", True)):
        heard = replace(said(TITLE, *[title] * 5, score=0.9999), pen=1.0)
        assert is_questionable(heard, rank(heard)[0], title) is not certain


@pytest.mark.parametrize("pen", [0.0, 1.0])
def test_a_legal_form_that_a_name_runs_into_has_lost_its_space(pen: float) -> None:
    """So all read `Équilibreenr.`."""
    for text, certain in (("Polycliniqueenr.", False), ("POLYCLINIQUEINC", False), ("Polyclinique enr.", True)):
        heard = replace(said(COMPANY, *[text] * 5, score=0.9999), pen=pen)
        assert is_questionable(heard, rank(heard)[0], text) is not certain


@pytest.mark.parametrize(("thought", "pen", "certain"), [
    ("lea-rose", 1.0, False), ("lea-rose", 0.0, True), ("lea-rasa", 1.0, True), ("lea-roses", 1.0, True),
])  # fmt: skip
def test_by_hand_a_much_commoner_word_that_a_network_thinks_of_is_a_doubt(
    thought: str, pen: float, certain: bool
) -> None:
    """So all read `Léa-Rase`."""
    heard = replace(said(GIVEN, *["Léa-Rase"] * 5, score=0.9999), pen=pen)
    thinking = replace(heard.witnesses[2], chances={"lea-rase": 0.97, thought: 0.025})
    heard = replace(heard, witnesses=(*heard.witnesses[:2], thinking, *heard.witnesses[3:]))
    assert is_questionable(heard, "lea-rase", "Léa-Rase") is not certain


def test_an_i_that_networks_take_for_a_j_is_a_doubt_by_hand() -> None:
    """So they read `QUJRJON`, twice; Tesseract read `QUIRION`."""
    for pen, other, certain in ((1.0, "ZUJRJEX", False), (0.0, "ZUJRJEX", True), (1.0, "ZOIRIEX", True)):
        heard = replace(said(NAME, *["ZUIRIEX"] * 4, other, score=0.9), pen=pen)
        assert is_questionable(heard, "zuiriex", "ZUIRIEX") is not certain
