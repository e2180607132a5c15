"""The command line: arguments to calls, faults to exit statuses. The only place that ends the program."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.logging import RichHandler

from pipeline.arguments import parser
from pipeline.commands import INTERRUPTED, NOT_RECORDED, WRONG_USE, UsageError, command_of, say, settings_of
from pipeline.config import ConfigError
from pipeline.model import EngineError, StoreError
from pipeline.specs import SpecError
from pipeline.walled.wall import DEFAULT_TARGET

RUN_AGAIN = "Rien n'est perdu : relancez la même commande. / Nothing is lost: run the same command again."


def main(arguments: Sequence[str] | None = None, *, target: str = DEFAULT_TARGET) -> int:
    """Runs one command and gives its exit status. `target` is the work that the walled children do."""
    options = parser().parse_args(arguments)
    console = Console(stderr=True)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[handler(console)])
    try:
        return command_of(options.command)(options, settings_of(options), console, target)
    except (ConfigError, SpecError, UsageError) as error:
        say(console, str(error))
        return WRONG_USE
    except (StoreError, EngineError, OSError) as error:
        say(console, str(error), RUN_AGAIN)
        return NOT_RECORDED
    except KeyboardInterrupt:
        say(console, "Interrompu. / Interrupted.", RUN_AGAIN)
        return INTERRUPTED


def handler(console: Console) -> logging.Handler:
    if console.is_terminal:
        return RichHandler(console=console, show_path=False)
    return logging.StreamHandler()


if __name__ == "__main__":
    sys.exit(main())
