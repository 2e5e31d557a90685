"""What the vocabularies hold: counts, mappings, languages, and what must not be in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from ontology import files
from ontology import namespaces as ns
from tests.words.conftest import SOURCES
from tests.words.reading import (
    ICTIP,
    UN_LANGUAGES,
    XKOS,
    code_of,
    codes,
    depths,
    item,
    items,
    labels,
    scheme_graph,
    unofficial,
)

MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
Graphs = Mapping[str, Graph]


@pytest.mark.parametrize(
    ("scheme", "version", "by_level"),
    [
        ("units", "1.0", [8, 12]),
        ("variables", "1.0", [33]),
        ("national-variables", "0.1", [3]),
        ("iccs", "1.0", [11, 63, 148, 98]),
        ("isic", "4.0", [21, 88, 238, 419]),
        ("isic", "5.0", [22, 87, 258, 463]),
        ("languages", "1.0", [7923]),
        ("means-of-control", "0.1", [17]),
        ("role", "0.1", [5, 15]),
        ("relationship", "0.1", [4, 10]),
        ("missing", "0.1", [4]),
        ("education", "1.0", [9]),
    ],
)
def test_a_scheme_holds_so_many_items_a_level(graphs: Graphs, scheme: str, version: str, by_level: list[int]) -> None:
    """The counts of the sources, and no item outside the levels."""
    graph = scheme_graph(graphs, scheme, version)

    assert depths(graph) == dict(enumerate(by_level, start=1))
    assert len(items(graph)) == sum(by_level)


def test_areas_are_one_hierarchy(graphs: Graphs) -> None:
    """World, regions and sub-regions of M49, every country of ISO 3166-1 with ours and the past, every subdivision."""
    graph = scheme_graph(graphs, "areas", "1.0")
    tops = set(graph.subjects(SKOS.topConceptOf, None))

    assert tops == {item("areas", "1.0", "001")}
    assert depths(graph) == {1: 1, 2: 5, 3: 17, 4: 8, 5: 249 + 4 + 31, 6: 3590, 7: 1454, 8: 2}
    assert graph.value(item("areas", "1.0", "KE-30"), SKOS.broader) == item("areas", "1.0", "KE")
    assert graph.value(item("areas", "1.0", "KE"), SKOS.broader) == item("areas", "1.0", "014")


def test_a_country_of_the_past_says_until_when_and_what_followed(graphs: Graphs) -> None:
    """Czechoslovakia is deprecated, ended on the day ISO withdrew it, and has two successors."""
    graph = scheme_graph(graphs, "areas", "1.0")
    past = item("areas", "1.0", "CSHH")

    assert str(graph.value(past, ICTIP.inForceTo)) == "1993-06-15"
    assert graph.value(past, ICTIP.itemStatus) == ICTIP.deprecated
    assert set(graph.objects(past, DCTERMS.isReplacedBy)) == {item("areas", "1.0", "CZ"), item("areas", "1.0", "SK")}


def test_groupings_are_collections_of_known_areas(graphs: Graphs) -> None:
    """Their sizes are those of the organisations, every member is an area, and none is a parent."""
    graph = scheme_graph(graphs, "areas", "1.0")
    sizes = {}
    for grouping in graph.subjects(RDF.type, SKOS.Collection):
        members = set(graph.objects(grouping, SKOS.member))
        assert members <= items(graph)
        sizes[str(graph.value(grouping, SKOS.notation))] = len(members)

    assert sizes == {
        "AFRICAN-UNION": 55,
        "ARAB-LEAGUE": 22,
        "COUNCIL-OF-EUROPE": 46,
        "CTDC-AMERICAS-OCEANIA": 2,
        "EUROPEAN-UNION": 27,
        "M49-003": 3,
    }


def test_units_match_iccs_as_designed(graphs: Graphs) -> None:
    """Each unit's mappings and printed references, code by code."""
    graph = scheme_graph(graphs, "units", "1.0")
    told = {
        code_of(graph, unit): (
            {
                (str(kind).rsplit("#", 1)[-1], str(target).rsplit("/", 1)[-1])
                for kind in MATCHES
                for target in graph.objects(unit, kind)
            },
            {str(reference) for reference in graph.objects(unit, ICTIP.printedReference)},
        )
        for unit in items(graph)
    }

    assert told == {
        "1": ({("exactMatch", "02041")}, {"02041"}),
        "2": ({("broadMatch", "02042")}, {"02042"}),
        "2.1": ({("broadMatch", "02042")}, set()),
        "2.2": ({("broadMatch", "02042")}, set()),
        "3": ({("exactMatch", "02043")}, {"02043"}),
        "4": ({("broadMatch", "02042"), ("relatedMatch", "020329")}, {"020329"}),
        "5": ({("broadMatch", "02044")}, set()),
        "5.1": ({("broadMatch", "02044"), ("relatedMatch", "0502")}, set()),
        "5.2": ({("broadMatch", "02044"), ("relatedMatch", "05")}, set()),
        "5.3": ({("broadMatch", "02044"), ("relatedMatch", "0601")}, set()),
        "5.4": ({("broadMatch", "02044"), ("relatedMatch", "0701")}, set()),
        "5.5": ({("broadMatch", "02044")}, set()),
        "6": ({("broadMatch", "02044")}, {"02044"}),
        "6.1": ({("broadMatch", "02044"), ("relatedMatch", "020292")}, set()),
        "6.2": ({("broadMatch", "02044"), ("relatedMatch", "110135")}, set()),
        "6.3": ({("broadMatch", "02044")}, set()),
        "6.4": ({("broadMatch", "02044"), ("relatedMatch", "020291")}, set()),
        "6.5": ({("broadMatch", "02044")}, set()),
        "7": ({("broadMatch", "0204")}, set()),
        "8": ({("broadMatch", "0204")}, set()),
    }


