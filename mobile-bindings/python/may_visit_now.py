"""May I visit now? The question an agent asks most, asked from Python."""

import doorstep

EIGHT = 1_772_409_600_000  # Monday 2 March 2026, 08:00:00 in Taipei, in ms
HOUR = 3_600_000
PACKS = [doorstep.house_pack_json()]


def case(time_zone: str) -> doorstep.CaseOnPhone:
    return doorstep.CaseOnPhone(
        time_zone=time_zone,
        visit_from="",
        visit_to="",
        flags="",
        visits_at_ms=[],
        facts_as_of_ms=EIGHT - HOUR,
        dpd=60,
    )


def main() -> None:
    early = doorstep.may_visit_now(case("Asia/Taipei"), EIGHT - 1_000, PACKS)
    [reason] = early.reasons
    assert not early.allowed and early.again_at_ms == EIGHT, early
    print(f"07:59:59 not yet: {reason.rule} of {reason.pack}@{reason.version}, again at 08:00")

    now = doorstep.may_visit_now(case("Asia/Taipei"), EIGHT, PACKS)
    assert now.allowed and now.again_at_ms is None, now
    print(f"08:00:00 yes, by facts of {now.facts_age_ms // HOUR} h before")

    try:
        doorstep.may_visit_now(case("Taipei"), EIGHT, PACKS)
    except doorstep.PhoneError.BadInput as error:
        print(f"{error.field}: bad input")

    if not doorstep.may_visit_now(case("Asia/Taipei"), EIGHT, []).allowed:
        print("no pack: nothing is allowed")


main()
