"""Everything that can go wrong, as one tree; each error carries facts as fields and says what to do next.

::

    IctipError                      code, message, facts, retriable
    ├── Invalid                     the caller's words are wrong: correct and ask again
    ├── NotFound                    nothing of that name in the caller's scope (also: not allowed to know)
    ├── Refused                     the caller may not do this, or this may not be done
    ├── Conflict                    the state is not what the caller believed
    ├── Fault                       ours: a defect or a damaged store
    └── Unavailable                 retriable: the same call may succeed later

Lives here: errors that callers see. Elsewhere: faults in delivered data, which are results and not exceptions
(``registry.intake``, ``registry.classification.integrity``); the HTTP status of a code (``graphql_api.problems``).

Facts are identifiers, codes and counts: never a case value. The message is built from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

Fact = str | int | float | bool | None | list[str]


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One thing wrong in what a caller gave: data beside the error that sums them up.

    ``path`` leads to the field (``edits[1].Split.parts[0].code``), empty where no field is to blame; ``place`` is the
    code or URI it is about.
    """

    path: str
    rule: str
    place: str
    message: str

    def at_edit(self, number: int) -> FieldFault:
        """The same, of one of several edits, numbered from 0."""
        return replace(self, path=f"edits[{number}].{self.path}")


class IctipError(Exception):
    """One clear error: what happened, to what, what to do next.

    ``template`` is filled from the facts, which are given as keywords and must be exactly its fields
    (facts that the template does not name may be added); a list stands in it with commas, an empty one as "none".
    """

    code: ClassVar[str] = "error"
    template: ClassVar[str] = "Something went wrong."
    hint: ClassVar[str] = ""
    retriable: ClassVar[bool] = False

    def __init__(self, *, details: Sequence[FieldFault] = (), **facts: Fact) -> None:
        self.facts = facts
        self.details = tuple(details)
        self.message = self.template.format_map({name: _in_words(fact) for name, fact in facts.items()})
        super().__init__(f"{self.message} {self.hint}".strip())


def _in_words(fact: Fact) -> Fact:
    return (", ".join(fact) or "none") if isinstance(fact, list) else fact


class Invalid(IctipError):
    """The caller's words are wrong."""

    code = "invalid"


class NotFound(IctipError):
    """No such thing within the caller's scope."""

    code = "not_found"


class Refused(IctipError):
    """Not allowed, or not safe."""

    code = "refused"


class Conflict(IctipError):
    """The state is not what the caller believed."""

    code = "conflict"


class Fault(IctipError):
    """A defect of ours or a damaged store."""

    code = "fault"


class Unavailable(IctipError):
    """The same call may succeed later."""

    code = "unavailable"
    retriable = True


# --- words ---------------------------------------------------------------------------------------------


class IdentifierMalformed(Invalid):
    """A text that cannot name anything of that kind."""

    code = "identifier_malformed"
    template = "That is no {kind}: it must match {expected}."
    hint = "Correct the text; codes and identifiers keep their leading zeros."


class LanguageUnknown(Invalid):
    """A language the version has no label in."""

    code = "language_unknown"
    template = "{scheme} {version} has no labels in {language}; it has {available}."
    hint = "Ask for one of those languages, or several in order of preference."


class CursorForeign(Invalid):
    """A cursor of another query, of another release, or of nothing."""

    code = "cursor_foreign"
    template = "The cursor given as {argument} does not belong to this query."
    hint = "Page with the cursors of this very query and its arguments, or start again without one."


class ArgumentOutOfRange(Invalid):
    """A depth, budget or page size out of its range."""

    code = "argument_out_of_range"
    template = "{argument} is {actual}; it may be {lowest} to {highest}."
    hint = "Ask again within that range."


def check_range(argument: str, actual: float, lowest: float, highest: float) -> None:
    """Return when the argument is within its bounds; raise `ArgumentOutOfRange` otherwise."""
    if not lowest <= actual <= highest:
        raise ArgumentOutOfRange(argument=argument, actual=actual, lowest=lowest, highest=highest)


