from confrere.evidence.dataset import Member, to_csv


def test_one_row_for_each_member_and_answered_wave_in_a_fixed_order() -> None:
    members = [
        Member("S-B", "control", {"gender": "man", "sessions": 0}),
        Member("S-A", "coaching", {"gender": "woman", "sessions": 5}),
        Member("S-C", "coaching", {"gender": "woman", "sessions": 0}),
    ]
    waves = {
        "baseline": {"S-A": {"burnout": 3.25, "joy": 1.0}, "S-B": {"burnout": float("nan"), "joy": 0.1 + 0.2}},
        "month3": {"S-A": {"burnout": 2.0}},
    }
    assert to_csv(members=members, waves=waves, outcomes=["burnout", "joy"]).decode() == (
        "id,arm,gender,sessions,time,burnout,joy\n"
        "S-A,coaching,woman,5,baseline,3.25,1.0\n"
        "S-A,coaching,woman,5,month3,2.0,\n"
        "S-B,control,man,0,baseline,,0.30000000000000004\n"
        "S-C,coaching,woman,0,baseline,,\n"  # answered nothing, and is counted all the same
    )


def test_nobody_is_a_file_with_a_header_only() -> None:
    assert to_csv(members=[], waves={"baseline": {}}, outcomes=["joy"]) == b"id,arm,time,joy\n"
