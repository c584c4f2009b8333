"""The tables of docs/growth.md, from what was measured."""

import math
from typing import Any, Final

from training.results import markdown_table

# What a machine is planned to be busy with; the rest is for visitors who come together.
BUSY: Final = 0.7
# A night, and how busy it may be: nobody waits.
NIGHT_H: Final = 10
NIGHT_BUSY: Final = 0.9
VISITORS_AN_HOUR: Final = 1000
CASES_A_NIGHT: Final = 100_000
# How long a visitor has a case open.
VISIT_MINUTES: Final = 10
# Of one machine.
CORES: Final = 16
_GIGABYTE: Final = 1e9


def format_growth(results: dict[str, Any]) -> str:
    """Tables of slices, models, visitors and cases in a row."""
    return "\n\n".join([_slices(results), _models(results), _visitors(results), _row(results)])


def _slices(results: dict[str, Any]) -> str:
    found = results["slices"]
    rows = [
        [str(count), f"{seconds:.2f}", f"{peak:.0f}"]
        for count, seconds, peak in zip(
            found["counts"], found["seconds"], found["peak_rss_mb"], strict=True
        )
    ]
    table = markdown_table(["Slices", "Seconds", "Peak, MB"], rows)
    return (
        f"{table}\n\n{results['names'][0]}: {1000 * found['seconds_each']:.1f} ms a slice and "
        f"{found['seconds_fixed']:.2f} s beside; no time is more than {100 * found['off']:.0f} % "
        "off that line."
    )


def _models(results: dict[str, Any]) -> str:
    rows = [
        [str(each["models"]), f"{each['seconds']:.2f}", f"{each['peak_rss_mb']:.0f}"]
        for each in results["models"]
    ]
    return markdown_table(["Models", "Seconds a case", "Peak, MB"], rows)


def _visitors(results: dict[str, Any]) -> str:
    rows = [
        [
            str(each["visitors"]),
            f"{each['cases_per_minute']:.1f}",
            f"{each['wait_s']['median']:.1f} ({each['wait_s']['max']:.1f})",
            f"{each['answer_s']['median']:.1f} ({each['answer_s']['max']:.1f})",
            f"{each['peak_rss_mb']:.0f}",
        ]
        for each in results["visitors"]
    ]
    header = [
        *("Visitors at once", "Cases a minute", "Wait for the first model, s"),
        *("To the last answer, s", "Peak, MB"),
    ]
    return markdown_table(header, rows)


def _row(results: dict[str, Any]) -> str:
    found = results["row"]
    return (
        f"{found['cases']} cases in a row by {results['names'][0]}: median of the first half "
        f"{found['first_half_mb']:.0f} MB, of the second {found['second_half_mb']:.0f} MB "
        f"({100 * found['growth']:+.1f} %)."
    )


def plan(results: dict[str, Any]) -> dict[str, float]:
    """What 1,000 visitors an hour and 100,000 cases a night take, by what was measured.

    Two cores are a place, at which one case is answered at a time by all models: as fast as where
    most visitors came at once, who keep it busy and whose cases are all new to it.

    Args:
        results: Of :func:`benchmarks.scale.growth.measure_growth`, on two cores.
    """
    one, many = results["visitors"][0], results["visitors"][-1]
    each_mb = (many["peak_rss_mb"] - one["peak_rss_mb"]) / (many["visitors"] - one["visitors"])
    sizes = one["bytes"]
    seconds = 60 / many["cases_per_minute"]
    open_at_once = VISITORS_AN_HOUR * VISIT_MINUTES / 60
    network = sizes["to_network"] + len(results["names"]) * sizes["from_network"]
    return {
        "seconds": seconds,
        "places": math.ceil(VISITORS_AN_HOUR / 3600 * seconds / BUSY),
        "open_at_once": open_at_once,
        "visitor_mb": each_mb,
        "open_gb": open_at_once * each_mb / 1000,
        "browser_mb_s": VISITORS_AN_HOUR / 3600 * (sizes["scan"] + sizes["answers"]) / 1e6,
        "upload_mb_s": VISITORS_AN_HOUR / 3600 * sizes["files"] / 1e6,
        "network_mb_s": VISITORS_AN_HOUR / 3600 * network / 1e6,
        "night_places": math.ceil(CASES_A_NIGHT * seconds / (NIGHT_H * 3600) / NIGHT_BUSY),
        "night_read_mb_s": CASES_A_NIGHT * sizes["files"] / (NIGHT_H * 3600) / 1e6,
        "night_read_tb": CASES_A_NIGHT * sizes["files"] / 1e12,
        "place_mb": results["models"][-1]["peak_rss_mb"],
    }


def format_plan(results: dict[str, Any]) -> str:
    """The plan as a table."""
    found = plan(results)
    per = CORES // 2
    rows = [
        ["a case on two cores, s", f"{found['seconds']:.1f}", f"{found['seconds']:.1f}"],
        ["places of two cores", f"{found['places']}", f"{found['night_places']}"],
        [
            f"machines of {CORES} cores",
            f"{math.ceil(found['places'] / per)}",
            f"{math.ceil(found['night_places'] / per)}",
        ],
        [
            "memory of the places, GB",
            f"{found['places'] * found['place_mb'] / 1000:.0f}",
            f"{found['night_places'] * found['place_mb'] / 1000:.0f}",
        ],
        ["memory of open cases, GB", f"{found['open_gb']:.0f}", "–"],
        [
            "read or sent to the servers, MB/s",
            f"{found['upload_mb_s']:.0f}",
            f"{found['night_read_mb_s']:.0f}",
        ],
        ["from servers to networks and back, MB/s", f"{found['network_mb_s']:.0f}", "–"],
        ["to the browsers, MB/s", f"{found['browser_mb_s']:.1f}", "–"],
    ]
    header = ["", f"{VISITORS_AN_HOUR:,} visitors an hour", f"{CASES_A_NIGHT:,} cases a night"]
    return markdown_table(header, rows)
