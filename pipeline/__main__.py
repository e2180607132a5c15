"""The command line: arguments to calls, faults to exit statuses. The only place that ends the program."""

from __future__ import annotations

import argparse
import logging
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.logging import RichHandler

from pipeline.arguments import parser
from pipeline.authoring.command import check_lines, draft_lines, draw_draft, write_draft
from pipeline.balance import examine, take_stock
from pipeline.batch import Batch, Outcome, Tally
from pipeline.child import sweep
from pipeline.config import ConfigError, Settings, load
from pipeline.daemon import Daemon, SecondDaemonError
from pipeline.doctor import examine_house
from pipeline.evaluation import EvaluationError
from pipeline.evaluation import evaluate as compare
from pipeline.evaluation.pictures import cut_pictures
from pipeline.feed import words_of
from pipeline.inbox import Ignored, Incoming, NoSuchPathError, Unread, shown, walk
from pipeline.jobs import Draw, Picture
from pipeline.logs import place_of, set_up
from pipeline.model import EngineError
from pipeline.ocr import load_engines
from pipeline.originals import write_whole
from pipeline.records import Store, StoreError, exists, open_store
from pipeline.report import RunProgress, decision_table
from pipeline.reprocess import Reprocess, Wanted, apply
from pipeline.reprocess.tell import lines_of, page_of, summary
from pipeline.review.accounts import AccountError
from pipeline.review.command import ACCOUNT_ACTIONS
from pipeline.review.server import NobodyError, serve
from pipeline.show_spec import draw_spec, side_by_side
from pipeline.specs import SpecError, load_spec, load_specs
from pipeline.status import as_json, as_text
from pipeline.wall import DEFAULT_TARGET
from pipeline.walls import Failure, Walls
from pipeline.workforce import find_workforce

DONE, NOT_RECORDED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
LOGGER = logging.getLogger("pipeline")
RUN_AGAIN = "Rien n'est perdu : relancez la même commande. / Nothing is lost: run the same command again."


class UsageError(Exception):
    """What was asked cannot be meant."""


def main(arguments: Sequence[str] | None = None, *, target: str = DEFAULT_TARGET) -> int:
    """Runs one command and gives its exit status. `target` is the work that the walled children do."""
    options = parser().parse_args(arguments)
    console = Console(stderr=True)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[handler(console)])
    try:
        return COMMANDS[options.command](options, settings_of(options), console, target)
    except (ConfigError, SpecError, NoSuchPathError, UsageError, EvaluationError) as error:
        say(console, str(error))
        return WRONG_USE
    except (StoreError, EngineError, OSError) as error:
        say(console, str(error), RUN_AGAIN)
        return NOT_RECORDED
    except KeyboardInterrupt:
        say(console, "Interrompu. / Interrupted.", RUN_AGAIN)
        return INTERRUPTED


