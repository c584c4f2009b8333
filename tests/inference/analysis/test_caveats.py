from inference.analysis.caveats import core_remark
from inference.network.postprocess import RULE


def test_without_an_estimated_core_nothing_is_said():
    assert core_remark([]) is None


def test_whose_core_is_an_estimate_is_named_with_the_shares_of_the_rule():
    told = core_remark(["U-Net", "Consensus"])
    assert told.startswith("U-Net, Consensus: hardly any of this tumour enhances")
    assert f"{100 * RULE.core_share:.0f} % of the tumour" in told
    assert f"less than {100 * RULE.hardly_enhancing:.0f} %" in told
