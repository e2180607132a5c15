"""What can be written on the command line, and the help that teaches it."""

from __future__ import annotations

import argparse
import os
from datetime import date, datetime
from pathlib import Path

EXAMPLES = """\
exemples / examples:
  pipeline process samples --records records.jsonl
      traite un dossier de courriels et de PDF / treats a folder of e-mails and PDFs
  pipeline process scans/2022-04-19 --received 2022-04-19T12:00:00
      des numérisations reçues à cette heure de Toronto / scans received at that time in Toronto
  pipeline process message.eml --records -
      un courriel ; les résultats sur la sortie standard / one e-mail; results on standard output
  pipeline watch
      prend courriels et fichiers où la configuration le dit / takes mail and files from where the configuration says
  pipeline show 3f9bcdf7e90c10a6 --out page.png
      dessine ce qui a été lu d'un document / draws what was read of a document
  pipeline show-spec 4058 2022-03 --out spec.png
      dessine les champs d'une édition sur son formulaire vierge / draws an edition's fields over its blank

statut de sortie / exit status:
  0  chaque document a son enregistrement / every document has its record
  1  un document n'a pu être enregistré ; relancez / some document could not be recorded; safe to run again
  2  erreur d'usage ou de configuration / wrong usage or configuration
"""


def parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--config", type=Path, metavar="FILE", help="réglages / settings (default: config.toml here, else built-in)"
    )
    common.add_argument(
        "--data", type=Path, metavar="DIR", help="base de données et originaux / store and originals (default: as set)"
    )
    whole = argparse.ArgumentParser(
        prog="pipeline",
        description="Lit les demandes d'accès numérisées et décide : accepter, refuser, vérifier. / "
        "Reads scanned access requests and decides: accept, reject, review.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_process(commands, common)
    add_watch(commands, common)
    add_status(commands, common)
    commands.add_parser(
        "doctor",
        parents=[common],
        help="vérifie que tout est en place / checks that all is in place",
        description="Vérifie outils, modèles, éditions, base, disque, droits et sources, et dit quoi faire de chaque "
        "défaut. Statut 1 s'il y en a. / Checks tools, models, editions, database, disk, permissions and sources, and "
        "says what to do about each fault. Exit status 1 if there is one.",
    )
    add_show(commands, common)
    add_show_spec(commands, common)
    add_evaluate(commands, common)
    add_review(commands, common)
    add_reprocess(commands, common)
    add_spec(commands, common)
    return whole


def add_process(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    process = commands.add_parser(
        "process",
        parents=[common],
        help="traite des courriels et des PDF / treats e-mails and PDFs",
        description="Donne à chaque document son enregistrement. Relancer la même commande ne change rien à ce qui est "
        "fait et continue ce qui ne l'est pas. / Gets every document to its record. The same command again changes "
        "nothing that is done, and goes on with what is not.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    process.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="un .eml, un .pdf ou un dossier / an .eml, a .pdf or a folder",
    )
    process.add_argument(
        "--records",
        metavar="FILE",
        help="écrit aussi les résultats en JSON Lines (- : sortie standard) / "
        "also writes the records as JSON Lines (-: standard output)",
    )
    process.add_argument(
        "--received",
        type=moment,
        metavar="WHEN",
        help="date de réception des PDF seuls, ISO 8601, heure de Toronto à "
        "défaut de fuseau / date of reception of bare PDFs (default: the file's modification time)",
    )
    process.add_argument(
        "--workers",
        type=positive,
        default=os.cpu_count() or 1,
        metavar="N",
        help="documents à la fois / documents at once (default: the cores, %(default)s here)",
    )
    add_engine(process)


def add_engine(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--engine",
        choices=["local", "dask"],
        default="local",
        help="où lire : ici, ou sur la grappe Dask de [dask] ; sans adresse, une grappe d'essai ici / where to read: "
        "here, or on the Dask cluster of [dask]; without an address, a cluster of this machine, for trying "
        "(default: local)",
    )


def add_watch(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    watch = commands.add_parser(
        "watch",
        parents=[common],
        help="traite ce qui arrive, sans fin / treats what comes in, without end",
        description="Prend courriels et fichiers dans les sources de la configuration et donne à chaque document son "
        "enregistrement. SIGTERM achève ce qui est en cours ; SIGHUP relit la configuration et les éditions. / Takes "
        "mail and files from the configured sources and gets every document to its record. SIGTERM finishes what is "
        "in flight; SIGHUP reads the configuration and the editions again.",
    )
    watch.add_argument(
        "--once",
        action="store_true",
        help="s'arrête quand tout ce qui est là est traité / ends when all that is there is done",
    )
    add_engine(watch)


def add_status(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    status = commands.add_parser(
        "status",
        parents=[common],
        help="où en est chaque document / where every document is",
        description="Compte ce qui est entré, ce qui est sorti et ce qui est en cours. Statut 1 si le compte n'y est "
        "pas. / Counts what came in, what came out and what is in flight. Exit status 1 if that does not balance.",
    )
    status.add_argument("--json", action="store_true", help="pour une machine / for a machine")


def add_show(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    show = commands.add_parser(
        "show",
        parents=[common],
        help="dessine ce qui a été lu d'un document / draws what was read of a document",
        description="Dessine la page redressée, chaque champ avec sa valeur et sa certitude, et la décision avec ses "
        "motifs. / Draws the registered page, each field with its value and certainty, and the decision with reasons.",
    )
    show.add_argument("record_id", metavar="RECORD-ID")
    show.add_argument("--out", type=Path, required=True, metavar="PNG")
    show.add_argument("--page", type=positive, default=None, metavar="N", help="default: the first page with fields")


def add_show_spec(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    show_spec = commands.add_parser(
        "show-spec",
        parents=[common],
        help="dessine les champs d'une édition / draws an edition's fields",
        description="Dessine les champs d'une édition sur son formulaire vierge. / Draws an edition's fields over its "
        "blank.",
    )
    show_spec.add_argument("number", metavar="NUMBER", help="4058")
    show_spec.add_argument("edition", metavar="EDITION", help="2022-03")
    show_spec.add_argument("--out", type=Path, required=True, metavar="PNG")


def add_evaluate(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    evaluate = commands.add_parser(
        "evaluate",
        parents=[common],
        help="compare des enregistrements à ce qui est juste / holds records against what is right",
        description="Dit jusqu'où la certitude annoncée tient, combien est décidé sans personne et où cela se trompe : "
        "report.html (avec les images des champs si la base est donnée), tables.md, automation.csv, groups.csv, "
        "reliability.png et automation.png. Le rapport contient des renseignements personnels. / Says how far the "
        "predicted confidence holds, how much is decided without a person and where it goes wrong. Pictures of fields "
        "come from the store that made the records (--data). The report holds personal information.",
        epilog="pipeline evaluate samples/truth.jsonl records.jsonl --data data --out evaluation",
    )
    evaluate.add_argument(
        "truth", type=Path, metavar="TRUTH", help="ce qui est juste, JSON Lines / what is right (samples/README.md)"
    )
    evaluate.add_argument(
        "records", nargs="+", type=Path, metavar="RECORDS", help="fichiers de / files of process --records"
    )
    evaluate.add_argument("--out", type=Path, required=True, metavar="DIR", help="créé au besoin / made when missing")
    evaluate.add_argument(
        "--worst",
        type=positive,
        default=60,
        metavar="N",
        help="champs montrés dans chaque liste / fields shown in each list (default: %(default)s)",
    )
    evaluate.add_argument(
        "--workers",
        type=positive,
        default=os.cpu_count() or 1,
        metavar="N",
        help="documents ouverts à la fois pour les images / documents opened at once for the pictures (default: the "
        "cores, %(default)s here)",
    )


def add_review(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    review = commands.add_parser(
        "review",
        parents=[common],
        help="sert les pages de vérification / serves the reviewers' pages",
        description="Sert les pages où des personnes décident ce que la machine ne pouvait décider. / Serves the pages "
        "on which people decide what the machine could not.",
    )
    review.add_argument("--port", type=int, metavar="N", help="default: as set in [review], 8470")
    accounts = commands.add_parser(
        "accounts",
        help="qui peut se connecter / who may sign in",
        description="Ajoute, change et montre les comptes des pages de vérification. / Adds, changes and shows the "
        "accounts of the reviewers' pages.",
        epilog="pipeline accounts add marie --role reviewer",
    )
    actions = accounts.add_subparsers(dest="action", required=True, metavar="ACTION")
    named = argparse.ArgumentParser(add_help=False)
    named.add_argument("name", metavar="NAME")
    secret = argparse.ArgumentParser(add_help=False)
    secret.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help="sa première ligne ; sans, on le demande / its first line; asked for without",
    )
    add = actions.add_parser("add", parents=[common, named, secret], help="ajoute / adds")
    add.add_argument("--role", choices=["reviewer", "auditor", "admin"], required=True)
    actions.add_parser("password", parents=[common, named, secret], help="autre mot de passe / another password")
    actions.add_parser("disable", parents=[common, named], help="ferme le compte / closes the account")
    actions.add_parser("enable", parents=[common, named], help="le rouvre / opens it again")
    actions.add_parser("list", parents=[common], help="montre tous les comptes / shows all accounts")
    audit = commands.add_parser(
        "audit", help="prouve le journal / proves the trail", description="Le journal d'audit / The audit trail"
    )
    checks = audit.add_subparsers(dest="action", required=True, metavar="ACTION")
    checks.add_parser(
        "verify",
        parents=[common],
        help="que rien n'y a été changé ; statut 1 sinon / that nothing in it was changed; exit status 1 else",
    )


def add_spec(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    spec = commands.add_parser(
        "spec",
        help="propose et vérifie une nouvelle édition / proposes and checks a new edition",
        description="D'un formulaire vierge à une édition en service : docs/new-edition.md. / From a blank form to an "
        "edition in use: docs/new-edition.md.",
    )
    actions = spec.add_subparsers(dest="action", required=True, metavar="ACTION")
    draft = actions.add_parser(
        "draft",
        parents=[common],
        help="propose tout à partir du formulaire vierge / proposes all of it from the blank",
        description="Propose une édition entière à partir du seul formulaire vierge : numéro et édition du pied de "
        "page, zones, libellés, champs. Ce qui n'est pas sûr est marqué `unsure`. / Proposes a whole edition from the "
        "blank alone: number and edition from the footer, boxes, labels, fields. What is not sure is marked `unsure`.",
        epilog="pipeline spec draft nouveau.pdf --picture spec.png",
    )
    draft.add_argument("blank", type=Path, metavar="BLANK.pdf")
    draft.add_argument("--out", type=Path, metavar="DIR", help="dossier / folder (default: [paths] drafts)")
    draft.add_argument("--picture", type=Path, metavar="PNG", help="dessine aussi la proposition / draws it too")
    show = actions.add_parser("show", parents=[common], help="dessine une proposition / draws a proposal")
    show.add_argument("folder", type=Path, metavar="FOLDER", help="drafts/NUMBER/EDITION")
    show.add_argument("--out", type=Path, required=True, metavar="PNG")
    check = actions.add_parser(
        "check",
        parents=[common],
        help="met une édition à l'épreuve / proves an edition",
        description="Vérifie les zones sur le formulaire, que l'édition se distingue de toutes les autres, et que des "
        "formulaires remplis se relisent juste. Statut 1 s'il y a un défaut. / Checks the boxes on the blank, that the "
        "edition is told from all others, and that filled forms are read back right. Exit status 1 for any fault.",
        epilog="pipeline spec check drafts/4058/2026-09 ; pipeline spec check 4058 2022-03",
    )
    check.add_argument("folder", metavar="FOLDER | NUMBER", help="drafts/4058/2026-09, ou / or 4058")
    check.add_argument("edition", nargs="?", metavar="EDITION", help="2022-03, après un numéro / after a number")


def add_reprocess(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    reprocess = commands.add_parser(
        "reprocess",
        parents=[common],
        help="décide de nouveau ce qui est conservé / decides again what is kept",
        description="Décide de nouveau les documents conservés, sous des éditions, des règles ou des moteurs changés, "
        "et montre d'abord ce qui changerait. Rien ne change sans confirmation ; ce qu'une personne a décidé reste. Ce "
        "qui n'a pas à être relu ne l'est pas. / Decides the kept documents again, under changed editions, rules or "
        "engines, and first shows what would change. Nothing changes unless it is confirmed; what a person decided "
        "stays. What need not be read again is not.",
        epilog="pipeline reprocess --config new.toml --form 4058 --dry-run --page diff.html",
    )
    reprocess.add_argument(
        "--since", type=day, metavar="DATE", help="reçus depuis ce jour / received since this day (2022-04-01)"
    )
    reprocess.add_argument(
        "--form", default="", metavar="FORM", help="de ce formulaire / of this form: 4058, '4058 2022-03'"
    )
    reprocess.add_argument("--dry-run", action="store_true", help="montre seulement / shows only")
    reprocess.add_argument("--yes", action="store_true", help="applique sans demander / applies without asking")
    reprocess.add_argument(
        "--page",
        type=Path,
        metavar="FILE",
        help="écrit la comparaison avec les images (renseignements personnels) / writes the comparison with pictures "
        "(personal information), HTML",
    )
    reprocess.add_argument(
        "--workers",
        type=positive,
        default=os.cpu_count() or 1,
        metavar="N",
        help="default: the cores, %(default)s here",
    )
    add_engine(reprocess)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not a date: {text!r} (2022-04-01)") from error


def moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not ISO 8601: {text!r} (2022-04-19T12:00:00)") from error


def positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not a number: {text!r}") from error
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
