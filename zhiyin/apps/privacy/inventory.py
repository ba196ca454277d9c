"""Where personal data of customers stand: what each table's words are, and what an erasure does with them.

A test walks all tables of the database. One that can hold words and is not named here fails it, so that a table that is
added cannot be forgotten.
"""

from __future__ import annotations

#: rows of one customer: removed or emptied by the app's own ``forget_customer`` (``settings.PERSONAL_DATA``)
FORGOTTEN_BY_APP: dict[str, str] = {
    **dict.fromkeys(
        (
            "customers_customer",
            "customers_customernumber",
            "customers_customeremail",
            "customers_customeraddress",
            "customers_searchentry",
            "customers_ownedproduct",
            "customers_relation",
            "customers_consent",
            "customers_listentry",
            "customers_customermerge",
            "customers_duplicatepair",
            "customers_poolmove",
        ),
        "customers",
    ),
    "fields_fieldkey": "customers",
    "event_personal": "interactions",
    "interactions_wrapup": "interactions",
    "assistance_recommendationanswer": "assistance",
    "assistance_checklisttick": "assistance",
    "recordings_file": "recordings",
    "recordings_removal": "recordings",
    "followups_note": "followups",
    "followups_noterevision": "followups",
    "followups_followup": "followups",
    "notifications_notification": "notifications",
    "exchange_importrow": "exchange",
    "exchange_import": "exchange",
    "exchange_storedfile": "exchange",
    "exchange_filepart": "exchange",
    "exchange_export": "exchange",
    "exchange_exportpiece": "exchange",
    "integrations_delivery": "integrations",
    "integrations_event": "integrations",
    "integrations_inboundcall": "integrations",
    "integrations_connectorlink": "integrations",
    "audit_entry": "audit",
}
#: words about customers may have been typed here: the person's are replaced wherever they stand
SWEPT_ONLY = frozenset(
    {"views_savedview", "views_viewpreference", "assistance_quickreply", "assistance_recommendation"}
    | {"assistance_checklist", "assistance_deskpreferences", "recordings_hold", "followups_carerule"}
    | {
        "interactions_missedhandling",
        "exchange_rememberedmapping",
        "exchange_fileplan",
        "exchange_filerun",
        "fields_layout",
        "fields_fielddefinition",
    }
    | {"customers_customerclass", "customers_tag", "customers_product", "customers_duplicatesearch"}
    | {"accounts_absence", "flows_flow", "flows_flowversion", "flows_flowtest", "integrations_inboundhook"}
)
#: apps whose tables hold words of colleagues: swept like those above
SWEPT_APPS = frozenset({"announcements"})
#: apps whose tables are of employees and their logins alone
STAFF_APPS = frozenset({"accounts", "signin"})
#: table -> why no customer's data can stand in it
NEVER: dict[str, str] = {
    **dict.fromkeys(
        ("interaction", "segment", "agent_state_span", "recording", "interactions_customerlink", "deferred_contact"),
        "ids and references into event_personal: what figures are counted from",
    ),
    **dict.fromkeys(
        ("event_log", "open_stream", "agent_checkpoint", "engine_day_checkpoint", "engine_settings"),
        "the log names nobody; references only",
    ),
    **dict.fromkeys(("surveys_survey", "surveys_surveyanswer"), "ids of contacts, and scores"),
    **dict.fromkeys(("flow_traffic_nodetraffic", "flow_traffic_waytraffic"), "counts of steps of flows"),
    **dict.fromkeys(("flow_traffic_flowfailure", "flow_traffic_whereabouts"), "ids of contacts and steps of flows"),
    **dict.fromkeys(("engine_lease", "projection_cursor", "installation", "django_migrations"), "the installation's"),
    "part_pulse": "what the installation's parts tell of themselves",
    **dict.fromkeys(
        (
            "accounts_department",
            "accounts_team",
            "accounts_site",
            "accounts_role",
            "accounts_user",
            "accounts_loginsession",
            "accounts_loginfailure",
            "signin_signinpolicy",
            "signin_secondfactor",
            "signin_recoverycode",
            "flows_flowediting",
            "django_session",
        ),
        "employees and their logins",
    ),
    **dict.fromkeys(
        (
            "queues_queue",
            "queues_loan",
            "queues_reason",
            "queues_disposition",
            "routing_contactclass",
            "routing_routingpolicy",
            "trials_ruletrial",
            "entries_entryrule",
            "routing_restpolicy",
            "flows_hours",
            "flows_promptversion",
            "channels_number",
            "channels_trunk",
            "channels_telephone",
            "channels_outboundpolicy",
            "exchange_exportpolicy",
            "setup_setupstate",
            "notifications_preference",
            "tenancy_tenant",
            "integrations_apikey",
            "integrations_webhook",
            "integrations_connector",
            "external_services_externalservice",
            "integrations_screenaddress",
            "integrations_telephoneembedding",
        ),
        "settings of the company",
    ),
    "external_services_flowmessage": "ids and codes: to whom and what stands in event_personal",
    "integrations_connectortask": "ids and codes: what another system was told is read when it is told",
    "channels_guestcall": "addresses of the last minutes, removed by themselves",
    "audit_seal": "hashes",
    "audit_verification": "places in the chain",
    **dict.fromkeys(
        ("procrastinate_jobs", "procrastinate_workers", "procrastinate_events", "procrastinate_periodic_defers"),
        "orders to the worker, by ids",
    ),
    "privacy_touched": "ids, until the erasure is done",
    "privacy_erasure": "the certificate: ids, counts and a reason that names nobody; its words are sealed until done",
}