class ArgumentsConflicting(Invalid):
    """Arguments that do not go together, or one that is missing."""

    code = "arguments_conflicting"
    template = "{arguments}: {rule}."
    hint = "Give the arguments as the rule says."


# --- the registry --------------------------------------------------------------------------------------


class SchemeUnknown(NotFound):
    """No scheme of that id."""

    code = "scheme_unknown"
    template = "There is no scheme {scheme}."
    hint = "List them with the query `schemes`."


class VersionUnknown(NotFound):
    """The scheme has no such version, or none in force on that date."""

    code = "version_unknown"
    template = "Scheme {scheme} has no version {version}; it has {available}."
    hint = "Ask for one of those, or leave the version out for the latest."


class CodeUnknown(NotFound):
    """The version has no such code."""

    code = "code_unknown"
    template = "{scheme} {version} has no code {item}."
    hint = "Codes are texts with their leading zeros; look one up with `searchConcepts`."


class UriUnknown(NotFound):
    """No published item of that URI."""

    code = "uri_unknown"
    template = "Nothing is published at that URI."
    hint = "URIs of items look like https://w3id.org/ictip/units/1.0/item/2.1."


class VariableUnknown(NotFound):
    """No variable of that code."""

    code = "variable_unknown"
    template = "There is no variable {variable}."
    hint = "List them with the query `variables`."


class ListNotBound(NotFound):
    """A variable that takes no codes, or took none on that date."""

    code = "list_not_bound"
    template = "Variable {variable} takes its values from no list {when}."
    hint = "List the variables with their lists with the query `variables`."


class VocabularyInvalid(Invalid):
    """Turtle that cannot become a scheme version: each finding names its rule and place.

    The fact ``findings`` holds them all, as texts; more than 100 are counted, not shown.
    """

    code = "vocabulary_invalid"
    template = "Errors in {source}: {count}; first {rule} at {place}."
    hint = "Run `ictip check FILE` for the whole list."


class VocabularyUnreadable(Invalid):
    """A text that is no RDF in the named format, or one that is refused before it is parsed."""

    code = "vocabulary_unreadable"
    template = "{source} cannot be read as {format}: {reason}."
    hint = "Correct the text; nothing is fetched, and neither document types nor deep nesting are accepted."


class ReleaseChanged(Conflict):
    """Another text under the name of a release that is already loaded."""

    code = "release_changed"
    template = "{release} is already released with digest {actual}; the text given has {given}."
    hint = "A release never changes: give the new text a new version or edition."


class ReleaseDamaged(Fault):
    """A stored release whose text no longer has its digest."""

    code = "release_damaged"
    template = "The stored text of {release} does not have its digest."
    hint = "Run `ictip check --store`, and restore the store from an export."


# --- revision ------------------------------------------------------------------------------------------


class TranslationUnavailable(NotFound):
    """No chain of correspondences joins the two versions."""

    code = "translation_unavailable"
    template = "No correspondence, nor a chain of them, leads from {source} to {target}."
    hint = "Load or declare one; `ictip translate` then follows it both ways."


class DiffForeign(Conflict):
    """A diff applied to another version than it was made from."""

    code = "diff_foreign"
    template = "That diff was made from {scheme} {expected}, not from this {actual}."
    hint = "Make the diff again from the version at hand."


class EditRefused(Invalid):
    """An edit that cannot be made to the draft as it is."""

    code = "edit_refused"
    template = "{edit} at {place} was not made: {rule}."
    hint = "Look at the draft as it is now, and edit again."


class MoveRefused(Conflict):
    """A stage that cannot be reached from where the draft is."""

    code = "move_refused"
    template = "From {stage} there is no way to {to}; there is one to {allowed}."
    hint = "Take one of those; the table of moves is in docs/revision.md."


class EditMalformed(Invalid):
    """JSON that is no edit."""

    code = "edit_malformed"
    template = "That is no edit: {place} should be {expected}."
    hint = "The edits and their fields are in docs/revision.md."


class DraftUnknown(NotFound):
    """No draft of that id."""

    code = "draft_unknown"
    template = "There is no draft {draft}."
    hint = "List them with the query `drafts`."


