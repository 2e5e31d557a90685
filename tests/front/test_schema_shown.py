"""Who may see the schema: by setting and by role, the same for introspection, for errors and for the editor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graphql_api.settings import introspection_from
from registry.access.actor import STRANGER, Actor, Right, local_user
from registry.classification.catalogue import Catalogue
from registry.errors import SettingInvalid
from tests.api.conftest import QUIET, opened, rooms_of

CUSTODIAN = Actor("odile", frozenset({Right.READ_REGISTRY}), roles=("public", "custodian"))
ANALYST = Actor("ana", frozenset({Right.READ_REGISTRY}), roles=("analyst",))
EVERYBODY = (STRANGER, ANALYST, CUSTODIAN, local_user())


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        (None, {"ana", "odile", "local"}),
        ("known", {"ana", "odile", "local"}),
        ("on", {"stranger", "ana", "odile", "local"}),
        ("off", set()),
        ("", set()),
        ("custodian, key-administrator", {"odile"}),
        ("public", {"odile"}),
    ],
)
def test_the_setting_names_who_may_see_the_schema(setting: str | None, shown: set[str]) -> None:
    """Everybody, whoever is known, nobody, or roles; a stranger is nobody's role."""
    environ = {} if setting is None else {"ICTIP_INTROSPECTION": setting}
    settings = replace(QUIET, introspection=introspection_from(environ))

    assert {actor.name for actor in EVERYBODY if settings.shows_schema(actor)} == shown


def test_an_unknown_role_is_refused() -> None:
    """At the start, by its name."""
    with pytest.raises(SettingInvalid):
        introspection_from({"ICTIP_INTROSPECTION": "custodians"})


@pytest.mark.parametrize(("actor", "sees"), [(CUSTODIAN, True), (ANALYST, False)])
async def test_a_role_decides_all_of_it(catalogue: Catalogue, actor: Actor, sees: bool) -> None:
    """Introspection, suggestions, types in the errors of variables, and the editor."""
    rooms = rooms_of(catalogue)
    settings = replace(QUIET, introspection=frozenset({"custodian"}))
    async with opened(lambda: rooms, settings=settings, actor=actor) as doors:
        introspected = await doors.ask("{ __schema { queryType { name } } }")
        suggested = (await doors.error("{ schemez { id } }"))["message"]
        mistyped = (await doors.error("query ($s: SchemeId!) { scheme(id: $s) { id } }", s=7))["message"]
        editor = await doors.http.get("/graphiql")

    assert ("data" in introspected) is sees
    assert ("schemes" in suggested) is sees
    assert ("text is needed" in mistyped) is sees
    assert (editor.status_code == 200) is sees
