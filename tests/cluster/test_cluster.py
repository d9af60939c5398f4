"""The same records from a Ray cluster of two nodes, and from one that loses an actor, a node or its driver."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.deadly import fatal, install_deadly, ledger
from tests.test_resume import FEDERALISM, SCHOOLS, book, contents, rows, write

from stancewire.batch import KILLED
from stancewire.errors import ConfigError, StancewireError
from stancewire.extract import open_pipeline
from stancewire.run import RunReport, run
from stancewire.settings import Engine, Settings
from stancewire.store.database import FILE
from stancewire.store.run_store import RunStore
from stancewire.topics import load_codebook
from stancewire.types import Codebook
from stancewire.workers import InProcess, open_workers

pytest.importorskip("ray", reason="needs Ray: pip install 'stancewire[ray]'")

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Ray runs several nodes on one machine on Linux only"),
    # Ray 2.60 warns of its own settings when it makes them.
    pytest.mark.filterwarnings("ignore:`use_:DeprecationWarning:ray.data.context"),
]
SETTINGS = Settings(model="lexicon", attributor="rules", batch_articles=2, engine=Engine.RAY, workers=2)
ARTICLES = 240  # enough for actors to be still at work when both have begun
NODE = {"num_cpus": 1, "object_store_memory": 100_000_000}
HEAD = {
    "num_cpus": 0,
    "include_dashboard": False,
    "_system_config": {
        "health_check_period_ms": 1000
    },  # a lost node is noticed after five of these, not of 3000
}
PATIENCE = 120  # seconds: on a busy machine a cluster takes a minute to start
ACTOR = "ray::MapWorker"  # what an actor of Ray Data's calls its process


@pytest.fixture(scope="module")
def codebook(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    return load_codebook(book(tmp_path_factory.mktemp("book") / "book.toml", FEDERALISM, SCHOOLS))


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return an archive; its second file has every article of the first once more, so that a batch has no work."""
    folder = tmp_path_factory.mktemp("news")
    write(folder / "a.jsonl", rows(ARTICLES))
    write(folder / "b.jsonl", rows(20))
    return str(folder)