class CommentUnknown(NotFound):
    """No comment of that id on the draft."""

    code = "comment_unknown"
    template = "Draft {draft} has no comment {comment}."
    hint = "List them with the draft."


class AnswersRefused(Invalid):
    """Answers of a consultation that cannot be taken."""

    code = "answers_refused"
    template = "No answer was taken; faults: {count}, first {place}: {rule}."
    hint = "Correct each; nothing was kept of any of them."


class AnswersOpen(Conflict):
    """Answers of a consultation that came in while a release was being made."""

    code = "answers_open"
    template = "Answers on draft {draft} that came in meanwhile have no disposition: {count}; nothing was written."
    hint = "Say what becomes of each, and release again."


class VoiceRefused(Refused):
    """Somebody answers for an organisation that is not theirs to speak for."""

    code = "voice_refused"
    template = "{actor} does not speak for {organisation}."
    hint = "Answer for your own agency, as a focal point for your countries', or ask a custodian to record it."


class DraftChanged(Conflict):
    """Somebody changed the draft since it was looked at."""

    code = "draft_changed"
    template = "Draft {draft} is in state {actual}, not in {expected}; nothing was written."
    hint = "Look at it again, and repeat the change if it still fits."


class DraftNotEditable(Conflict):
    """An edit, comment or approval in a stage that takes none; a release takes none of them."""

    code = "draft_not_editable"
    template = "Draft {draft} is in stage {stage}, where that is not done."
    hint = "Edit in draft, comment in consultation or review, approve in review; of a release open a new draft."


class ReleaseRefused(Refused):
    """What the gate found; each finding names its rule and place."""

    code = "release_refused"
    template = "{scheme} {version} was not released; findings: {count}, first {rule} at {place}."
    hint = "Explain or mend each finding; the draft is as it was."


class RetirementRefused(Refused):
    """A version that cannot be superseded or withdrawn so."""

    code = "retirement_refused"
    template = "{release} stays as it is: {rule}."
    hint = "Name successors that hold, and bind variables to another list first."


class RegistryMoved(Conflict):
    """The registry changed while an act was being prepared."""

    code = "registry_moved"
    template = "The registry is at revision {actual}, not at {expected}; nothing was written."
    hint = "Look again, and repeat the act if it still fits."


class BaseSuperseded(Conflict):
    """A draft whose base is no longer the newest version."""

    code = "base_superseded"
    template = "The draft was made from {scheme} {base}, and {latest} has been released since."
    hint = "Open a draft from the newest version, and make the edits there."


class TableUnreadable(Invalid):
    """A CSV file or workbook that cannot be read, or is not safe to."""

    code = "table_unreadable"
    template = "{source} cannot be read as a table: {reason}."
    hint = "Save it anew as CSV in UTF-8 or as XLSX, one sheet, one row an item."


# --- cases ---------------------------------------------------------------------------------------------


class RecordUnknown(NotFound):
    """No such event, person or reporting entity within the caller's scope."""

    code = "record_unknown"
    template = "There is no {kind} of that id that you may see."
    hint = "Check the id; records outside your scope are answered the same way."


class RecodeBatchUnknown(NotFound):
    """No recode batch of that id that the caller made or that moved a record inside the caller's scope."""

    code = "recode_batch_unknown"
    template = "There is no recode batch {batch} that you may see."
    hint = "`ictip recode --batches` and GraphQL `recodeBatches` list them."


class RecodeUnclear(Invalid):
    """Nothing says from which version records are to be re-coded."""

    code = "recode_unclear"
    template = "Records hold {scheme} in {versions}: that does not say from which one to go to {target}."
    hint = "Name the version that the records hold: `--from`, or `source` in GraphQL."


class JudgementUnknown(NotFound):
    """No judgement about the pair that the actor sees: there is none, or one of the records lies outside scope."""

    code = "judgement_unknown"
    template = "There is no judgement that these records tell of the same {kind}."
    hint = "Ask judgements for the records first; only judgements between records in your scope can be withdrawn."


class AlreadyJudged(Conflict):
    """Somebody judged the pair before."""

    code = "already_judged"
    template = "These records are judged to tell of the same {kind} already."
    hint = "Ask judgements for who judged so and when; withdraw that one to judge on other grounds."


