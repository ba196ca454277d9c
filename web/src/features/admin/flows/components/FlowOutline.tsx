import {
  CircleDot,
  Clock,
  Grid3x3,
  type LucideIcon,
  PhoneForwarded,
  PhoneOff,
  Play,
  Shapes,
  Smile,
  Users,
  Voicemail,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { type FlowGraph, type FlowNode, isKnownKind, type Kind } from "../model/graph";
import { type Branch, type Sequence, type Step, toOutline } from "../model/outline";
import { useExitName } from "../model/useExitName";
import styles from "./FlowOutline.module.css";

const ICONS: Record<Kind, LucideIcon> = {
  start: CircleDot,
  hours: Clock,
  play: Play,
  menu: Grid3x3,
  queue: Users,
  voicemail: Voicemail,
  callback: PhoneForwarded,
  rate: Smile,
  hang_up: PhoneOff,
};

interface Props {
  graph: FlowGraph;
  detailOf: (node: FlowNode) => string;
  /** Nodes to mark: something is wrong there. */
  troubled: ReadonlySet<string>;
  onNode?: (id: string) => void;
}

/** The flow as a caller meets it: numbered steps, a branch for every way it can go. */
export function FlowOutline({ graph, ...rest }: Props) {
  const { t } = useTranslation("flows");
  const { main, unreachable } = toOutline(graph);
  return (
    <div className={styles.outline}>
      <SequenceList sequence={main} {...rest} />
      {unreachable.length > 0 && (
        <section>
          <h3 className={styles.lost}>{t("outline.unreachable")}</h3>
          <ul className={styles.steps}>
            {unreachable.map((node) => (
              <li key={node.id}>
                <StepCard node={node} {...rest} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

type Shared = Omit<Props, "graph">;

function SequenceList({ sequence: { steps, end }, ...rest }: Shared & { sequence: Sequence }) {
  const { t } = useTranslation("flows");
  return (
    <>
      {steps.length > 0 && (
        <ol className={styles.steps}>
          {steps.map((step) => (
            <StepItem key={step.node.id} step={step} {...rest} />
          ))}
        </ol>
      )}
      {end.kind === "jump" && <p className={styles.jump}>{t("outline.jump", { number: end.to })}</p>}
      {end.kind === "open" && <p className={styles.hole}>{t("outline.open")}</p>}
    </>
  );
}

function StepItem({ step, ...rest }: Shared & { step: Step }) {
  return (
    <li id={`step-${step.number}`}>
      <StepCard node={step.node} number={step.number} {...rest} />
      {step.branches.length > 0 && (
        <ul className={styles.branches}>
          {step.branches.map((branch) => (
            <li key={branch.exit}>
              <BranchLabel branch={branch} kind={step.node.kind} />
              <SequenceList sequence={branch} {...rest} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function BranchLabel({ branch: { exit, label }, kind }: { branch: Branch; kind: string }) {
  const exitName = useExitName();
  if (kind === "menu" && exit.length === 1)
    return (
      <span className={styles.exit}>
        <kbd>{exit}</kbd> {label}
      </span>
    );
  return <span className={styles.exit}>{exitName(kind, exit)}</span>;
}

function StepCard({
  node,
  number,
  detailOf,
  troubled,
  onNode,
}: Shared & { node: FlowNode; number?: number }) {
  const { t } = useTranslation("flows");
  const Icon = isKnownKind(node.kind) ? ICONS[node.kind] : Shapes;
  const detail = detailOf(node);
  return (
    <button
      type="button"
      className={styles.step}
      data-kind={node.kind}
      data-troubled={troubled.has(node.id)}
      onClick={() => onNode?.(node.id)}
    >
      <span className={styles.icon}>
        <Icon size={16} aria-hidden />
      </span>
      <span className={styles.words}>
        <b>
          {number !== undefined && `${number}. `}
          {isKnownKind(node.kind) ? t(`kinds.${node.kind}`) : node.kind}
        </b>
        {detail && <span className={styles.detail}>{detail}</span>}
      </span>
      <code className={styles.id}>{node.id}</code>
    </button>
  );
}