def process(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    load_specs(settings.paths.specs)  # a wrong spec is refused before anything is touched
    check_records_path(options.records)
    found = list(walk(options.paths, data=settings.paths.data))
    with open_store(settings) as store:
        sweep(settings)
        outcome = run(found, options, settings, console, target, store)
        if options.records:
            write_records(options.records, store, outcome)
        console.print(decision_table(store.records(outcome.ids)))
    if outcome.already:
        say(console, f"Déjà traités : {outcome.already} / Already done: {outcome.already}")
    return DONE if tell_faults(found, outcome, console) else NOT_RECORDED


def run(
    found: Sequence[Incoming | Ignored | Unread],
    options: argparse.Namespace,
    settings: Settings,
    console: Console,
    target: str,
    store: Store,
) -> Outcome:
    """Leaving on any fault or interruption kills the children first, so that no thread waits for one."""
    received = options.received
    if received is not None and received.tzinfo is None:
        received = received.replace(tzinfo=ZoneInfo(settings.rules.timezone))
    with (
        find_workforce(options.engine, settings, target, options.workers) as workforce,
        RunProgress(console) as progress,
    ):
        batch = Batch(
            files=[file for file in found if isinstance(file, Incoming)],
            store=store,
            settings=settings,
            workforce=workforce,
            received=received,
            notice=progress,
        )
        return batch.run()


def watch(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    load_specs(settings.paths.specs)
    set_up(settings.watch.log)
    try:
        faults = Daemon(settings, lambda: settings_of(options), target, engine=options.engine, once=options.once).run()
    except (StoreError, EngineError, SecondDaemonError) as error:
        LOGGER.critical("%s", error)
    except OSError as error:
        LOGGER.critical("%s", words_of(error))
    except Exception as error:  # noqa: BLE001 - a traceback would quote what is in it
        LOGGER.critical("a fault of ours: %s", place_of(error))
    else:
        return NOT_RECORDED if faults and options.once else DONE
    return NOT_RECORDED


def status(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    if not exists(settings):
        raise UsageError(f"{settings.paths.data}: rien n'est encore entré / nothing came in yet")
    with open_store(settings) as store:
        books = take_stock(store)
        records = Path(settings.watch.records) if settings.watch.records else None
        faults = (*books.faults, *examine(store, records))
    sys.stdout.write((as_json(books, faults) if options.json else "\n".join(as_text(books, faults))) + "\n")
    return NOT_RECORDED if faults else DONE


def doctor(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    faults = 0
    for finding in examine_house(settings, target):
        sys.stdout.write(finding.line + "\n")
        faults += bool(finding.remedy)
    return NOT_RECORDED if faults else DONE


def show(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    with open_store(settings) as store, Walls(settings, target=target) as walls:
        document = store.find(options.record_id)
        record = next(store.records([options.record_id]), None)
        if document is None or record is None:
            raise UsageError(f"{options.record_id}: aucun enregistrement de ce numéro / no record with this id")
        if document.original is None:
            raise UsageError(f"{options.record_id}: trop volumineux, non conservé / too large, not kept")
        job = Draw(original=document.original, rank=document.rank, record=record.model_dump_json(), page=options.page)
        answer = walls.ask(job)
    if isinstance(answer, Failure):
        say(console, f"{options.record_id}: {answer.code.value}: {answer.detail}")
        return NOT_RECORDED
    write_whole(options.out.absolute(), b64decode(Picture.model_validate_json(answer).png))
    return DONE


def evaluate(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    if options.out.exists() and not options.out.is_dir():
        raise UsageError(f"--out {options.out}: n'est pas un dossier / is no folder")
    specs = load_specs(settings.paths.specs)
    stored = exists(settings)
    if options.data is not None and not stored:
        raise UsageError(f"--data {options.data}: aucune base ici / no store here")
    with ExitStack() as stack:
        cutter = None
        if stored:
            store = stack.enter_context(open_store(settings))
            walls = stack.enter_context(Walls(settings, target=target))
            cutter = partial(cut_pictures, store=store, walls=walls, workers=options.workers)
        found = compare(
            options.truth,
            options.records,
            options.out,
            specs=specs,
            confidence=settings.confidence,
            cutter=cutter,
            most=options.worst,
        )
    sys.stdout.write("\n".join((*found.lines, str(options.out / "report.html"))) + "\n")
    return DONE


def show_spec(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    folder = settings.paths.specs / options.number / options.edition
    side_by_side(draw_spec(load_spec(folder))).save(options.out, format="PNG")
    return DONE


def review(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    set_up(settings.watch.log)
    if options.port is not None:
        settings = settings.model_copy(update={"review": settings.review.model_copy(update={"port": options.port})})
    try:
        serve(settings, target, lambda address: say(console, f"Prêt / Ready: {address}"))
    except NobodyError as error:
        raise UsageError(str(error)) from error
    return DONE


def reprocess(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    specs = load_specs(settings.paths.specs)
    if not exists(settings):
        raise UsageError(f"{settings.paths.data}: rien n'est encore entré / nothing came in yet")
    if options.page is not None and not options.page.absolute().parent.is_dir():
        raise UsageError(f"--page {options.page}: aucun dossier de ce nom / no such folder")
    with (
        open_store(settings) as store,
        find_workforce(options.engine, settings, target, options.workers) as workforce,
    ):
        sweep(settings)
        with RunProgress(console) as progress:
            changes = Reprocess(
                store=store,
                settings=settings,
                specs=specs,
                engines=load_engines(settings.ocr.engines),
                workforce=workforce,
                notice=lambda done, total: progress(Tally(done, total, Counter())),
            ).look(Wanted(options.since, options.form))
        Console().print(summary(changes))
        sys.stdout.write("\n".join(lines_of(changes)) + "\n")
        if options.page is not None:
            write_whole(options.page.absolute(), page_of(changes, store, workforce.ask).encode())
        if options.dry_run or not any(change.any and not change.by_person for change in changes):
            return DONE
        if not (options.yes or confirmed(console)):
            say(console, "Rien n'est changé. / Nothing is changed.")
            return DONE
        entered, left = apply(store, changes)
    say(console, f"Changés : {entered}, laissés : {left} / Changed: {entered}, left: {left}")
    return DONE


def confirmed(console: Console) -> bool:
    """Asks; where nobody can answer, the answer is no."""
    if not sys.stdin.isatty():
        return False
    return console.input("Appliquer ces changements ? / Apply these changes? [o/N] ").strip().lower() in (
        "o",
        "oui",
        "y",
    )


def spec(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    if options.action == "draft":
        folder, proposal = write_draft(options.blank, options.out or settings.paths.drafts, settings)
        sys.stdout.write("\n".join(draft_lines(folder, proposal)) + "\n")
        if options.picture:
            draw_draft(folder, options.picture)
        return DONE
    if options.action == "show":
        draw_draft(options.folder, options.out)
        return DONE
    folder = settings.paths.specs / options.folder / options.edition if options.edition else Path(options.folder)
    if not folder.is_dir():
        raise UsageError(f"{folder}: aucune édition ici / no edition here")
    with console.status("…") as status:
        lines, faults = check_lines(folder, settings, status.update)
    sys.stdout.write("\n".join(lines) + "\n")
    return NOT_RECORDED if faults else DONE


def accounts(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    with open_store(settings) as store:
        try:
            for line in ACCOUNT_ACTIONS[options.action](store, options):
                sys.stdout.write(line + "\n")
        except AccountError as error:
            raise UsageError(str(error)) from error
    return DONE


def trail(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    if not exists(settings):
        raise UsageError(f"{settings.paths.data}: rien n'est encore entré / nothing came in yet")
    with open_store(settings) as store:
        faults = list(examine(store, None))
        head = take_stock(store).audit_head
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    if not faults:
        sys.stdout.write(f"journal intact, jusqu'à / trail intact, up to: {head or '–'}\n")
    return NOT_RECORDED if faults else DONE


COMMANDS = {
    "process": process,
    "watch": watch,
    "status": status,
    "doctor": doctor,
    "show": show,
    "show-spec": show_spec,
    "evaluate": evaluate,
    "review": review,
    "accounts": accounts,
    "reprocess": reprocess,
    "spec": spec,
    "audit": trail,
}


def settings_of(options: argparse.Namespace) -> Settings:
    settings = load(options.config)
    if options.data is None:
        return settings
    paths = settings.paths.model_copy(update={"data": options.data.absolute()})
    return settings.model_copy(update={"paths": paths})


def check_records_path(name: str | None) -> None:
    """A place that cannot be written to is said before the work, not after."""
    if name and name != "-" and (not Path(name).absolute().parent.is_dir() or Path(name).is_dir()):
        raise UsageError(f"--records {name}: no such folder, or it is one")


def write_records(name: str, store: Store, outcome: Outcome) -> None:
    lines = "".join(record.to_contract_json() + "\n" for record in store.records(outcome.ids))
    if name == "-":
        sys.stdout.write(lines)
        sys.stdout.flush()
    else:
        write_whole(Path(name).absolute(), lines.encode())


def tell_faults(found: Sequence[Incoming | Ignored | Unread], outcome: Outcome, console: Console) -> bool:
    """Says what was passed over and what could not be read; True when everything could."""
    strays = sum(isinstance(file, Ignored) and file.stray for file in found)
    if strays:
        say(console, f"Fichiers ignorés : {strays} / Files ignored: {strays}")
    for file in found:
        if isinstance(file, Ignored) and not file.stray:
            say(console, f"Ni courriel ni PDF, ignoré / Neither e-mail nor PDF, ignored: {shown(file.path)}")
    faults = [f"{shown(file.path)}: {file.reason}" for file in found if isinstance(file, Unread)] + list(outcome.faults)
    for fault in faults:
        say(console, f"Illisible / Cannot be read: {fault}")
    return not faults


def say(console: Console, *lines: str) -> None:
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def handler(console: Console) -> logging.Handler:
    if console.is_terminal:
        return RichHandler(console=console, show_path=False)
    return logging.StreamHandler()


if __name__ == "__main__":
    sys.exit(main())