class GraphLibraryMissing(Refused):
    """A measure that needs igraph, where that optional library is not installed."""

    code = "graph_library_missing"
    template = "{measure} needs the optional library igraph, which this installation does not have."
    hint = "Whoever runs the server installs it with `pip install 'ictip[network]'` (its licence is the GPL)."


class AnalysisUnknown(NotFound):
    """No finished analysis of the whole graph that the actor may read."""

    code = "analysis_unknown"
    template = "There is no such analysis that you may read."
    hint = "`ictip network analyse` makes one; it is read with the right to every record that went in."


class SavedQueryUnknown(NotFound):
    """No saved query of that id that is the caller's or shared with them."""

    code = "saved_query_unknown"
    template = "There is no saved query of that id that is yours or shared with you."
    hint = "List them with the query `savedQueries`."


class SavedQueryUnreadable(Conflict):
    """A saved query that this version cannot read: another one kept it, with words that have changed since."""

    code = "saved_query_unreadable"
    template = "The saved query {id} was kept by another version and cannot be read."
    hint = "Its owner reads what was kept in `savedQueries { arguments }`, saves the question anew, and deletes this."


class NothingToFollow(Invalid):
    """A saved query without a start: nothing is near it."""

    code = "nothing_to_follow"
    template = "The saved query {id} has no start, so no link is near it."
    hint = "Save it around a start (`around`) and follow that, or ask it again with `runSavedQuery`."


class SavedQueriesFull(Conflict):
    """An account has as many saved queries as it may."""

    code = "saved_queries_full"
    template = "You have {limit} saved queries, which is the most."
    hint = "Delete one that is no longer needed."


class MemoryShort(Refused):
    """A job would need more memory than it is allowed."""

    code = "memory_short"
    template = "This needs up to {needed} MiB of memory; the limit is {limit} MiB."
    hint = "Give more with --memory, or go over the records of fewer agencies with --entity."


class MappingUnknown(NotFound):
    """No import mapping of that name."""

    code = "mapping_unknown"
    template = "There is no mapping {mapping}; there are {available}."
    hint = "Name one of those with --mapping."


# --- intake: the file as a whole (what is wrong with one row is a fault, ``registry.intake.model``) -------------


class FileNotWritable(Refused):
    """A file that was asked for cannot be made."""

    code = "file_not_writable"
    template = "{file} cannot be written ({reason})."
    hint = "Name a place where you may write."


class FormatUnknown(Invalid):
    """The file is something else than the mapping expects: a spreadsheet, a zip archive, UTF-16 text."""

    code = "format_unknown"
    template = "{file} is {actual}; the mapping expects {expected}."
    hint = "Save it in that form and try again."


class FileEmpty(Invalid):
    """Nothing in it, not even a header."""

    code = "file_empty"
    template = "{file} is empty; its first row must be the header."
    hint = "Ask the sender for the file again."


class FileTruncated(Invalid):
    """A compressed file that ends in the middle."""

    code = "file_truncated"
    template = "{file} ends in the middle of its compressed data, after row {row}."
    hint = "Transfer the file again and compare its size or digest with the sender's; nothing was imported."


class FileDamaged(Invalid):
    """Compressed data that cannot be read."""

    code = "file_damaged"
    template = "{file} holds damaged compressed data after row {row}."
    hint = "Transfer the file again and compare its digest with the sender's; nothing was imported."


class LineTooLong(Invalid):
    """A line beyond the named limit; reading stopped there, before the rest of it was in memory."""

    code = "line_too_long"
    template = "Row {row} of {file} is longer than {limit} bytes."
    hint = "Check the line ends and the quotes near that row; one record must fit one line of that length."


class HeaderInvalid(Invalid):
    """Columns missing, doubled or unknown. Unknown ones are told by position: without a header, values stand there."""

    code = "header_invalid"
    template = "Columns of {file} missing: {missing}; doubled: {doubled}; unknown, by position: {unknown}."
    hint = "Row 1 must name exactly the columns of the mapping, in any order, separated by commas."


