import { Button } from "antd";
import { History } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { HistoryKind } from "./resources";

const HistoryDrawer = lazy(async () => ({ default: (await import("./HistoryDrawer")).HistoryDrawer }));

/** Opens what was changed here, by whom, with "put back". */
export function HistoryButton({ kind, subject = "" }: { kind: HistoryKind; subject?: string }) {
  const { t } = useTranslation("routing");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon={<History size={16} />} onClick={() => setOpen(true)}>
        {t("history.open")}
      </Button>
      {isOpen && (
        <Suspense>
          <HistoryDrawer kind={kind} subject={subject} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
