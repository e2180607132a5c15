"""Which files are treated, in which order, and what is passed over."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from rooms import fill, mail, pdf

from pipeline.inbox import Ignored, Incoming, NoSuchPathError, Unread, walk


def names(folder: Path, kind: type) -> list[str]:
    return [str(found.path.relative_to(folder)) for found in walk([folder]) if isinstance(found, kind)]


def test_folders_are_walked_in_sorted_order_by_content_and_by_name(tmp_path: Path) -> None:
    fill(
        tmp_path,
        {
            "b.eml": mail(),
            "a/z.PDF": pdf(),
            "a/sub/1.pdf": b"no pdf at all",
            "a.pdf": pdf(),
            "scan-without-suffix": pdf(),
            "message": mail(),
            "B.pdf": pdf(),
        },
    )
    assert names(tmp_path, Incoming) == [
        "B.pdf", "a/sub/1.pdf", "a/z.PDF", "a.pdf", "b.eml", "message", "scan-without-suffix",
    ]  # fmt: skip


def test_strays_are_passed_over_and_told_from_what_a_person_may_miss(tmp_path: Path) -> None:
    fill(
        tmp_path,
        {
            ".DS_Store": b"x",
            "._a.pdf": pdf(),
            "Thumbs.db": b"x",
            "half.pdf.part": pdf(),
            "new.tmp": pdf(),
            ".hidden/a.pdf": pdf(),
            "letter.docx": b"PK\x03\x04",
            "a.pdf": pdf(),
        },
    )
    found = list(walk([tmp_path]))
    assert names(tmp_path, Incoming) == ["a.pdf"]
    assert [each.path.name for each in found if isinstance(each, Ignored) and not each.stray] == ["letter.docx"]
    assert sum(isinstance(each, Ignored) and each.stray for each in found) == 6


def test_links_and_pipes_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside = fill(tmp_path / "outside", {"a.pdf": pdf()})
    folder = fill(tmp_path / "in", {"b.pdf": pdf()})
    (folder / "link.pdf").symlink_to(outside / "a.pdf")
    (folder / "folder").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.pdf")
    assert names(folder, Incoming) == ["b.pdf"]


def test_a_file_given_by_name_is_treated_whatever_it_is(tmp_path: Path) -> None:
    folder = fill(tmp_path, {"letter.docx": b"PK\x03\x04", "a.pdf": pdf()})
    (folder / "link").symlink_to(folder / "a.pdf")
    assert list(walk([folder / "letter.docx", folder / "link"])) == [
        Incoming(folder / "letter.docx", named=True),
        Incoming(folder / "link", named=True),
    ]


@pytest.mark.parametrize("name", ["nothing", "pipe"])
def test_a_path_that_is_no_file_or_folder_is_an_error_before_anything_is_found(tmp_path: Path, name: str) -> None:
    folder = fill(tmp_path, {"a.pdf": pdf()})
    os.mkfifo(folder / "pipe")
    with pytest.raises(NoSuchPathError, match=name):
        next(walk([folder, folder / name]))


def test_a_folder_that_cannot_be_opened_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = fill(tmp_path, {"a.pdf": pdf(), "gone/b.pdf": pdf(), "z.pdf": pdf()})
    walking = walk([folder])
    assert next(walking) == Incoming(folder / "a.pdf")
    shutil.rmtree(folder / "gone")
    assert list(walking) == [Unread(folder / "gone", "No such file or directory"), Incoming(folder / "z.pdf")]


def test_a_name_that_is_no_utf8_can_be_shown_and_still_be_opened(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/d\xe9j\xe0.pdf"))
    odd.write_bytes(pdf())
    (found,) = walk([tmp_path])
    assert isinstance(found, Incoming)
    assert found.shown.encode().endswith("/d\ufffdj\ufffd.pdf".encode())
    assert found.path.read_bytes() == pdf()
    assert found.where == os.fsencode(tmp_path.resolve()) + b"/d\xe9j\xe0.pdf"