class HeaderMalformed(Invalid):
    """A first row that cannot be read as a header at all."""

    code = "header_malformed"
    template = "Row 1 of {file} is no header: {expected}."
    hint = "See docs/import-format.md for what the first row must hold."


class FileChanged(Conflict):
    """Another digest than the one the check read."""

    code = "file_changed"
    template = "{file} changed while it was read."
    hint = "Let the writing of the file end, then import again: what was written already is recognised."


class BatchFaulty(Invalid):
    """An import of a file with faults, without leave to take the valid rows only."""

    code = "batch_faulty"
    template = "{file} has {faults} faults in {rows} rows, the first in row {row} ({first}); nothing was imported."
    hint = "Correct them (see the list), or import with --accept-valid-rows, which leaves out exactly those rows."


class MappingInvalid(Invalid):
    """A mapping file that cannot be used: the place in it and what was expected there."""

    code = "mapping_invalid"
    template = "The mapping {mapping} is wrong at {place}: expected {expected}."
    hint = "Correct the mapping; docs/import-mappings.md describes each key."


# --- access --------------------------------------------------------------------------------------------


class NotAllowed(Refused):
    """The actor holds no right to this kind of act (said of acts, never of records)."""

    code = "not_allowed"
    template = "{actor} may not {right}."
    hint = "Ask an administrator of keys for the right."


class CredentialsRefused(Refused):
    """A token or key that is not believed; which fault a key has is not told."""

    code = "credentials_refused"
    template = "The credentials were not accepted: {reason}."
    hint = "Sign in again, or ask an administrator of keys for a new key."


class PurposeMissing(Refused):
    """Case records asked for without saying what for, or for a purpose the account may not act for."""

    code = "purpose_missing"
    template = "To {right}, say what for: no purpose was stated that the account may act for."
    hint = "Send the header `Ictip-Purpose`: investigation, assistance, statistics, data-entry, oversight, maintenance."


class IssuerUnavailable(Unavailable):
    """The identity provider's keys cannot be fetched, so no token can be checked."""

    code = "issuer_unavailable"
    template = "The identity provider's keys cannot be fetched ({reason})."
    hint = "Try again in a moment; operators: check ICTIP_OIDC_ISSUER and the way there."


class AccessStale(Unavailable):
    """Whether rights were withdrawn meanwhile is not known, so nothing is answered on them."""

    code = "access_stale"
    template = "Rights were last confirmed {seconds} s ago; {limit} s is the most."
    hint = "Try again in a moment."


class SecretMissing(Refused):
    """A secret that must be configured, or one that is too short."""

    code = "secret_missing"
    template = "{secret} is not a secret of at least {bytes} bytes ({reason}); {setting} names its file."
    hint = "Write one to a file that only the service may read (`head -c 32 /dev/urandom | base64 > FILE`, mode 600)."


class SettingInvalid(Invalid):
    """A setting that cannot be read."""

    code = "setting_invalid"
    template = "{setting} cannot be read: {reason}."
    hint = "See `docs/security.md` for what it may hold."


class GrantUnknown(NotFound):
    """No such grant, opening or key."""

    code = "grant_unknown"
    template = "There is no {kind} of that id."
    hint = "List them first; ids are exact."


class SecondPersonNeeded(Refused):
    """Somebody approving what they asked for themselves."""

    code = "second_person_needed"
    template = "{actor} asked for it and may not approve it."
    hint = "Ask somebody else who holds the right."


class GrantNotOpen(Conflict):
    """A grant that was approved, revoked or has expired."""

    code = "grant_not_open"
    template = "That {kind} is {state}."
    hint = "Ask for a new one."


class AgencyNotNamed(Refused):
    """Acting for an agency with an account that works for none, or for several."""

    code = "agency_not_named"
    template = "{actor} works for no one agency, so it cannot act as one."
    hint = "Have the account's provider name it in the claim `ictip_agency`; on the command line give --as."


class ContactBudgetSpent(Unavailable):
    """An agency asked for contact as often as it may for now; its own doing alone, whatever anybody holds."""

    code = "contact_budget_spent"
    template = "{agency} made {limit} contact requests within {hours} hours, which is the most."
    hint = "Ask again when the oldest of them is a day old."


