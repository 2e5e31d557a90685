"""Every vocabulary file as text, from the sources at hand.

Lives here: which files there are and what each is made of. Elsewhere: writing them to disk (``__main__``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from ontology.build.areas import areas
from ontology.build.bindings import binding_blocks
from ontology.build.correspondences import Correspondence, correspondence_blocks, correspondence_prefixes
from ontology.build.iccs import iccs
from ontology.build.identities import Identities, grown_identities, identities_text, read_identities
from ontology.build.isic import continued_codes, isic_4, isic_4_to_5, isic_5
from ontology.build.languages import languages
from ontology.build.lists import lists
from ontology.build.model import case_model_blocks, case_shape_blocks, term_blocks
from ontology.build.own_notes import own_editions
from ontology.build.scheme import Scheme, item_prefixes, scheme_blocks
from ontology.build.turtle import write_turtle
from ontology.build.units import units, units_to_iccs
from ontology.build.variables import national_variables, variables

MADE: Final = "Made by `python -m ontology.build`; change its tables and not this file."

Continued = Mapping[str, tuple[str, str]]


def make_files(sources: Path | None) -> dict[str, str]:
    """Path relative to the package, to text; without ``sources`` the files of ICCS and ISIC are not among them."""
    files = {
        "vocabulary/case-model.ttl": write_turtle(case_model_blocks(), comment=MADE),
        "shapes/case-model.ttl": write_turtle(case_shape_blocks(), comment=MADE),
        "vocabulary/terms.ttl": write_turtle(term_blocks(), comment=MADE),
        "vocabulary/bindings.ttl": write_turtle(binding_blocks(), comment=MADE),
    }
    for scheme in (units(), variables(), national_variables(), *lists(), areas(), languages()):
        files |= _scheme_files([(scheme, {})])
    for correspondence in (units_to_iccs(), isic_4_to_5()):
        files |= _correspondence_file(correspondence)
    if sources is not None:
        files |= _scheme_files([(iccs(sources), {})])
        rev4, rev5 = isic_4(sources), isic_5(sources)
        files |= _scheme_files([(rev4, {}), (rev5, continued_codes(rev4, rev5))])
    return files


def make_own_editions(sources: Path) -> dict[str, str]:
    """File name to text of the local editions with a user's own notes; never a part of the package."""
    return {
        f"{scheme.id}-{scheme.edition}.ttl": _scheme_text(scheme, _identities(scheme))
        for scheme in own_editions(sources)
    }


def _identities(scheme: Scheme) -> Identities:
    return grown_identities(read_identities(scheme.id), scheme.version, [item.code for item in scheme.items], {})


def _scheme_files(versions: Iterable[tuple[Scheme, Continued]]) -> dict[str, str]:
    """The files of one scheme's versions, oldest first, and its table of identities."""
    files, known = {}, None
    for scheme, continued in versions:
        known = read_identities(scheme.id) if known is None else known
        known = grown_identities(known, scheme.version, [item.code for item in scheme.items], continued)
        files[f"vocabulary/schemes/{scheme.id}/{scheme.version}.ttl"] = _scheme_text(scheme, known)
        files[f"build/identities/{scheme.id}.csv"] = identities_text(known)
    return files


def _scheme_text(scheme: Scheme, identities: Identities) -> str:
    blocks = scheme_blocks(scheme, lambda code: identities[scheme.version, code])
    return write_turtle(blocks, prefixes=item_prefixes(scheme), comment=MADE)


def _correspondence_file(correspondence: Correspondence) -> dict[str, str]:
    text = write_turtle(
        correspondence_blocks(correspondence), prefixes=correspondence_prefixes(correspondence), comment=MADE
    )
    return {f"vocabulary/correspondences/{correspondence.name}.ttl": text}
