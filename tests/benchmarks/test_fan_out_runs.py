"""The fan-out's figures are sane at tiny size. No time is judged here."""

import math

from tests.benchmarks.fan_out import PROBED_GROUPS, Size, as_json, measure

SMALL = Size(groups=PROBED_GROUPS + 50, calm_s=0.5)


def test_fan_out_at_tiny_size_reaches_every_group_once_and_passes_no_limit() -> None:
    figures = measure(SMALL)

    assert (figures.groups, figures.missed, figures.twice) == (SMALL.groups, 0, 0)
    assert figures.violations == 0
    assert figures.messages >= SMALL.groups
    assert 0 < figures.share <= figures.messages / (30 * figures.took_s) + 1e-9
    assert [name for name, value in as_json(figures).items() if value is None] == []
    assert math.isfinite(figures.removal_ratio)
