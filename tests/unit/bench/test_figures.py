import pytest

from playground.bench.figures import Row, at_most_more, at_most_times, gateway_aim, most, percentile, tail_at_most
from playground.bench.runs import flags


def test_the_99th_percentile_of_few_samples_is_the_worst_one() -> None:
    assert percentile([3.0, 1.0, 2.0], 99) == 3.0


def test_the_99th_percentile_of_many_samples_leaves_the_worst_hundredth_out() -> None:
    assert percentile([float(n) for n in range(1, 201)], 99) == 198.0


@pytest.mark.parametrize(
    ("ours", "straight", "met"),
    [(110.0, 100.0, True), (111.0, 100.0, False), (630.0, 600.0, True), (631.0, 600.0, False)],
)
def test_the_gateway_may_add_five_percent_or_ten_milliseconds_whichever_is_more(
    ours: float, straight: float, met: bool
) -> None:
    assert gateway_aim(Row("run", "ms", [ours], [straight])).met is met


def test_an_aim_is_judged_by_the_median() -> None:
    assert most(Row("prompt", "ms", [9.0, 9.5, 50.0]), 10).met
    assert not most(Row("prompt", "ms", [9.0, 10.5, 50.0]), 10).met


def test_an_aim_for_the_tail_lets_only_so_many_be_later_and_nothing_is_no_success() -> None:
    samples = [1.0] * 99 + [500.0]
    assert tail_at_most(Row("map", "ms", samples), 99, 100).met
    assert not tail_at_most(Row("map", "ms", [*samples, 500.0]), 99, 100).met
    assert not tail_at_most(Row("map", "ms", samples), 100, 100).met
    assert not tail_at_most(Row("map", "ms"), 99, 100).met


def test_a_row_without_a_way_straight_to_the_engine_leaves_its_cells_empty() -> None:
    assert Row("memory", "MiB", [4.24, 4.26]).cells() == ("memory, MiB", "4.2", "4.3", "4.3", "", "", "", "", "")


def test_a_containers_limits_are_written_as_the_flags_of_a_run() -> None:
    host = {
        "NetworkMode": "none",
        "Memory": 67108864,
        "MemorySwap": 67108864,
        "PidsLimit": 64,
        "CgroupParent": "",
        "NanoCpus": 500000000,
        "LogConfig": {"Type": "json-file", "Config": {"max-size": "1m"}},
        "StorageOpt": None,
        "SecurityOpt": ["no-new-privileges", 'seccomp={"defaultAction":"SCMP_ACT_ERRNO"}'],
        "CapDrop": ["NET_RAW"],
        "CapAdd": None,
    }
    assert flags(host, "/profile") == [
        "--network=none",
        "--memory=67108864",
        "--memory-swap=67108864",
        "--pids-limit=64",
        "--cpus=0.5",
        "--log-driver=json-file",
        "--log-opt=max-size=1m",
        "--security-opt=no-new-privileges",
        "--security-opt=seccomp=/profile",
        "--cap-drop=NET_RAW",
    ]


def test_what_may_be_added_to_a_small_call_is_judged_by_the_medians() -> None:
    assert at_most_more(Row("ping", "ms", [1.2, 1.3, 9.0], [0.3, 0.4, 0.5]), 1.0).met
    assert not at_most_more(Row("ping", "ms", [1.5, 1.6, 1.7], [0.3, 0.4, 0.5]), 1.0).met


def test_what_a_build_may_take_more_is_a_share_of_the_engines_own() -> None:
    assert at_most_times(Row("build", "ms", [1090.0], [1000.0]), 1.10).met
    assert not at_most_times(Row("build", "ms", [1110.0], [1000.0]), 1.10).met
    assert at_most_times(Row("build", "ms", [1.0], [1.0]), 1.10).words == "+10 %"
