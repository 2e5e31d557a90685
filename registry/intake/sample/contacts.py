"""Invented phones and addresses of a sample world: some lasting, some shared, some entered by mistake.

Lives here: which text. Elsewhere: that no text of them is ever stored (``registry.cases.identity``).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from registry.intake.sample.draws import Integers, lasting_uniform

ADDRESSED: Final = 0.12
"""Share of events that tell their address; of these nearly half are where their first perpetrator has been before."""
OFFICE: Final = 0.004
"""Share of events with the agency's own address for that of the event: a mistake that many sources make."""
PHONED: Final = 0.25
"""Share of perpetrators of whom a phone is told."""
HOUSEHOLD: Final = 0.06
"""Share of people whose phone is that of the four next to them as well."""
PHONE: Final = 6
"""The salt of phones, beside those of ``world``."""


def invented_phones(numbers: Integers) -> list[str | None]:
    """A phone for some people, wherever they are met; a few share one."""
    shared = lasting_uniform(numbers // 5, salt=PHONE) < HOUSEHOLD
    lines = np.where(shared, numbers // 5 * 5, numbers).tolist()
    told = (lasting_uniform(numbers, salt=PHONE) < PHONED).tolist()
    return [f"+000 {line}" if is_told else None for line, is_told in zip(lines, told, strict=True)]


def invented_address(
    agency: str, event: int, perpetrator: int | None, chance: float, which: float, *, planted: int | None
) -> str | None:
    """Where an event took place: with its planted pattern, else by two draws of [0, 1), else not told."""
    if planted is not None:
        return f"Invented House {planted}, {agency}"
    if chance < OFFICE:
        return f"Office of {agency}"
    if chance >= OFFICE + ADDRESSED:
        return None
    visited = perpetrator is not None and which < 0.45
    return f"House of {perpetrator}, {agency}" if visited else f"Invented Street {event}"
