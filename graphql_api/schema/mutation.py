"""All that can be changed, in one place.

Each act lives with its room's other fields; a payload carries faults as data.
"""

from __future__ import annotations

import strawberry

from graphql_api.schema import access, consultation, drafting, exchange, judgements, recoding, releasing, saved
from graphql_api.schema.access import CaseGrantPayload, KeyPayload, OpeningPayload
from graphql_api.schema.drafting import DraftPayload
from graphql_api.schema.exchange import AnswerPayload, ContactPayload, ReferralPayload
from graphql_api.schema.judgements import Judgement
from graphql_api.schema.reading import computed
from graphql_api.schema.recoding import RecodePayload
from graphql_api.schema.releasing import ReleasePayload, RetirementPayload
from graphql_api.schema.saved import SavedQuery


@strawberry.type(description="All that can be changed.")
class Mutation:
    """The acts of every room."""

    open_draft: DraftPayload = computed(drafting.open_draft, "Open a draft of a scheme's newest version.")
    edit_draft: DraftPayload = computed(drafting.edit_draft, "Make edits, all or none; each fault names its field.")
    import_version: DraftPayload = computed(
        drafting.import_version,
        "Replace a draft's content by a whole version in Turtle, N-Triples, JSON-LD, RDF/XML, CSV or XLSX: first a dry "
        "run that tells every fault by row and column and the diff it would cause, then with `accept`.",
    )
    undo_edits: DraftPayload = computed(drafting.undo_edits, "Undo the last edits; they stay on record.")
    move_draft: DraftPayload = computed(drafting.move_draft, "Send a draft into another stage.")
    approve_draft: DraftPayload = computed(drafting.approve_draft, "Approve a draft's present state.")
    comment_draft: DraftPayload = computed(
        consultation.comment_draft,
        "Record what organisations say, all or none: your own agency, or as a focal point those of your countries.",
    )
    import_answers: DraftPayload = computed(
        consultation.import_answers, "Record the answers of a questionnaire that came back, all or none."
    )
    dispose_comment: DraftPayload = computed(consultation.dispose_comment, "Say what became of a comment, and why.")
    release_draft: ReleasePayload = computed(
        releasing.release_draft, "Release a draft that is in review, with its correspondence; every finding is data."
    )
    retire_version: RetirementPayload = computed(
        releasing.retire_version, "Supersede or withdraw a released version, which answers for ever all the same."
    )
    recode: RecodePayload = computed(
        recoding.recode, "Move stored records that you may import to a release of a list; each keeps its old codes."
    )
    undo_recode: int = computed(recoding.undo_recode, "Give a recode batch's records their old codes back; how many.")
    save_query: SavedQuery = computed(saved.save_query, "Keep a question about networks by name, never its answer.")
    change_saved_query: SavedQuery = computed(
        saved.change_saved_query, "Rename a saved query of yours, or share it otherwise."
    )
    delete_saved_query: bool = computed(saved.delete_saved_query, "Forget a saved query of yours.")
    grant_case: CaseGrantPayload = computed(
        access.grant_case, "Let an account see one event of its scope, until a moment."
    )
    revoke_grant: CaseGrantPayload = computed(access.revoke_grant, "End a case grant before its time.")
    ask_opening: OpeningPayload = computed(
        access.ask_opening,
        "Ask to see one event out of scope in an emergency; the answer is the same if there is no such event.",
    )
    approve_opening: OpeningPayload = computed(
        access.approve_opening, "Approve what somebody else asked for: the second person."
    )
    revoke_opening: OpeningPayload = computed(access.revoke_opening, "End an emergency opening, or its asking.")
    create_key: KeyPayload = computed(access.create_key, "Make an API key; its text is in this answer alone.")
    revoke_key: KeyPayload = computed(access.revoke_key, "End an API key at once.")
    refer_case: ReferralPayload = computed(
        exchange.refer_case, "Offer a case that your agency holds to another; it moves when they accept."
    )
    accept_referral: ReferralPayload = computed(
        exchange.accept_referral, "Take a case over: your agency holds it then."
    )
    refuse_referral: ReferralPayload = computed(exchange.refuse_referral, "Leave a case with who offers it.")
    withdraw_referral: ReferralPayload = computed(exchange.withdraw_referral, "Take an offer of your agency back.")
    mark_informant: bool = computed(
        exchange.mark_informant,
        "Mark an event that your agency holds as an informant's: only who is cleared for these sees it from then on. "
        "Whether it is marked now.",
    )
    request_contact: ContactPayload = computed(
        exchange.request_contact,
        "Ask whether another agency holds a person of yours; the answer is the same whether or not one does.",
    )
    withdraw_contact: ContactPayload = computed(exchange.withdraw_contact, "End a contact request of your agency.")
    answer_contact: AnswerPayload = computed(
        exchange.answer_contact, "Answer a contact request that hits a record of yours; a decline is told to nobody."
    )
    judge_same: Judgement = computed(
        judgements.judge_same, "Judge that two records tell of the same person or event; they stay two records."
    )
    withdraw_judgement: Judgement = computed(
        judgements.withdraw_judgement, "Take a judgement back, whoever made it; both records stay as they are."
    )
