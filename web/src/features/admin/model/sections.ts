import {
  Activity,
  ArchiveRestore,
  ArrowLeftRight,
  AudioLines,
  Building2,
  ClipboardCheck,
  Clock,
  Coffee,
  Crown,
  Eraser,
  FileClock,
  FileDown,
  FileSpreadsheet,
  FlaskConical,
  FolderSync,
  FormInput,
  Gift,
  GitCompareArrows,
  Grid3x3,
  Hash,
  Hourglass,
  Inbox,
  KeyRound,
  Layers,
  ListChecks,
  ListTree,
  LogIn,
  type LucideIcon,
  MessageSquare,
  MessageSquareQuote,
  Network,
  Package,
  PanelTop,
  Phone,
  PhoneForwarded,
  PhoneOutgoing,
  Plug,
  Scale,
  ScrollText,
  Send,
  ShieldBan,
  ShieldCheck,
  Signpost,
  Split,
  Tags,
  Unplug,
  Users,
  UsersRound,
  Webhook,
  Workflow,
} from "lucide-react";

export type SectionName =
  | "setup"
  | "company"
  | "users"
  | "organisation"
  | "roles"
  | "queues"
  | "skill-matrix"
  | "contact-classes"
  | "routing-rules"
  | "try-routing"
  | "entries"
  | "rule-trials"
  | "numbers"
  | "trunks"
  | "telephones"
  | "outbound"
  | "flows"
  | "hours"
  | "prompts"
  | "reasons"
  | "rest-rules"
  | "dispositions"
  | "fields"
  | "classes"
  | "tags"
  | "products"
  | "checklists"
  | "recommendations"
  | "replies"
  | "imports"
  | "exports"
  | "keys"
  | "external-services"
  | "flow-messages"
  | "webhooks"
  | "deliveries"
  | "connectors"
  | "connector-tasks"
  | "screen-pop"
  | "inbound"
  | "embedding"
  | "interfaces"
  | "speech"
  | "file-exchange"
  | "file-runs"
  | "sign-in"
  | "retention"
  | "erasures"
  | "audit"
  | "bans";

export interface Section {
  name: SectionName;
  icon: LucideIcon;
}

export interface SectionGroup {
  name: "begin" | "people" | "lines" | "routing" | "desk" | "integrations" | "security";
  sections: readonly Section[];
}

/** The list at the left of the settings, in the order in which a centre is set up. */
export const sectionGroups: readonly SectionGroup[] = [
  {
    name: "begin",
    sections: [
      { name: "setup", icon: ListChecks },
      { name: "company", icon: Building2 },
    ],
  },
  {
    name: "people",
    sections: [
      { name: "users", icon: Users },
      { name: "organisation", icon: Network },
      { name: "roles", icon: ShieldCheck },
      { name: "queues", icon: UsersRound },
      { name: "skill-matrix", icon: Grid3x3 },
      { name: "imports", icon: FileSpreadsheet },
      { name: "exports", icon: FileDown },
    ],
  },
  {
    name: "lines",
    sections: [
      { name: "numbers", icon: Hash },
      { name: "trunks", icon: Split },
      { name: "telephones", icon: Phone },
      { name: "outbound", icon: PhoneOutgoing },
    ],
  },
  {
    name: "routing",
    sections: [
      { name: "contact-classes", icon: Crown },
      { name: "routing-rules", icon: Scale },
      { name: "try-routing", icon: FlaskConical },
      { name: "rule-trials", icon: GitCompareArrows },
      { name: "entries", icon: Signpost },
      { name: "flows", icon: Workflow },
      { name: "hours", icon: Clock },
      { name: "prompts", icon: AudioLines },
    ],
  },
  {
    name: "desk",
    sections: [
      { name: "reasons", icon: Coffee },
      { name: "rest-rules", icon: Hourglass },
      { name: "dispositions", icon: ListTree },
      { name: "fields", icon: FormInput },
      { name: "classes", icon: Layers },
      { name: "tags", icon: Tags },
      { name: "products", icon: Package },
      { name: "checklists", icon: ClipboardCheck },
      { name: "recommendations", icon: Gift },
      { name: "replies", icon: MessageSquareQuote },
    ],
  },
  {
    name: "integrations",
    sections: [
      { name: "interfaces", icon: Activity },
      { name: "external-services", icon: Unplug },
      { name: "speech", icon: AudioLines },
      { name: "flow-messages", icon: MessageSquare },
      { name: "keys", icon: KeyRound },
      { name: "webhooks", icon: Webhook },
      { name: "deliveries", icon: Send },
      { name: "inbound", icon: Inbox },
      { name: "connectors", icon: Plug },
      { name: "connector-tasks", icon: ArrowLeftRight },
      { name: "file-exchange", icon: FolderSync },
      { name: "file-runs", icon: FileClock },
      { name: "screen-pop", icon: PanelTop },
      { name: "embedding", icon: PhoneForwarded },
    ],
  },
  {
    name: "security",
    sections: [
      { name: "sign-in", icon: LogIn },
      { name: "retention", icon: ArchiveRestore },
      { name: "erasures", icon: Eraser },
      { name: "audit", icon: ScrollText },
      { name: "bans", icon: ShieldBan },
    ],
  },
];

/** The groups with the sections whose words contain every word of `search`; groups left empty go. */
export function findSections(
  search: string,
  wordsOf: (name: SectionName) => string,
): readonly SectionGroup[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  return sectionGroups
    .map((group) => ({
      ...group,
      sections: group.sections.filter(({ name }) => {
        const words = wordsOf(name).toLowerCase();
        return wanted.every((word) => words.includes(word));
      }),
    }))
    .filter((group) => group.sections.length > 0);
}
