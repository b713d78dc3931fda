"""How an entry of the log is said in words."""

from spatc_funds.policy.actions import Action

SENTENCES = {
    Action.PERSON_CREATE: "created the account of",
    Action.PERSON_ASK_CODE: "was sent a code to sign in",
    Action.PERSON_SIGN_IN: "signed in",
    Action.PERSON_SIGN_OUT: "signed out",
    Action.ORGANISATION_CREATE: "added the organisation",
    Action.PLAN_LOAD: "loaded the plan",
    Action.FUND_LOAD: "loaded funds and rounds",
    Action.FORMAT_ASK: "was asked for another format of",
    Action.APPLICATION_START: "started the application",
    Action.APPLICATION_EDIT: "changed the application",
    Action.APPLICATION_SUBMIT: "sent the application",
    Action.APPLICATION_REOPEN: "opened what was sent, to change it:",
    Action.APPLICATION_RESTORE: "put back what was sent of",
    Action.APPLICATION_WITHDRAW: "withdrew the application",
    Action.APPLICATION_DELETE: "deleted the draft",
    Action.APPLICATION_REMIND: "reminded the group of the draft",
    Action.EQUALITY_ANSWER: "answered the optional equality questions after sending",
    Action.MESSAGE_WRITE: "wrote to the officers about",
    Action.MESSAGE_ANSWER: "wrote to the group about",
    Action.ASSESSMENT_ALLOCATE: "allocated assessors to",
    Action.INTEREST_DECLARE: "declared their interest in",
    Action.ASSESSMENT_SCORE: "saved scores for",
    Action.ASSESSMENT_FINISH: "made their scores final for",
    Action.RESULT_SETTLE: "settled the result of",
    Action.RECOMMENDATION_MAKE: "recorded the board's recommendation for",
    Action.DECISION_TAKE: "decided",
    Action.AWARD_ACCEPT: "accepted the award",
    Action.AWARD_DECLINE: "turned down the award",
    Action.AWARD_IMPORT: "imported awards from",
    Action.RETURN_EDIT: "changed the return",
    Action.RETURN_SEND: "sent the return",
    Action.RETURN_ACCEPT: "accepted the return",
    Action.RETURN_SEND_BACK: "sent the return back",
    Action.RETURN_REOPEN: "reopened the return",
    Action.GATE_MEET: "recorded that a payment condition is met for",
    Action.PAYMENT_REQUEST: "requested the payment",
    Action.PAYMENT_APPROVE: "approved the payment",
    Action.PAYMENT_REFUSE: "refused the payment",
    Action.PAYMENT_PAY: "marked as paid",
    Action.MAIL_SEND: "sent mail",
}


def sentence(action: str) -> str:
    """The act in words, without who and what."""
    return SENTENCES[Action(action)]