def test_units_cover_trafficking_in_persons_and_only_7_and_8_are_rest(graphs: Graphs) -> None:
    """The heading is what the scheme covers and no item; 8 is derived."""
    graph = scheme_graph(graphs, "units", "1.0")

    assert set(graph.objects(URIRef(ns.version_iri("units", "1.0")), XKOS.covers)) == {item("iccs", "1.0", "0204")}
    assert set(graph.subjects(ICTIP.residual)) == {item("units", "1.0", "7"), item("units", "1.0", "8")}
    assert set(graph.subjects(ICTIP.derived)) == {item("units", "1.0", "8")}


def test_units_carry_notes_a_to_f(graphs: Graphs) -> None:
    """Each marked note is on the unit that the source puts it on."""
    graph = scheme_graph(graphs, "units", "1.0")
    marks = {
        str(graph.value(note, ICTIP.mark)): code_of(graph, unit)
        for unit in items(graph)
        for note in graph.objects(unit, SKOS.scopeNote)
    }

    assert marks == {"a": "2.2", "b": "3", "c": "4", "d": "6.5", "e": "7", "f": "8"}


def test_the_variables_are_the_33_by_step_and_unit_of_description(graphs: Graphs) -> None:
    """Sixteen variables of step 1 and seventeen of step 2, each with what it describes and the kind of its value."""
    graph = scheme_graph(graphs, "variables", "1.0")
    told = Counter(
        (str(graph.value(each, ICTIP.step)), str(graph.value(each, ICTIP.describes))) for each in items(graph)
    )
    several = {code_of(graph, each) for each in items(graph) if graph.value(each, ICTIP.repeated)}

    assert told == {
        ("1", "event"): 5,
        ("1", "victim"): 4,
        ("1", "perpetrator"): 4,
        ("1", "reporting entity"): 3,
        ("2", "event"): 8,
        ("2", "victim"): 7,
        ("2", "perpetrator"): 2,
    }
    assert several == {"coe", "civ", "cip", "moc", "ssc", "fls", "rtv", "rpp", "rvp"}


def test_every_variable_of_kind_code_is_bound_to_a_list_that_exists(graphs: Graphs) -> None:
    """And no other variable is: age bands are derived."""
    bindings = graphs["vocabulary/bindings.ttl"]
    takes_codes = {
        variable
        for path, graph in graphs.items()
        for variable in graph.subjects(RDF.type, ICTIP.Variable)
        if str(graph.value(variable, ICTIP.kind)) == "code" and "variables" in path
    }
    lists = {version for graph in graphs.values() for version in graph.subjects(RDF.type, SKOS.ConceptScheme)}

    assert set(bindings.objects(None, ICTIP.variable)) == takes_codes
    assert set(bindings.objects(None, ICTIP.list)) <= lists
    assert len(takes_codes) == 25 + 3


@pytest.mark.parametrize("scheme", ["units", "variables"])
def test_units_and_variables_speak_the_six_languages(graphs: Graphs, scheme: str) -> None:
    """English is the source's; the others are ours and marked so."""
    graph = scheme_graph(graphs, scheme, "1.0")
    for each in items(graph):
        assert set(labels(graph, each)) == UN_LANGUAGES
        assert unofficial(graph, each) == UN_LANGUAGES - {"en"}


