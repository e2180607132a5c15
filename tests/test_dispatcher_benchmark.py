"""The simulation of many workers: the real dispatcher and store, workers that only let time pass."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from benchmarks.cost import simulated
from benchmarks.cost.simulated import SimulatedExecutor
from benchmarks.dispatcher import dispatch, table
from pipeline.jobs import Parcel, TakeApart


def test_every_document_has_its_record_and_workers_are_never_busier_than_they_can_be() -> None:
    run = dispatch(workers=8, documents=24, database="")
    assert run.documents == 24
    assert 0 < run.busy <= 1
    assert run.processor < run.seconds * 2
    assert "| 8 | 24 |" in table([run])


def test_a_job_waits_for_a_free_worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(simulated, "APART", 0.2)
    executor = SimulatedExecutor(workers=2)
    began = time.monotonic()
    futures = [executor.submit(len, TakeApart(original=str(tmp_path / (f"{rank}" * 64)))) for rank in range(4)]
    answers = [future.result(timeout=5) for future in futures]
    assert time.monotonic() - began >= 0.4
    assert [Parcel.model_validate_json(answer).enclosures[0].sha256 for answer in answers] == [
        f"{rank}" * 64 for rank in range(4)
    ]
    assert executor.busy == pytest.approx(0.8)
    executor.shutdown()