class IdentifiersUnfit(Invalid):
    """A contact request about a person by whose identifiers nobody could be found, or far too many."""

    code = "identifiers_unfit"
    template = (
        "Your records of that person tell {actual} documents, phones and accounts; a request rests on 1 to {limit}."
    )
    hint = "Send the record again with the identifiers that your agency holds of that person."


class AuditBroken(Fault):
    """The audit's chain does not hold: rows were changed, removed or put in."""

    code = "audit_broken"
    template = "The audit's chain breaks at row {number}: {reason}."
    hint = "Keep the store as it is, compare with the heads kept outside, and start an inquiry."


class AuditBacklog(Unavailable):
    """Audit rows wait faster than the store takes them, so nothing identified may leave."""

    code = "audit_backlog"
    template = "{waiting} audit rows wait for the store; no answer leaves before its row is kept."
    hint = "Try again in a moment."


class AuditRowsYoung(Refused):
    """A retention run over rows that must still be kept."""

    code = "audit_rows_young"
    template = "Block {block} holds rows that are not old enough to be removed; nothing was."
    hint = "Remove older blocks, or wait."


class AuditKeyMissing(Refused):
    """Sealing or verifying without the key of the chain."""

    code = "audit_key_missing"
    template = "The audit is sealed with a key that was not given."
    hint = "Name its file in ICTIP_AUDIT_KEY_FILE."


class RateExceeded(Unavailable):
    """More work than an actor may cause in this time."""

    code = "rate_exceeded"
    template = "{left} of {limit} ms of work are left; wait {seconds} s."
    hint = "Ask for less at a time, or less often; operators: ICTIP_ALLOWANCE_MS."


class RequestsExceeded(Unavailable):
    """More requests at once than an actor, or everybody together, may have under way."""

    code = "requests_exceeded"
    template = "{open} requests are under way ({whose}); {limit} is the most at once."
    hint = "Wait for answers before asking on; operators: ICTIP_REQUESTS, ICTIP_REQUESTS_AN_ACTOR."


class StreamsExceeded(Unavailable):
    """More open subscriptions than an actor, or everybody together, may have."""

    code = "streams_exceeded"
    template = "{open} subscriptions are open ({whose}); {limit} is the most."
    hint = "Close one, or follow several schemes with one; operators: ICTIP_STREAMS, ICTIP_STREAMS_AN_ACTOR."


class StandingChanged(Refused):
    """What the caller may do changed while a subscription was open."""

    code = "standing_changed"
    template = "What you may see changed since this subscription began, so it ended."
    hint = "Subscribe again after the last event's id; what you may see now decides."


class AddressNotLoopback(Refused):
    """Serving beyond loopback without authentication."""

    code = "address_not_loopback"
    template = (
        "Refused to listen on {host}: no authentication is configured, and everyone there would act as the local user."
    )
    hint = "Listen on 127.0.0.1, or configure authentication first."


# --- the store -----------------------------------------------------------------------------------------


class StoreUnavailable(Unavailable):
    """The engine does not answer."""

    code = "store_unavailable"
    template = "The store does not answer ({reason})."
    hint = "Try again in a moment; `/ready` tells when it is back."


class DeadlineExceeded(Unavailable):
    """A store call ran longer than it may."""

    code = "deadline_exceeded"
    template = "{query} ran longer than its {seconds} s and was stopped."
    hint = "Ask for less: a smaller depth, budget or page."


class WriteContended(Unavailable):
    """A write met other writes until its retries were used up."""

    code = "write_contended"
    template = "{query} met other writers {attempts} times and was given up; nothing was written."
    hint = "Try again in a moment."


class ValueTooLarge(Invalid):
    """One value larger than a request may be."""

    code = "value_too_large"
    template = "A value of {bytes} bytes was not sent; {limit} is the most."
    hint = "Split the value or leave it out."


class StoreSignInRefused(Refused):
    """The engine does not accept the user and password."""

    code = "store_sign_in_refused"
    template = "The store at {address} refused the sign-in as {user}."
    hint = "Set NEO4J_USER and NEO4J_PASSWORD to what the store accepts."


