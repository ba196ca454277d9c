import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { FlaskConical } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Queue } from "../model/api";
import { allQueues } from "../model/queries";
import type { QueueChanges } from "./resources";

const TryDrawer = lazy(async () => ({ default: (await import("./TryDrawer")).TryDrawer }));

/** Opens the rehearsal of a queue with what stands in its form. */
export function TryButton({ queue, changesOf }: { queue: Queue; changesOf: () => QueueChanges }) {
  const { t } = useTranslation("rehearsal");
  const queues = useQuery(allQueues).data ?? [queue];
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon={<FlaskConical size={16} />} onClick={() => setOpen(true)}>
        {t("tryThese")}
      </Button>
      {isOpen && (
        <Suspense>
          <TryDrawer queue={queue} queues={queues} changesOf={changesOf} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
