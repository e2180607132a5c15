"""Invented people, companies, addresses and numbers, as varied as what a mail room sees. Nobody here exists.

Every function takes a `random.Random`, so the same seed invents the same people.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from random import Random


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


FAMILY = _listed("""
Abdelkader Archambault Asselin Aubuchon Ayotte Babin Ballesteros Baril Beaubien Beauséjour Bédard Bégin Béliveau
Benabdallah Bergevin Bernatchez Bérubé Bissonnette Blackburn Boissonneault Bourgault Boutin Brûlé Brunelle Cadotte
Caron-Wapachee Casavant Chalifoux Champoux Charlebois Chênevert Chiasson Choquette Clément Cloutier Coallier Cossette
Courchesne Cyr D'Aoust D'Astous Da Silva Daoust De Grandpré De la Chevrotière Deschênes Desruisseaux Dionne Doré
Drolet Dubé Dufour Dumouchel Dupéré Durocher Émond Éthier Faucher Filiatrault Fiset Flückiger Forget Fournier Fradette
Gagné Gendron Germain Gingras Girouard Goyette Grégoire Guèvremont Guérin Hamelin Harvey Hébert Houde Huneault
Isabelle Jacob Jeannotte Joly Jutras Kaczmarek Kirouac L'Heureux L'Italien Labrèche Lachapelle Ladouceur Laflèche
Lajoie Lalancette Lamoureux Langevin Larivière Laverdière Le Borgne Lefrançois Legault Lemieux Lépine Levasseur
Loiselle Lussier MacDonald Maheux Maltais Marcoux Marleau Ménard Mercier Monfette Mongeau Nguyen N'Diaye Normandin
O'Connor Oligny Otis Ouimet Paradis Payette Pelchat Péloquin Perreault Picotte Piché Pinsonneault Poitras Prévost
Primeau Quesnel Quirion Racicot Raîche Rancourt Ratté Rhéaume Rivest Robitaille Rochefort Rousselle Roy Sénécal
Sigouin Soucy St-Amand St-Onge Ste-Marie Sylvestre Szabó Taschereau Tétreault Théberge Thivierge Thouin Tourigny
Trépanier Vadeboncoeur Vaillancourt Vanier Venne Verreault Viau Vigneault Villemure Vinet Whittom Yelle Zemmouri
""")
# Particles were split from their names above; these are whole.
FAMILY_WITH_SPACE = ("De la Chevrotière", "De Grandpré", "Da Silva", "Le Borgne", "Van Houtte", "El Khoury", "Di Iorio")
PARTICLES = frozenset({"De", "la", "Da", "Le", "Silva", "Borgne", "Grandpré", "Chevrotière"})
SURNAMES = tuple(name for name in FAMILY if name not in PARTICLES) + FAMILY_WITH_SPACE
GIVEN = _listed(
    """
    Adèle Aïcha Alexis Amélie Anaïs André-Anne Annabelle Anne-Sophie Antonin Aurèle Béatrice Bertrand Brigitte Camille
    Carl Céline Cédric Charles-Étienne Chloé Claudie Clément Cléo Colette Cynthia Damien Daphné Delphine Denis Didier
    Diane Édith Édouard Éléonore Élodie Éloïse Émile Émilie Éric Estelle Étienne Evelyne Fabien Fannie Fatoumata
    Félix-Antoine Florence Françoise François-Xavier Gaël Gaëlle Geneviève Ghislain Gilles Gisèle Guillaume Guylaine
    Gwenaël Hugues Inès Ines Isaac Isabeau Ivan Jacinthe Jade Jasmin Jean-Christophe Jean-Guy Jérôme Jocelyne Joannie
    Jules Julie-Anne Khadija Laurie Léa Léonie Liette Lili Line Lison Loïse Luc Lucille Ludovic Maëlle Magali Manon
    Marc-Olivier Marguerite Marie-Claude Marie-France Marie-Pier Marjolaine Mathilde Maxence Mélanie Mélodie Mia Mikaël
    Mohamed Mylène Nadège Naïm Nathan Nathaël Nelly Nicolas Océane Odile Olivia Ophélie Pascale Paul-Émile Philippe
    Pier-Luc Raphaël Raphaëlle Réal Réjean Rémi Renée Rolland Romain Rosalie Roxane Samuel Sarah-Maude Sébastien
    Séverine Simon-Pierre Solène Suzie Sylvain Tania Théo Timothée Tristan Valérie Vanessa Véronique Victor Vincent
    Viviane William Xavier Yannick Yasmine Yves Yvon Zacharie Zachary Zoé
    """
)
TITLES = (
    "Analyste d'affaires", "Architecte de solutions", "Chargé de projet", "Chargée de projets TI",
    "Cheffe des opérations",
    "Conseiller en sécurité", "Conseillère principale", "Coordonnateur clinique", "Développeuse logiciel",
    "Directrice des technologies", "Gestionnaire de produit", "Ingénieure logicielle", "Intégrateur",
    "Pilote de système",
    "Président", "Programmeuse-analyste", "Responsable du soutien", "Spécialiste en interopérabilité",
    "Technicien réseau", "Administratrice de bases de données", "Adjointe administrative", "Audioprothésiste",
    "Chirurgien-dentiste", "Chirurgienne-dentiste", "Dermatologue", "Gérant de pharmacie", "Infirmière praticienne",
    "Médecin omnipraticien", "Omnipraticienne", "Optométriste", "Orthodontiste", "Pédiatre", "Pharmacien-chef",
    "Pharmacien propriétaire", "Sage-femme", "Physiothérapeute", "Directrice générale adjointe", "Copropriétaire",
    "Chef de département", "Vice-présidente – qualité", "V.-p. exploitation", "Dr", "Dre", "M.D., FRCPC", "DG",
)  # fmt: skip
COMPANY_HEADS = (
    "Logiciels", "Solutions", "Groupe", "Clinique", "Pharmacie", "Centre médical", "Informatique", "Laboratoire", "GMF",
    "Services", "Technologies", "Les Entreprises", "Polyclinique", "Coopérative", "Systèmes", "CISSS de", "Réseau",
    "Clinique dentaire", "Gestion", "9214-0567", "3104-8890",
)  # fmt: skip
COMPANY_NAMES = (
    "Aubépine", "Boréalis", "Cigüe", "des Îles", "Dossier+", "du Fleuve", "du Haut-Richelieu", "Épinette", "Galénik",
    "Harfang", "Info-Soins", "Jalon", "Kamouraska", "l'Anse", "La Pommeraie", "Lévrier", "Méridien", "MonDosMed",
    "Nordik", "Opale", "Ordo3", "Païen & Lys", "Pivot", "PlumeRx", "Quatre-Vents", "Saint-Sauveur", "Sève", "SoliSanté",
    "Tilleul", "Uni-Vers", "Vif-Argent", "XL Médic", "Zénith 24/7", "de l'Œillet", "Synapse", "Medi-K", "O2", "L10",
)  # fmt: skip
LEGAL = (
    "",
    "",
    "",
    " inc.",
    " Inc.",
    " ltée",
    " Ltée",
    " S.E.N.C.",
    " senc",
    " enr.",
    " s.e.n.c.r.l.",
    " Québec inc.",
    " (2019) inc.",
)
PUBLIC_DOMAINS = (
    "gmail.com", "hotmail.com", "outlook.com", "yahoo.ca", "videotron.ca", "bell.net", "sympatico.ca", "icloud.com",
    "live.ca", "hotmail.fr", "cgocable.ca", "globetrotter.net", "me.com", "protonmail.com", "yahoo.fr", "ymail.com",
    "ssss.gouv.qc.ca", "gmx.com", "aol.com", "fastmail.fm", "tlb.sympatico.ca", "usherbrooke.ca", "ulaval.ca",
)  # fmt: skip
ENDINGS = (".ca", ".com", ".qc.ca", ".net", ".org", ".quebec", ".health", ".io", ".co", ".md", ".clinic", ".info")
LOOK_ALIKE = str.maketrans({"o": "0", "l": "1", "i": "1", "O": "0", "I": "1", "z": "2", "s": "5", "b": "6"})


@dataclass(frozen=True)
class Person:
    family_name: str
    given_name: str
    job_title: str
    company: str
    email: str


def plain(text: str) -> str:
    """Small letters without accents."""
    parts = unicodedata.normalize("NFD", text.lower().replace("œ", "oe"))
    return "".join(letter for letter in parts if letter.isalnum() and letter.isascii())


def given_name(rng: Random) -> str:
    if rng.random() < 0.12:
        return f"{rng.choice(GIVEN).split('-')[0]}-{rng.choice(GIVEN).split('-')[0]}"
    return rng.choice(GIVEN)


def family_name(rng: Random) -> str:
    first = rng.choice(SURNAMES)
    drawn = rng.random()
    if drawn < 0.12:
        return f"{first}-{rng.choice(SURNAMES)}"
    if drawn < 0.17:
        return f"{first} {rng.choice(SURNAMES)}"
    if drawn < 0.24:
        return pseudo_word(rng, rng.randint(2, 4)).capitalize()
    return first


def pseudo_word(rng: Random, syllables: int) -> str:
    """A word that is none, so that no reader can know it."""
    onsets = (
        "b",
        "br",
        "c",
        "ch",
        "d",
        "f",
        "g",
        "gr",
        "j",
        "k",
        "l",
        "m",
        "n",
        "p",
        "qu",
        "r",
        "s",
        "t",
        "tr",
        "v",
        "z",
        "",
    )
    vowels = ("a", "e", "é", "i", "o", "u", "ou", "eau", "ai", "è", "ô", "an", "in", "on", "oi", "ïe")
    return "".join(rng.choice(onsets) + rng.choice(vowels) for _ in range(syllables))


def company(rng: Random) -> str:
    name = rng.choice(COMPANY_NAMES) if rng.random() < 0.6 else pseudo_word(rng, rng.randint(2, 3)).capitalize()
    return f"{rng.choice(COMPANY_HEADS)} {name}{rng.choice(LEGAL)}"


def domain(rng: Random, of: str = "") -> str:
    drawn = rng.random()
    if drawn < 0.35:
        return rng.choice(PUBLIC_DOMAINS)
    words = [plain(word) for word in of.split() if len(plain(word)) > 2] or [plain(pseudo_word(rng, 2))]
    if drawn < 0.55:
        words = [plain(pseudo_word(rng, rng.randint(1, 3))) or "rx" for _ in range(rng.randint(1, 2))]
    name = rng.choice(("", "-")).join(rng.sample(words, min(len(words), rng.randint(1, 2))))
    if rng.random() < 0.15:
        name += str(rng.randint(1, 999))
    return name + rng.choice(ENDINGS)


def email(rng: Random, given: str, family: str, of: str = "") -> str:
    """An address in one of the shapes that people choose; in some, digits that look like letters."""
    first, last = plain(given) or "x", plain(family) or "y"
    dot = rng.choice((".", "_", "-", "", "."))
    local = rng.choice(
        (
            f"{first}{dot}{last}", f"{first[0]}{dot}{last}", f"{last}{dot}{first}", f"{last}{first[0]}",
            f"{first}{last[0]}",
            f"{first[0]}{dot}{last[:6]}", first, last, f"{first[:2]}{dot}{last[:3]}",
        )
    )  # fmt: skip
    drawn = rng.random()
    if drawn < 0.3:
        local += rng.choice(("", dot)) + str(
            rng.choice((rng.randint(0, 9), rng.randint(10, 99), rng.randint(1940, 2022)))
        )
    elif drawn < 0.42:
        at = rng.randrange(len(local))
        local = local[:at] + local[at].translate(LOOK_ALIKE) + local[at + 1 :]
    elif drawn < 0.47:
        local += rng.choice(("l", "I", "0", "1", "o", "rn", "vv", "_", "11", "ll")).lower()
    local = local.strip("._-") or "a1"
    return f"{local}@{domain(rng, of)}"


def person(rng: Random, of: str | None = None) -> Person:
    given, family = given_name(rng), family_name(rng)
    place = company(rng) if of is None else of
    return Person(family, given, rng.choice(TITLES), place, email(rng, given, family, place))


def phone(rng: Random) -> str:
    """Ten digits that the North American plan allows."""
    area = rng.choice(
        ("367", "418", "438", "450", "514", "579", "581", "819", "873", "613", "506", str(rng.randint(201, 989)))
    )
    return f"{area}{rng.randint(200, 999)}{rng.randint(0, 9999):04d}"


def written_phone(rng: Random, digits: str) -> str:
    area, exchange, line = digits[:3], digits[3:6], digits[6:]
    return rng.choice(
        (
            f"{area} {exchange}-{line}", f"({area}) {exchange}-{line}", f"{area}-{exchange}-{line}",
            f"{area}.{exchange}.{line}", f"{area} {exchange} {line}", digits, f"1-{area}-{exchange}-{line}",
            f"({area}) {exchange} {line}", f"{area}/{exchange}-{line}", f"+1 {area} {exchange} {line}",
        )
    )  # fmt: skip


MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip


def written_date(rng: Random, year: int, month: int, day: int, always_iso: bool = False) -> str:
    if always_iso or rng.random() < 0.7:
        return f"{year}-{month:02d}-{day:02d}"
    first = "1er" if day == 1 else str(day)
    return rng.choice(
        (
            f"{year}/{month:02d}/{day:02d}", f"{first} {MONTHS[month - 1]} {year}", f"{year}.{month:02d}.{day:02d}",
            f"{year} {month:02d} {day:02d}", f"{year}{month:02d}{day:02d}",
            f"{first} {MONTHS[month - 1].upper()} {year}",
        )
    )  # fmt: skip


def written_extension(rng: Random, digits: str) -> str:
    return rng.choice((digits, digits, digits, f"p. {digits}", f"poste {digits}", f"#{digits}", f"x{digits}"))
