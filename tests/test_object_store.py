"""Originals in a store like Amazon's S3: nothing else changes, and workers have no keys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from cluster import Cluster
from object_stores import SECRET, ObjectStores
from rooms import codes, fill, mail, pdf, settings_in, treat

from pipeline import doctor
from pipeline.balance import examine
from pipeline.config import Settings, load
from pipeline.model import EngineError, Record, StoreError
from pipeline.store.object_store import ObjectStore, fetched
from pipeline.store.originals import FileContent
from pipeline.store.records import open_store
from pipeline.walled.child import temporary_root


@pytest.fixture(scope="module")
def stores() -> Iterator[ObjectStores]:
    stores = ObjectStores()
    yield stores
    stores.remove()


@pytest.fixture
def url(stores: ObjectStores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A new bucket, and the keys in this process's environment."""
    for name, value in stores.environment.items():
        monkeypatch.setenv(name, value)
    files = fsspec.filesystem("s3", skip_instance_cache=True)
    bucket = f"b{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:20]}"
    files.mkdir(bucket)
    yield f"s3://{bucket}/originals"
    fsspec.filesystem("s3").clear_instance_cache()


def keeping(url: str, data: Path) -> Settings:
    settings = settings_in(data)
    return settings.model_copy(update={"paths": settings.paths.model_copy(update={"originals": url})})


def content_of(text: str) -> FileContent:
    return FileContent(hashlib.sha256(text.encode()).hexdigest(), text.encode(), 0.0)


def as_lines(records: list[Record]) -> list[str]:
    return [record.to_contract_json() for record in records]


def test_what_is_kept_comes_back_and_what_is_lost_is_missed(url: str) -> None:
    store = ObjectStore(url)
    for text in ("one", "two", "one"):
        store.keep(content_of(text))
    names = [content_of(text).sha256 for text in ("one", "two", "three")]
    assert store.read(names[1]) == b"two"
    assert store.missing(names) == 1
    with pytest.raises(OSError):
        store.read(names[2])


def test_records_are_the_same_wherever_the_originals_are_and_whoever_reads(url: str, tmp_path: Path) -> None:
    """The workers have neither keys nor the folder, and read all the same."""
    files = {f"{rank}.pdf": pdf(f"accept {rank}") for rank in range(6)}
    folder = fill(tmp_path / "in", files | {"m.eml": mail(("a.pdf", pdf("doubt")), ("b.pdf", pdf("accept 1")))})
    _, here = treat(folder, settings_in(tmp_path / "here"))
    _, remote = treat(folder, keeping(url, tmp_path / "remote"))
    assert as_lines(remote) == as_lines(here)
    assert not (tmp_path / "remote" / "originals").exists()
    assert not list((tmp_path / "remote" / "tmp").iterdir())
    cluster = Cluster(tmp_path / "cluster")  # whose processes get an environment of next to nothing
    try:
        cluster.start(1)
        settings = keeping(url, tmp_path / "there").model_copy(update={"dask": cluster.settings(patience=30.0)})
        _, there = treat(folder, settings, engine="dask")
    finally:
        cluster.remove()
    assert as_lines(there) == as_lines(here)
    assert SECRET not in cluster.said()
    with open_store(settings) as store:
        assert list(examine(store, None)) == []


def test_an_original_is_lent_by_an_address_and_by_that_alone(url: str, stores: ObjectStores, tmp_path: Path) -> None:
    store = ObjectStore(url)
    store.keep(content_of("one"))
    place = store.place(content_of("one").sha256)
    lent = store.lend(place)
    assert lent.startswith(f"{stores.address}/")
    assert "Signature=" in lent
    assert SECRET not in lent
    for known in (place, lent):
        with fetched(known, tmp_path) as path:
            assert Path(path).read_bytes() == b"one"
    assert not list(tmp_path.iterdir())


def test_an_original_that_is_not_what_its_name_says_is_not_read(url: str, tmp_path: Path) -> None:
    store = ObjectStore(url)
    place = store.place("0" * 64)
    fsspec.filesystem("s3").pipe_file(place, b"another")
    for known in (place, store.lend(place)):
        with pytest.raises(EngineError, match="not as it was kept"), fetched(known, tmp_path):
            pass


def test_a_store_that_cannot_be_reached_is_nobodys_document_s_fault(url: str, tmp_path: Path) -> None:
    settings = keeping(url, tmp_path / "data")
    folder = fill(tmp_path / "in", {"a.pdf": pdf()})
    _, (record,) = treat(folder, settings)
    assert codes(record) == []
    gone = ObjectStore(f"{url}-gone".replace("s3://b", "s3://c"))
    with pytest.raises(OSError):
        gone.keep(content_of("one"))
    with pytest.raises(EngineError, match="cannot be fetched"), fetched(gone.place("0" * 64), temporary_root(settings)):
        pass
    assert doctor.originals(settings) == url
    with pytest.raises(doctor.Fault) as fault:
        doctor.originals(keeping(gone.url, tmp_path / "data"))
    assert "give it keys" in fault.value.remedy
    with pytest.raises(StoreError, match="originals"):
        treat(fill(tmp_path / "more", {"b.pdf": pdf("accept 2")}), keeping(gone.url, tmp_path / "data"))


def test_a_url_is_no_path(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[paths]\noriginals = 's3://bucket/originals'\n")
    assert load(tmp_path / "config.toml").paths.originals == "s3://bucket/originals"
    (tmp_path / "config.toml").write_text("[paths]\noriginals = 'kept'\n")
    assert load(tmp_path / "config.toml").paths.originals == str(tmp_path / "kept")
