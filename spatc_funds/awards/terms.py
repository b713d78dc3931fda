"""The agreement in plain words (pure): what has to happen before each payment, and what a round's gates ask."""

from collections.abc import Sequence

from spatc_funds.awards.schedule import RETURN_ACCEPTED, return_needed

# What a pot's terms and gates are called in its data → how they are said to the group. Others are said as they stand.
TRIGGERS = {
    "agreement signed": "once you have accepted this offer",
    "awards night attended": "once you have been to the awards night",
}
GATES = {
    "supplier form": "Fill in the supplier form, so that we can pay you.",
    "bank details checked": "Send us proof of your bank account. Two of us check it.",
    "agreement signed": "Accept this offer. That is your signed agreement.",
    "awards night attended": "Come to the awards night, or agree with us beforehand that you cannot.",
    "subsidy confirmed": "Tell us what other public money you have had, if we ask for it.",
}


def when_paid(triggers: Sequence[str], number: int) -> str:
    """What instalment ``number`` (from 1) waits for, to go after "planned for …"; the triggers are in order."""
    trigger = triggers[number - 1]
    if trigger == RETURN_ACCEPTED:
        return f"once we have accepted return {return_needed(triggers, number)}"
    return TRIGGERS.get(trigger, f"once this is done: {trigger}")


def before_payment(gates: Sequence[str]) -> list[str]:
    """What has to be done before any payment, each as a sentence."""
    return [GATES.get(gate, f"{gate[:1].upper()}{gate[1:]}.") for gate in gates]