@pytest.fixture(scope="module")
def whole(news: str, codebook: Codebook, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files that the local engine makes of the archive."""
    out = tmp_path_factory.mktemp("whole")
    run([news], InProcess(open_pipeline(codebook, SETTINGS)), out, settings=SETTINGS)
    return contents(out)


@pytest.fixture(scope="module")
def running() -> Iterator[Any]:
    """Start the head of a cluster on this machine; it works on nothing itself."""
    from ray.cluster_utils import Cluster

    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        started = Cluster(initialize_head=True, head_node_args={**NODE, **HEAD})
        started.add_node(**NODE)
    except (OSError, RuntimeError, TimeoutError) as error:
        pytest.skip(f"no Ray node can be started here: {error}")
    yield started
    started.shutdown()


@pytest.fixture
def cluster(running: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a cluster of two nodes with one core each, which stancewire finds at RAY_ADDRESS."""
    while len(running.worker_nodes) < 2:
        running.add_node(**NODE)
    monkeypatch.setenv("RAY_ADDRESS", running.address)
    return running


def test_two_nodes_leave_the_same_bytes_as_one_process(
    cluster: Any, news: str, whole: dict[str, bytes], codebook: Codebook, tmp_path: Path
) -> None:
    raylets: set[int] = set()

    def look(report: RunReport) -> None:
        raylets.update(actor.ppid() for actor in actors(cluster))

    with open_workers(codebook, replace(SETTINGS, workers=3)) as workers:  # two of them fill a node
        report = run([news], workers, tmp_path / "out", settings=SETTINGS, progress=look)
    assert contents(tmp_path / "out") == whole
    assert report.counts["read"] == ARTICLES + 20
    assert len(raylets) == 2


def test_windows_change_no_byte_and_a_second_run_works_on_nothing(
    cluster: Any, news: str, whole: dict[str, bytes], codebook: Codebook, tmp_path: Path
) -> None:
    from stancewire.cluster.actors import RayActors

    with RayActors(codebook, SETTINGS, number=2, window=35) as workers:  # 70 of 120 batches at a time
        run([news], workers, tmp_path / "out", settings=SETTINGS)
        assert contents(tmp_path / "out") == whole
        report = run([news], workers, tmp_path / "out", settings=SETTINGS)
    assert contents(tmp_path / "out") == whole
    assert "entities" not in report.seconds


def test_killed_actor_costs_no_record(
    cluster: Any, news: str, whole: dict[str, bytes], codebook: Codebook, tmp_path: Path
) -> None:
    killed: list[psutil.Process] = []

    def kill_one(report: RunReport) -> None:
        if report.counts["read"] == 40:  # the twenty without work come first
            killed.append(both_at_work(cluster)[0])
            killed[0].kill()

    with open_workers(codebook, SETTINGS) as workers:
        report = run([news], workers, tmp_path / "out", settings=SETTINGS, progress=kill_one)
    assert contents(tmp_path / "out") == whole
    assert killed
    assert report.counts["reused"] == 0


def test_lost_node_costs_no_record(
    cluster: Any, news: str, whole: dict[str, bytes], codebook: Codebook, tmp_path: Path
) -> None:
    lost: list[Any] = []

    def lose_one(report: RunReport) -> None:
        if report.counts["read"] == 40:  # the twenty without work come first
            raylet = both_at_work(cluster)[0].ppid()
            lost.extend(node for node in cluster.worker_nodes if _raylet(node) == raylet)
            cluster.remove_node(lost[0], allow_graceful=False)

    with open_workers(codebook, SETTINGS) as workers:
        run([news], workers, tmp_path / "out", settings=SETTINGS, progress=lose_one)
    assert contents(tmp_path / "out") == whole
    assert len(lost) == 1


def test_killed_driver_goes_on_and_leaves_no_actor(
    news: str, whole: dict[str, bytes], tmp_path: Path
) -> None:
    with start(news, tmp_path) as first:
        try:
            wait_for(lambda: finished(tmp_path / "out") > 20)
            theirs = psutil.Process(first.pid).children(recursive=True)
            working = [process for process in theirs if process.name() == "raylet" or _is_actor(process)]
            assert len(working) > 1
        finally:
            first.kill()
    assert 0 < finished(tmp_path / "out") < ARTICLES
    second = start(news, tmp_path)
    said = second.communicate()[1].decode()
    assert (second.returncode, said) == (1, "")  # an empty text and a doubled id failed
    assert contents(tmp_path / "out") == whole
    wait_for(lambda: not any(map(_is_alive, working)))
    for process in filter(_is_alive, theirs):  # two agents of Ray's would stay for a minute
        process.kill()


def test_shards_that_actors_read_leave_the_same_bytes(
    cluster: Any, codebook: Codebook, tmp_path: Path
) -> None:
    news = shards(tmp_path / "news", per_file=100)
    settings = replace(SETTINGS, engine=Engine.LOCAL)
    run([news], InProcess(open_pipeline(codebook, settings)), tmp_path / "whole", settings=settings)
    with open_workers(codebook, SETTINGS) as workers:
        report = run([news], workers, tmp_path / "out", settings=SETTINGS)
        assert contents(tmp_path / "out") == contents(tmp_path / "whole")
        assert report.counts["read"] == ARTICLES + 20
        assert report.seconds["read"] < report.seconds["entities"] + report.seconds["stance"], (
            "the driver only lists"
        )
        again = run([news], workers, tmp_path / "out", settings=SETTINGS)
    assert again.counts["reused"] > ARTICLES - 5
    assert "entities" not in again.seconds


def test_files_that_not_all_machines_have_are_read_by_the_driver(
    cluster: Any, codebook: Codebook, tmp_path: Path
) -> None:
    news = shards(tmp_path / "news", per_file=100)
    with open_workers(codebook, SETTINGS) as workers:
        assert workers.sees(Path(news) / "0.parquet")
        assert not workers.sees(tmp_path / "nowhere" / "0.parquet")
        assert not workers.sees(Path(news) / "99.parquet"), "though its folder is there"
        assert not workers.sees(Path(news) / "1.parquet"), "once one of a folder is missing somewhere"


def test_changed_claim_parses_no_article_again(
    cluster: Any, news: str, whole: dict[str, bytes], codebook: Codebook, tmp_path: Path
) -> None:
    other = FEDERALISM.replace("should become federal", "should be a federation")
    changed = load_codebook(book(tmp_path / "changed.toml", other, SCHOOLS))
    with open_workers(changed, SETTINGS) as workers:
        before = run([news], workers, tmp_path / "out", settings=SETTINGS)
    with open_workers(codebook, SETTINGS) as workers:
        after = run([news], workers, tmp_path / "out", settings=SETTINGS)
    assert contents(tmp_path / "out") == whole
    assert after.counts["reused"] == before.counts["reused"] == 0
    assert after.seconds["entities"] < before.seconds["entities"] / 10


def test_machine_with_another_version_is_named(
    cluster: Any, news: str, codebook: Codebook, tmp_path: Path
) -> None:
    from stancewire.cluster.actors import RayActors

    with RayActors(codebook, SETTINGS, number=1) as workers:
        workers._task = replace(workers._task, run_id="run-of-another-version")
        with pytest.raises(StancewireError, match="has another version of stancewire"):
            run([news], workers, tmp_path / "out", settings=SETTINGS)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1:1", r"RAY_ADDRESS '127\.0\.0\.1:1': no Ray cluster answers there: Connection refused"),
        ("nowhere", r"RAY_ADDRESS 'nowhere': no Ray cluster answers there"),
        ("ray://head:10001", r"must be host:port or 'auto'; run stancewire on a machine of the cluster"),
    ],
)
def test_cluster_that_can_not_be_reached_is_named(
    codebook: Codebook, monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    monkeypatch.setenv("RAY_ADDRESS", address)
    with pytest.raises(StancewireError, match=said):
        open_workers(codebook, SETTINGS)


def test_where_ray_is_not_installed_the_error_says_how_to(
    codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "stancewire.cluster.actors", raising=False)
    with pytest.raises(ConfigError, match=r"needs the package 'ray'; .*pip install 'stancewire\[ray\]'"):
        open_workers(codebook, SETTINGS)


def test_article_that_kills_its_actor_is_named_and_everything_else_is_done(
    codebook: Codebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The last one that works: Ray Data keeps references into the first cluster of a process, and this begins a second.
    monkeypatch.delenv("RAY_ADDRESS", raising=False)  # a cluster of its own, whose processes find the plug-in
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    deadly = install_deadly(tmp_path, monkeypatch, SETTINGS)
    articles: list[object] = list(rows(24))
    articles[6] = fatal(rows(24)[6], "SIGKILL")
    archive = write(tmp_path / "news.jsonl", articles)
    with open_workers(codebook, deadly) as workers:
        report = run([archive], workers, tmp_path / "out", settings=deadly)
    (failed,) = [row for row in ledger(tmp_path / "out") if row["reason"] == KILLED]
    assert failed["source"] == f"{archive}:7"
    assert "news.jsonl:7: the process that worked on it alone died (twice)" in failed["detail"]
    assert report.reasons[KILLED] == 1
    assert report.counts["read"] == 24


def shards(folder: Path, *, per_file: int) -> str:
    """Write the archive as Parquet files, in row groups of 30, and return their folder."""
    folder.mkdir()
    table = pa.Table.from_pylist([*rows(ARTICLES), *rows(20)])
    for number, start in enumerate(range(0, table.num_rows, per_file)):
        pq.write_table(table.slice(start, per_file), folder / f"{number}.parquet", row_group_size=30)
    return str(folder)


def actors(cluster: Any) -> list[psutil.Process]:
    """Return the processes of the actors on the cluster's nodes, not those of other clusters on this machine."""
    raylets = [psutil.Process(_raylet(node)) for node in cluster.worker_nodes]
    return [process for raylet in raylets for process in raylet.children() if _is_actor(process)]


def both_at_work(cluster: Any) -> list[psutil.Process]:
    """Return the processes of the two actors, as soon as both have begun."""
    wait_for(lambda: len(actors(cluster)) == 2)
    return actors(cluster)


def _raylet(node: Any) -> int:
    pid: int = node.all_processes["raylet"][0].process.pid
    return pid


def _is_actor(process: psutil.Process) -> bool:
    try:
        return process.cmdline()[:1] != [] and process.cmdline()[0].startswith(ACTOR)
    except psutil.Error:
        return False


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def start(news: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start the command, with a cluster of its own."""
    (folder / "config.toml").write_text('model = "lexicon"\nattributor = "rules"\nbatch_articles = 2\n')
    topics = book(folder / "book.toml", FEDERALISM, SCHOOLS)
    words = ["run", news, "--topics", topics, "--out", folder / "out", "--config", folder / "config.toml"]
    command = [sys.executable, "-m", "stancewire.cli.main", *map(str, words)]
    return subprocess.Popen(
        [*command, "--engine", "ray", "--workers", "2", "--quiet"],
        env={name: value for name, value in os.environ.items() if name != "RAY_ADDRESS"},
        stderr=subprocess.PIPE,
    )


def finished(out: Path) -> int:
    """Return how many articles have come to an end, so far."""
    if not (out / FILE).is_file():
        return 0
    try:
        store = RunStore(out, read_only=True)
    except StancewireError:  # it is being made
        return 0
    try:
        return store.tally().outcomes.total()
    finally:
        store.close()


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"not after {PATIENCE} s"
        time.sleep(0.02)
