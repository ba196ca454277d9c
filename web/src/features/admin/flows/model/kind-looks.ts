import {
  Calculator,
  CalendarClock,
  CircleAlert,
  CircleDot,
  Clock,
  CreditCard,
  Database,
  GitBranch,
  Globe,
  Grid3x3,
  Hash,
  Languages,
  type LucideIcon,
  MessageSquare,
  Mic,
  PhoneForwarded,
  PhoneOff,
  PhoneOutgoing,
  Play,
  Repeat,
  Shapes,
  ShieldCheck,
  Smile,
  Split,
  UserSearch,
  Users,
  Voicemail,
  Volume2,
  Workflow,
  Zap,
} from "lucide-react";

/** The colours of a step's icon: of the tokens `--TONE` and `--TONE-soft`. */
export type Tone = "ready" | "talk" | "acw" | "break" | "ring" | "off";

export interface Look {
  icon: LucideIcon;
  tone: Tone;
}

/** What needs no more than the usual look stands here not at all. */
const LOOKS: Readonly<Record<string, Look>> = {
  start: { icon: CircleDot, tone: "ready" },
  hours: { icon: Clock, tone: "acw" },
  condition: { icon: GitBranch, tone: "acw" },
  split: { icon: Split, tone: "acw" },
  loop: { icon: Repeat, tone: "acw" },
  caller_class: { icon: UserSearch, tone: "acw" },
  play: { icon: Play, tone: "talk" },
  say: { icon: Volume2, tone: "talk" },
  recognise: { icon: Mic, tone: "break" },
  menu: { icon: Grid3x3, tone: "break" },
  collect: { icon: Hash, tone: "break" },
  language: { icon: Languages, tone: "talk" },
  consent: { icon: ShieldCheck, tone: "break" },
  rate: { icon: Smile, tone: "break" },
  set: { icon: Calculator, tone: "off" },
  customer: { icon: UserSearch, tone: "off" },
  http: { icon: Globe, tone: "off" },
  query: { icon: Database, tone: "off" },
  message: { icon: MessageSquare, tone: "talk" },
  payment: { icon: CreditCard, tone: "break" },
  queue: { icon: Users, tone: "ready" },
  voicemail: { icon: Voicemail, tone: "ready" },
  callback: { icon: PhoneForwarded, tone: "ready" },
  booking: { icon: CalendarClock, tone: "ready" },
  transfer: { icon: PhoneOutgoing, tone: "ready" },
  sub_flow: { icon: Workflow, tone: "off" },
  shortcut: { icon: Zap, tone: "ready" },
  on_error: { icon: CircleAlert, tone: "ring" },
  hang_up: { icon: PhoneOff, tone: "ring" },
};
const USUAL: Look = { icon: Shapes, tone: "off" };

export function lookOf(kind: string): Look {
  return LOOKS[kind] ?? USUAL;
}