def test_regions_and_countries_speak_the_six_languages(graphs: Graphs) -> None:
    """Names of countries are those of UN M49; those of regions are ours; the past is English."""
    graph = scheme_graph(graphs, "areas", "1.0")
    current = [
        each for each in items(graph) if "-" not in code_of(graph, each) and not graph.value(each, ICTIP.itemStatus)
    ]

    assert len(current) == 1 + 5 + 17 + 8 + 249 + 4
    assert {frozenset(labels(graph, each)) for each in current} == {frozenset(UN_LANGUAGES)}
    assert unofficial(graph, item("areas", "1.0", "KE")) == set()
    assert labels(graph, item("areas", "1.0", "KE"))["zh-Hans"] == "肯尼亚"


def test_iccs_is_spanish_for_309_of_320(graphs: Graphs) -> None:
    """The eleven sections have no Spanish title in the source."""
    graph = scheme_graph(graphs, "iccs", "1.0")
    silent = {code_of(graph, each) for each in items(graph) if "es" not in labels(graph, each)}

    assert silent == {"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11"}


def test_every_item_of_every_scheme_has_an_english_label(graphs: Graphs) -> None:
    """English is required everywhere."""
    mute = [each for graph in graphs.values() for each in items(graph) if "en" not in labels(graph, each)]

    assert mute == []


def test_leading_zeros_are_kept(graphs: Graphs) -> None:
    """Codes are texts."""
    assert {"01", "0101", "02041", "020329"} <= codes(scheme_graph(graphs, "iccs", "1.0"))
    assert {"01", "011", "0111"} <= codes(scheme_graph(graphs, "isic", "5.0"))


def test_the_official_table_of_605_pairs_can_be_told_again(graphs: Graphs) -> None:
    """Sources times targets over all associations are the pairs, each once, each between known classes."""
    graph = graphs["vocabulary/correspondences/isic-4.0--isic-5.0.ttl"]
    pairs = [
        (source, target)
        for association in graph.subjects(RDF.type, XKOS.ConceptAssociation)
        for source in graph.objects(association, XKOS.sourceConcept)
        for target in graph.objects(association, XKOS.targetConcept)
    ]

    assert len(pairs) == len(set(pairs)) == 605
    assert {source for source, _ in pairs} <= items(scheme_graph(graphs, "isic", "4.0"))
    assert {target for _, target in pairs} <= items(scheme_graph(graphs, "isic", "5.0"))
    assert Counter(str(kind) for kind in graph.objects(None, ICTIP.kind)) == {
        "same": 273,
        "rearranged": 102,
        "split": 23,
        "recoded": 13,
        "merged": 4,
    }


def test_the_way_from_units_to_iccs_uses_no_related_match(graphs: Graphs) -> None:
    """Every unit leads somewhere, begging to 02042 and never to the related 020329."""
    graph = graphs["vocabulary/correspondences/units-1.0--iccs-1.0.ttl"]
    way = {
        str(source).rsplit("/", 1)[-1]: (str(target).rsplit("/", 1)[-1], str(graph.value(association, ICTIP.kind)))
        for association in graph.subjects(RDF.type, XKOS.ConceptAssociation)
        for source in graph.objects(association, XKOS.sourceConcept)
        for target in graph.objects(association, XKOS.targetConcept)
    }

    assert len(way) == 20
    assert way["1"] == ("02041", "same")
    assert way["4"] == ("02042", "broader")
    assert way["8"] == ("0204", "broader")


def test_every_match_and_every_item_pointed_to_exists(graphs: Graphs) -> None:
    """Nothing points at an item of ours that no file holds."""
    known = {subject for graph in graphs.values() for subject in graph.subjects()}
    lost = {
        target
        for graph in graphs.values()
        for target in graph.objects()
        if isinstance(target, URIRef) and "/item/" in target and target.startswith(ns.NAMESPACE) and target not in known
    }

    assert lost == set()


def test_a_meaning_keeps_its_identity_across_isic(graphs: Graphs) -> None:
    """0111 means the same in both, K became L, and 5520 means something else."""
    before, after = scheme_graph(graphs, "isic", "4.0"), scheme_graph(graphs, "isic", "5.0")

    def identity(graph: Graph, version: str, code: str) -> object:
        return graph.value(item("isic", version, code), DCTERMS.isVersionOf)

    assert identity(before, "4.0", "0111") == identity(after, "5.0", "0111")
    assert identity(before, "4.0", "K") == identity(after, "5.0", "L")
    assert identity(before, "4.0", "K") != identity(after, "5.0", "K")
    assert identity(before, "4.0", "5520") != identity(after, "5.0", "5520")


