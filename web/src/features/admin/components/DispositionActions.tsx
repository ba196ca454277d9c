import { App, Button, Tooltip } from "antd";
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { type Disposition, dispositions } from "../model/api";
import { type DispositionNode, idsBelow } from "../model/disposition-tree";
import { movesFor } from "../model/order";
import { useMoves } from "../model/useMoves";
import { MoveButtons } from "./MoveButtons";
import { RowActions } from "./RowActions";

interface Props {
  row: DispositionNode;
  rows: readonly Disposition[];
  /** While searching, neighbours are hidden: there is no order to change. */
  isSearching: boolean;
  onOpen: (record: number | string) => void;
}

/** Order, a new one below, rename, delete with all below. */
export function DispositionActions({ row, rows, isSearching, onOpen }: Props) {
  const { t, i18n } = useTranslation("admin");
  const { message } = App.useApp();
  const moves = useMoves(({ id, position }) => dispositions.change(id, { position }));
  const name = localName(row, i18n.language);
  const siblings = rows.filter((other) => other.parent_id === row.parent_id);
  return (
    <RowActions
      name={name}
      hint={t("dispositions.removeHint", { count: idsBelow(rows, row.id).size - 1 })}
      onEdit={() => onOpen(row.id)}
      onRemove={async () => {
        await dispositions.remove(row.id);
        message.success(t("list.removed", { name }));
      }}
    >
      {!isSearching && (
        <MoveButtons
          name={name}
          isFirst={row.isFirst}
          isLast={row.isLast}
          onMove={(by) => moves.mutate(movesFor(siblings, row.id, by))}
        />
      )}
      <Tooltip title={t("dispositions.addBelow")}>
        <Button
          type="text"
          size="small"
          icon={<Plus size={16} />}
          aria-label={t("dispositions.addBelowNamed", { name })}
          onClick={() => onOpen(`below-${row.id}`)}
        />
      </Tooltip>
    </RowActions>
  );
}