class FileTooLarge(Invalid):
    """A file of the command line that is larger than any of its kind is."""

    code = "file_too_large"
    template = "{file} has {bytes} bytes; {limit} is the most that is read."
    hint = "Deliver one scheme version a file; a workbook without pictures or empty rows."


class ValueNotStorable(Invalid):
    """A value that no property can hold: a lone surrogate, an integer past 64 bits, a mixed or nested list."""

    code = "value_not_storable"
    template = "A value given to {query} cannot be stored ({reason})."
    hint = "Texts are Unicode without lone surrogates, whole numbers have 64 bits, lists hold one kind and no null."


class StoreFault(Fault):
    """The store refused a statement of ours."""

    code = "store_fault"
    template = "The store refused {query} ({store_code})."
    hint = "Report it with the request id; nothing of that statement was written."


class QueryFileInvalid(Fault):
    """A Cypher file that breaks a rule of ours."""

    code = "query_file_invalid"
    template = "{source}: query {query} {rule}."
    hint = "Correct the file; the rules stand in registry/storage/bolt/named_queries.py."


class QueryMisused(Fault):
    """A named query run with other parameters, or in another mode, than its file declares."""

    code = "query_misused"
    template = "{query} was called wrongly: {rule}."
    hint = "Call it as its Cypher file declares."


class RowMalformed(Fault):
    """A stored row that does not hold what its query promises."""

    code = "row_malformed"
    template = "A stored row has no {expected} under {column}."
    hint = "Run `ictip check --store`."


class LeaseHeld(Unavailable):
    """Another bulk write is under way on this database."""

    code = "lease_held"
    template = "Another bulk write is under way ({holder}); it was waited for {seconds} s."
    hint = "Try again when it has ended; a dead one's lease runs out within a minute."


class LeaseLost(Conflict):
    """A bulk write paused for so long that another took its turn."""

    code = "lease_lost"
    template = "The bulk write {holder} lost its turn to another; its last chunk was not written."
    hint = "Run it again: what is stored already is not stored twice."


class SchemaNewer(Refused):
    """The store was written by a newer release of this software."""

    code = "schema_newer"
    template = "The store has schema version {actual}; this release knows up to {known}."
    hint = "Run the release that wrote it, or a newer one."


class InstallationForeign(Refused):
    """Tests or samples pointed at a database that is not marked theirs."""

    code = "installation_foreign"
    template = "The database is marked {actual}; {wanted} may not be written to it."
    hint = "Point at an empty database, or at one made for this."


class FolderOwned(Conflict):
    """A second process on one data folder."""

    code = "folder_owned"
    template = "The data folder is in use by process {owner}."
    hint = "Stop that process, or name another folder with --data."


class FolderWithoutStore(NotFound):
    """A command that needs records, pointed at a data folder in which no engine ever ran."""

    code = "folder_without_store"
    template = "There is no store in the data folder {folder}."
    hint = "Name another folder with --data; `ictip serve` and `ictip import` make one."


class EngineNotStarted(Unavailable):
    """The embedded engine ended or did not answer in time."""

    code = "engine_not_started"
    template = "The embedded engine did not start within {seconds} s ({reason})."
    hint = "See engine.log in the data folder; free the port or the memory it names."


class WorkerNotStarted(Fault):
    """A worker process ended, or did not answer in time."""

    code = "worker_not_started"
    template = "A worker did not start (exit code {code})."
    hint = "The lines logged before this one say why."


class PortTaken(Conflict):
    """Something else listens on the port."""

    code = "port_taken"
    template = "Port {port} on {host} is taken."
    hint = "Name another with --port, or stop what listens there."


# --- the doors -----------------------------------------------------------------------------------------


class RequestMalformed(Invalid):
    """A body that is no GraphQL request."""

    code = "request_malformed"
    template = "That is no GraphQL request: {reason}."
    hint = 'POST a JSON object with "query" and, if needed, "variables" and "operationName".'


class BatchRefused(Invalid):
    """Several requests in one body."""

    code = "batch_refused"
    template = "A list of {count} requests was sent; one at a time is answered."
    hint = "Send one request a body; one document may hold several root fields."


