"""Every act of the house by one name, used for permission, move, operation, endpoint, log entry and test alike."""

from enum import StrEnum


class Action(StrEnum):
    """``thing:verb``."""

    # accounts
    PERSON_ASK_CODE = "person:ask-code"
    PERSON_SIGN_IN = "person:sign-in"
    PERSON_SIGN_OUT = "person:sign-out"
    PERSON_CREATE = "person:create"
    PERSON_LIST = "person:list"
    ORGANISATION_CREATE = "organisation:create"
    # the plan and the funds
    PLAN_LOAD = "plan:load"
    FUND_LOAD = "fund:load"
    ROUND_LIST = "round:list"
    FORMAT_ASK = "format:ask"
    FORMAT_LIST = "format:list"
    # applications
    APPLICATION_START = "application:start"
    APPLICATION_READ = "application:read"
    APPLICATION_EDIT = "application:edit"
    APPLICATION_SUBMIT = "application:submit"
    APPLICATION_WITHDRAW = "application:withdraw"
    APPLICATION_DELETE = "application:delete"
    APPLICATION_REMIND = "application:remind"
    EQUALITY_ANSWER = "equality:answer"
    EQUALITY_READ = "equality:read"
    MESSAGE_WRITE = "message:write"
    MESSAGE_LIST = "message:list"
    MESSAGE_ANSWER = "message:answer"
    SUBMISSION_LIST = "submission:list"
    SUBMISSION_READ = "submission:read"
    # assessment
    ASSESSMENT_LIST = "assessment:list"
    ASSESSMENT_ALLOCATE = "assessment:allocate"
    INTEREST_DECLARE = "interest:declare"
    ASSESSMENT_SCORE = "assessment:score"
    ASSESSMENT_FINISH = "assessment:finish"
    RESULT_LIST = "result:list"
    RESULT_SETTLE = "result:settle"
    # awards
    RECOMMENDATION_LIST = "recommendation:list"
    RECOMMENDATION_MAKE = "recommendation:make"
    DECISION_LIST = "decision:list"
    DECISION_TAKE = "decision:take"
    AWARD_LIST = "award:list"
    AWARD_READ = "award:read"
    AWARD_ACCEPT = "award:accept"
    AWARD_DECLINE = "award:decline"
    AWARD_IMPORT = "award:import"
    INSTALMENT_LIST = "instalment:list"
    # what grantees report
    RETURN_LIST = "return:list"
    RETURN_READ = "return:read"
    RETURN_EDIT = "return:edit"
    RETURN_SEND = "return:send"
    RETURN_ACCEPT = "return:accept"
    RETURN_SEND_BACK = "return:send-back"
    RETURN_REOPEN = "return:reopen"
    # payments
    GATE_MEET = "gate:meet"
    PAYMENT_LIST = "payment:list"
    PAYMENT_REQUEST = "payment:request"
    PAYMENT_APPROVE = "payment:approve"
    PAYMENT_REFUSE = "payment:refuse"
    PAYMENT_PAY = "payment:pay"
    # reports
    IMPACT_READ = "impact:read"
    WORKBOOK_EXPORT = "workbook:export"
    # the house itself
    PANEL_OPEN = "panel:open"
    HOME_READ = "home:read"
    LOG_LIST = "log:list"
    MAIL_SEND = "mail:send"
