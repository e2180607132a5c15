"""How quick the reviewers' pages are with many records in the store: `python -m benchmarks.review [RECORDS]`.

Makes a store of so many documents in review (10,000), serves the pages on loopback, and has Chromium open the queue and
a desk and go from field to field. Prints the median and the slowest of each, in milliseconds.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from pipeline.jobs import Enclosure
from pipeline.model import Code, FieldRecord, Form, Kind, ReadingSource, Reason, Record, Source, Verdict
from pipeline.review.accounts import Role, add_account
from pipeline.specs import FormSpec, load_specs
from pipeline.store.ledger import decide_row, enter, now
from pipeline.store.records import Store
from pipeline.store.schema import ArrivalRow, EnclosureRow

ROOT = Path(__file__).parent.parent
PASSWORD = "correct horse battery"
PORT = 8473
REPEATS = 20
NEXT_FIELD = """() => new Promise((done) => {
    const field = document.activeElement.closest('.field');
    const start = performance.now();
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Tab', bubbles: true, cancelable: true}));
    requestAnimationFrame(() => setTimeout(() => done([performance.now() - start,
        document.activeElement.closest('.field') !== field]), 0));
})"""


def main() -> None:
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        fill(root / "data", records)
        (root / "config.toml").write_text(f"[paths]\ndata = 'data'\nspecs = '{ROOT / 'forms_specs'}'\n")
        command = [
            sys.executable,
            "-m",
            "pipeline",
            "review",
            "--config",
            str(root / "config.toml"),
            "--port",
            str(PORT),
        ]
        server = subprocess.Popen(command, stderr=subprocess.PIPE, cwd=ROOT)
        try:
            assert server.stderr
            server.stderr.readline()
            for name, times in measure().items():
                print(f"{name:32} median {median(times):6.1f} ms, slowest {max(times):6.1f} ms (n {len(times)})")
        finally:
            server.terminate()
            server.wait()


def measure() -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"http://localhost:{PORT}/")
        page.fill("#name", "marie")
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url(f"http://localhost:{PORT}/")
        found["the queue, shown"] = [load(page, "/") for _ in range(REPEATS)]
        found["a desk, shown"] = [load(page, "/next") for _ in range(REPEATS)]
        page.wait_for_selector("#finish")
        moves = [page.evaluate(NEXT_FIELD) for _ in range(8)]
        assert all(moved for _, moved in moves)
        found["from field to field"] = [milliseconds for milliseconds, _ in moves]
        browser.close()
    return found


def load(page: Page, path: str) -> float:
    """Milliseconds from asking to the page as laid out; pictures of scans come after."""
    start = time.perf_counter()
    page.goto(f"http://localhost:{PORT}{path}", wait_until="domcontentloaded")
    return 1000 * (time.perf_counter() - start)


def fill(data: Path, records: int) -> None:
    specs = load_specs(ROOT / "forms_specs")
    with Store(data) as store:
        add_account(store, "marie", Role.REVIEWER, PASSWORD)
        with store.transaction() as session:
            for rank in range(records):
                key = sha256(str(rank).encode()).hexdigest()
                received = datetime(2022, 4, 1, tzinfo=UTC) + timedelta(minutes=rank)
                source = Source(path=f"{rank}.pdf", received=received, sha256=key)
                row = ArrivalRow(key=key, path=f"{rank}.pdf", sha256=key, ignored="[]", arrived_at=now(), identity=None)
                session.add(row)
                session.flush()
                document = enter(session, row, key, source, Enclosure(sha256=key))
                session.add(EnclosureRow(arrival_id=row.id, rank=0, document_sequence=document.sequence))
                decide_row(session, document, record_of(document.id, source, specs[rank % len(specs)]))


def record_of(record_id: str, source: Source, spec: FormSpec) -> Record:
    """All written fields in doubt: the longest desk that there is."""
    return Record(
        id=record_id,
        source=source,
        form=Form(number=spec.number, edition=spec.edition, confidence=0.999),
        decision=Verdict.REVIEW,
        reasons=tuple(Reason.of(Code.LOW_CONFIDENCE, field=field.key, label=field.label) for field in spec.field),
        fields={
            field.key: FieldRecord(
                value=True if field.kind is Kind.SIGNATURE else None,
                raw="what was read",
                confidence=0.5,
                source=ReadingSource.OCR,
                page=field.page,
                box=(field.box.x0, field.box.y0, field.box.x1, field.box.y1),
                alternatives=("one", "other"),
            )
            for field in spec.field
        },
    )


if __name__ == "__main__":
    main()