class DocumentMalformed(Invalid):
    """GraphQL that cannot be parsed."""

    code = "document_malformed"
    template = "The document cannot be parsed: {reason}."
    hint = "See `locations` for the line and column."


class DocumentInvalid(Invalid):
    """GraphQL that does not fit the schema."""

    code = "document_invalid"
    template = "{reason}"
    hint = "The schema is at `ictip schema`, and in GraphiQL where it is enabled."


class DocumentNotListed(Refused):
    """A document that is none of those an operator lets through."""

    code = "document_not_listed"
    template = "This server answers listed documents only, and this is none of them."
    hint = "Ask the operator to add it to the folder of ICTIP_DOCUMENTS; text and white space inside must be the same."


class DocumentUnknown(NotFound):
    """A digest of no listed document."""

    code = "document_unknown"
    template = "No listed document has the SHA-256 {digest}."
    hint = "Send the document itself as `query`, or ask the operator to add it to the folder of ICTIP_DOCUMENTS."


class DocumentTooCostly(Invalid):
    """A document past one of the limits, found before it is validated."""

    code = "document_too_costly"
    template = "The document has {actual} {measure}; {limit} is the most."
    hint = "Ask for less at a time; a whole code list is one field."


class OperationUnclear(Invalid):
    """Several operations and no name, or a name that none has."""

    code = "operation_unclear"
    template = "The document holds {count} operations and {reason}."
    hint = "Name one of them as `operationName`."


class VariablesInvalid(Invalid):
    """Variables that do not fit their declarations."""

    code = "variables_invalid"
    template = "{reason}"
    hint = "Give each variable a value of its declared type."


class MethodRefused(Refused):
    """A method the address does not take, or a GET that might have been forged."""

    code = "method_refused"
    template = "{method} is not answered there: {reason}."
    hint = "POST with `Content-Type: application/json`."


class MediaTypeRefused(Invalid):
    """A body of another kind than JSON in UTF-8."""

    code = "media_type_refused"
    template = "A body of that media type is not read."
    hint = "Send `Content-Type: application/json`, in UTF-8."


class AnswerTypeRefused(Invalid):
    """An Accept header that nothing we can write fits."""

    code = "answer_type_refused"
    template = "None of the media types asked for can be written; there are {available}."
    hint = "Send one of them as `Accept`."


class StreamNeeded(Invalid):
    """A subscription asked for in a media type that holds one answer only."""

    code = "stream_needed"
    template = "A subscription is answered as a stream of events only."
    hint = "Send `Accept: text/event-stream`."


class StreamOver(Unavailable):
    """A subscription that ended for the server's own reasons."""

    code = "stream_over"
    template = "The subscription ended: {reason}."
    hint = "Subscribe again with the last event's id as `Last-Event-ID` or `after`; nothing is missed."


class BodyTooLarge(Invalid):
    """A request body past the limit, refused before it is read."""

    code = "body_too_large"
    template = "The request's body is over {limit} bytes."
    hint = "Send less; `ictip import` takes records, `ictip draft import` a whole vocabulary."


class HostRefused(Refused):
    """A Host header this server does not answer to."""

    code = "host_refused"
    template = "This server does not answer to that host name."
    hint = "Use its own name; operators add names with ICTIP_ALLOWED_HOSTS."


class AddressUnknown(NotFound):
    """No page, download or query lives there."""

    code = "address_unknown"
    template = "Nothing is served at that address."
    hint = "The start page `/` lists what is here."


class NotReady(Unavailable):
    """The process lives, but cannot answer yet or any more."""

    code = "not_ready"
    template = "Not ready: {reason}."
    hint = "Try again in a moment."


class FileUnreadable(Invalid):
    """A file of the command line that cannot be read."""

    code = "file_unreadable"
    template = "{file} cannot be read: {reason}."
    hint = "Check the name and the permissions."


class Unexpected(Fault):
    """A defect; what went wrong stays in the log under the request id."""

    code = "unexpected"
    template = "Something went wrong on our side (request {request_id})."
    hint = "Report it with that request id."
