import { useTranslation } from "react-i18next";
import type { FlowGraph, FlowNode } from "../model/graph";
import { lookOf } from "../model/kind-looks";
import { type Branch, type Sequence, type Step, toOutline } from "../model/outline";
import { useKinds } from "../model/useKinds";
import { ExitLabel } from "./ExitLabel";
import styles from "./FlowOutline.module.css";

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
  const { kinds, isPending } = useKinds();
  if (isPending) return null;
  const { main, besides, unreachable } = toOutline(graph, kinds);
  return (
    <div className={styles.outline}>
      <SequenceList sequence={main} {...rest} />
      {besides.map((sequence) => (
        <SequenceList key={sequence.steps[0]?.node.id} sequence={sequence} {...rest} />
      ))}
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
              <BranchLabel branch={branch} node={step.node} />
              <SequenceList sequence={branch} {...rest} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function BranchLabel({ branch: { exit }, node }: { branch: Branch; node: FlowNode }) {
  const { exitOf } = useKinds();
  return (
    <span className={styles.exit}>
      <ExitLabel exit={exitOf(node, exit)} />
    </span>
  );
}

function StepCard({
  node,
  number,
  detailOf,
  troubled,
  onNode,
}: Shared & { node: FlowNode; number?: number }) {
  const { nameOf } = useKinds();
  const { icon: Icon, tone } = lookOf(node.kind);
  const detail = detailOf(node);
  return (
    <button
      type="button"
      className={styles.step}
      data-tone={tone}
      data-troubled={troubled.has(node.id)}
      onClick={() => onNode?.(node.id)}
    >
      <span className={styles.icon}>
        <Icon size={16} aria-hidden />
      </span>
      <span className={styles.words}>
        <b>
          {number !== undefined && `${number}. `}
          {nameOf(node.kind)}
        </b>
        {detail && <span className={styles.detail}>{detail}</span>}
      </span>
      <code className={styles.id}>{node.id}</code>
    </button>
  );
}