def test_no_definition_or_note_of_iccs_or_isic_is_shipped(graphs: Graphs) -> None:
    """Items of both have codes and titles, and no text besides."""
    for scheme, version in (("iccs", "1.0"), ("isic", "4.0"), ("isic", "5.0")):
        graph = scheme_graph(graphs, scheme, version)
        said = {predicate for each in items(graph) for predicate in graph.predicates(each)}
        assert said <= {
            RDF.type,
            SKOS.notation,
            SKOS.prefLabel,
            SKOS.altLabel,
            SKOS.inScheme,
            SKOS.topConceptOf,
            SKOS.broader,
            DCTERMS.isVersionOf,
            ICTIP.order,
            ICTIP.residual,
        }


@pytest.mark.skipif(not SOURCES.is_dir(), reason=f"{SOURCES} is absent")
def test_no_long_text_of_the_publishers_is_in_any_file() -> None:
    """A definition of ICCS is found in no vocabulary file."""
    text = "\n".join(file.text() for file in files.vocabulary_files())

    assert "Unlawful death inflicted upon a person" not in text


def test_there_are_no_blank_nodes(graphs: Graphs) -> None:
    """Everything has a name, so canonical form is sorting."""
    assert not [
        path for path, graph in graphs.items() if any(isinstance(term, BNode) for said in graph for term in said)
    ]


def test_no_file_tells_when_it_was_made(graphs: Graphs) -> None:
    """The only days are those of the standards; there are no times of day at all."""
    timed = [
        path
        for path, graph in graphs.items()
        for term in graph.objects()
        if isinstance(term, Literal) and str(term.datatype).endswith("dateTime")
    ]

    assert timed == []
    assert not [file.path for file in files.vocabulary_files() if re.search(r"\d{2}:\d{2}:\d{2}", file.text())]


def test_every_version_says_its_standing_source_and_rights(graphs: Graphs) -> None:
    """Provisional versions are 0.x and official ones are not."""
    for path, graph in graphs.items():
        for version in graph.subjects(RDF.type, SKOS.ConceptScheme):
            provisional = graph.value(version, ICTIP.standing) == ICTIP.provisional
            assert provisional == str(version).rsplit("/", 1)[-1].startswith("0."), path
            assert graph.value(version, DCTERMS.rights)
            assert list(graph.objects(version, DCTERMS.source))


def test_coarse_sources_find_a_code_for_their_values(graphs: Graphs) -> None:
    """Every flag and value of CTDC and every role of HTCDS has a code beside which it stands."""
    told: dict[str, set[str]] = {}
    for scheme in ("role", "relationship", "payment"):
        for term in scheme_graph(graphs, scheme, "0.1").objects(None, SKOS.notation):
            if isinstance(term, Literal) and term.datatype is not None:
                told.setdefault(f"{scheme} {term.datatype.rsplit('/', 1)[-1]}", set()).add(str(term))

    assert told["role ctdc-vp"] == {
        "IP_Exploiter",
        "IP_RecruiterBroker",
        "IP_TransactionProcess",
        "IP_ControlAbuseKidnap",
    }
    assert told["relationship ctdc-vp"] == {"StrangerUnknownOther", "FriendAcquaintance", "FamilyIntimatePartner"}
    assert told["relationship iccs-vip"] == {str(value) for value in range(1, 11)}
    assert told["payment ctdc-vp"] == {"Yes", "No"}
    assert len(told["role htcds"]) == 15


def test_the_case_model_names_source_target_and_a_sentence_for_each_edge(graphs: Graphs) -> None:
    """Every edge goes from one class to one class and says what it means; hubs are marked."""
    graph = graphs["vocabulary/case-model.ttl"]
    edges = {
        (str(graph.value(edge, ICTIP.relationshipType)), str(source).rsplit("#", 1)[-1], str(target).rsplit("#", 1)[-1])
        for edge, source in graph.subject_objects(URIRef(ns.RDFS_DOMAIN))
        for target in graph.objects(edge, URIRef(ns.RDFS_RANGE))
    }
    hubs = {str(graph.value(each, ICTIP.nodeLabel)) for each in graph.subjects(ICTIP.isHub)}

    assert ("VICTIM_IN", "Person", "Event") in edges
    assert {kind for kind, _, _ in edges} == {
        "VICTIM_IN", "PERPETRATOR_IN", "RELATED_TO", "REPORTED_BY", "DECIDED_BY", "EXPLOITED_IN", "RECORDED_IN",
        "TRANSITED", "CITIZEN_OF", "RESIDED_IN", "HAS_FORM", "BROADER", "IN_BATCH", "CODED_BY", "SAME_AS",
        "HAS_IDENTIFIER",
    }  # fmt: skip
    assert len(edges) == 17
    assert hubs == {"ReportingEntity", "Area", "Concept", "Batch", "Coding", "Identifier"}
    assert all(graph.value(each, URIRef(ns.RDFS_COMMENT)) for each in graph.subjects())
