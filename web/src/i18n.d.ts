/** Makes the keys of `t()` checked by the compiler. A new feature adds one line. */
import "i18next";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "app";
    resources: {
      app: typeof import("./app/locales/zh.json")["default"];
      ui: typeof import("./ui/locales/zh.json")["default"];
      api: typeof import("./api/locales/zh.json")["default"];
      problems: typeof import("./api/problems/locales/zh.json")["default"];
      login: typeof import("./features/login/locales/zh.json")["default"];
      me: typeof import("./features/me/locales/zh.json")["default"];
      softphone: typeof import("./features/softphone/locales/zh.json")["default"];
      handover: typeof import("./features/softphone/handover/locales/zh.json")["default"];
      rests: typeof import("./features/softphone/rests/locales/zh.json")["default"];
      "rest-requests": typeof import("./features/supervision/rest-requests/locales/zh.json")["default"];
      "agent-life": typeof import("./features/admin/agent-life/locales/zh.json")["default"];
      supervision: typeof import("./features/supervision/locales/zh.json")["default"];
      rehearsal: typeof import("./features/admin/rehearsal/locales/zh.json")["default"];
      loans: typeof import("./features/loans/locales/zh.json")["default"];
      interventions: typeof import("./features/interventions/locales/zh.json")["default"];
      "customer-settings": typeof import("./features/admin/customer-settings/locales/zh.json")["default"];
      routing: typeof import("./features/admin/routing/locales/zh.json")["default"];
      "trial-call": typeof import("./features/admin/flows/trial-call/locales/zh.json")["default"];
      entries: typeof import("./features/admin/entries/locales/zh.json")["default"];
      "rule-trials": typeof import("./features/admin/rule-trials/locales/zh.json")["default"];
      duplicates: typeof import("./features/customers/duplicates/locales/zh.json")["default"];
      "number-lists": typeof import("./features/customers/number-lists/locales/zh.json")["default"];
      customers: typeof import("./features/customers/locales/zh.json")["default"];
      interactions: typeof import("./features/interactions/locales/zh.json")["default"];
      monitor: typeof import("./features/monitor/locales/zh.json")["default"];
      "queue-deferred": typeof import("./features/admin/queue-deferred/locales/zh.json")["default"];
      deferred: typeof import("./features/softphone/deferred/locales/zh.json")["default"];
      callbacks: typeof import("./features/callbacks/locales/zh.json")["default"];
      "flow-counters": typeof import("./features/admin/flows/flow-counters/locales/zh.json")["default"];
      ivr: typeof import("./features/ivr/locales/zh.json")["default"];
      surveys: typeof import("./features/surveys/locales/zh.json")["default"];
      recordings: typeof import("./features/recordings/locales/zh.json")["default"];
      admin: typeof import("./features/admin/locales/zh.json")["default"];
      audit: typeof import("./features/admin/audit/locales/zh.json")["default"];
      retention: typeof import("./features/admin/retention/locales/zh.json")["default"];
      holds: typeof import("./features/recordings/holds/locales/zh.json")["default"];
      embedding: typeof import("./features/embedding/locales/zh.json")["default"];
      integrations: typeof import("./features/admin/integrations/locales/zh.json")["default"];
      "file-exchange": typeof import("./features/admin/file-exchange/locales/zh.json")["default"];
      interfaces: typeof import("./features/admin/interfaces/locales/zh.json")["default"];
      privacy: typeof import("./features/privacy/locales/zh.json")["default"];
      "external-services": typeof import("./features/admin/external-services/locales/zh.json")["default"];
      speech: typeof import("./features/admin/speech/locales/zh.json")["default"];
      bans: typeof import("./features/admin/bans/locales/zh.json")["default"];
      notifications: typeof import("./features/notifications/locales/zh.json")["default"];
      timeline: typeof import("./features/timeline/locales/zh.json")["default"];
      tasks: typeof import("./features/tasks/locales/zh.json")["default"];
      announcements: typeof import("./features/announcements/locales/zh.json")["default"];
      care: typeof import("./features/care/locales/zh.json")["default"];
      organisation: typeof import("./features/admin/organisation/locales/zh.json")["default"];
      roles: typeof import("./features/admin/roles/locales/zh.json")["default"];
      people: typeof import("./features/admin/people/locales/zh.json")["default"];
      viewing: typeof import("./features/viewing/locales/zh.json")["default"];
      flows: typeof import("./features/admin/flows/locales/zh.json")["default"];
      setup: typeof import("./features/setup/locales/zh.json")["default"];
      "quick-replies": typeof import("./ui/quick-replies/locales/zh.json")["default"];
      assistance: typeof import("./features/admin/assistance/locales/zh.json")["default"];
      panels: typeof import("./features/desk/panels/locales/zh.json")["default"];
      palette: typeof import("./features/palette/locales/zh.json")["default"];
      exchange: typeof import("./features/exchange/locales/zh.json")["default"];
      known: typeof import("./features/desk/known/locales/zh.json")["default"];
      fields: typeof import("./features/admin/fields/locales/zh.json")["default"];
      "record-form": typeof import("./ui/record-form/locales/zh.json")["default"];
      "saved-views": typeof import("./ui/saved-views/locales/zh.json")["default"];
      "second-factor": typeof import("./ui/second-factor/locales/zh.json")["default"];
      sessions: typeof import("./ui/sessions/locales/zh.json")["default"];
      "sign-in": typeof import("./features/admin/sign-in/locales/zh.json")["default"];
      desk: typeof import("./features/desk/locales/zh.json")["default"];
    };
  }
}
