"""`pipeline accounts`: what is typed about who may sign in."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from getpass import getpass

from pipeline.review.accounts import Account, AccountError, Role, accounts, add_account, change_account
from pipeline.store.records import Store

Action = Callable[[Store, argparse.Namespace], Iterator[str]]


def add(store: Store, options: argparse.Namespace) -> Iterator[str]:
    yield line_of(add_account(store, options.name, Role(options.role), password_of(options)))


def password(store: Store, options: argparse.Namespace) -> Iterator[str]:
    yield line_of(change_account(store, options.name, password=password_of(options)))


def disable(store: Store, options: argparse.Namespace) -> Iterator[str]:
    yield line_of(change_account(store, options.name, disabled=True))


def enable(store: Store, options: argparse.Namespace) -> Iterator[str]:
    yield line_of(change_account(store, options.name, disabled=False))


def listed(store: Store, options: argparse.Namespace) -> Iterator[str]:
    yield from map(line_of, accounts(store))


ACCOUNT_ACTIONS: dict[str, Action] = {
    "add": add,
    "password": password,
    "disable": disable,
    "enable": enable,
    "list": listed,
}


def line_of(account: Account) -> str:
    state = "  fermé / closed" if account.disabled else ""
    return f"{account.id:>3}  {account.name}  {account.role.value}{state}"


def password_of(options: argparse.Namespace) -> str:
    """From the file, or typed twice. Raises `AccountError`."""
    if options.password_file is not None:
        try:
            return str(options.password_file.read_text(encoding="utf-8").splitlines()[0])
        except (OSError, UnicodeDecodeError, IndexError) as error:
            raise AccountError(f"{options.password_file} : illisible ou vide / unreadable or empty") from error
    typed = getpass("Mot de passe / Password: ")
    if getpass("Encore une fois / Once more: ") != typed:
        raise AccountError("les deux ne sont pas pareils / the two are not alike")
    return typed
