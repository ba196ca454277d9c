import { Button } from "antd";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";

interface Props {
  name: string;
  isFirst: boolean;
  isLast: boolean;
  onMove: (by: -1 | 1) => void;
}

/** Up and down in an ordered list. */
export function MoveButtons({ name, isFirst, isLast, onMove }: Props) {
  const { t } = useTranslation("admin");
  return (
    <>
      <Button
        type="text"
        size="small"
        icon={<ArrowUp size={16} />}
        disabled={isFirst}
        aria-label={t("list.up", { name })}
        onClick={() => onMove(-1)}
      />
      <Button
        type="text"
        size="small"
        icon={<ArrowDown size={16} />}
        disabled={isLast}
        aria-label={t("list.down", { name })}
        onClick={() => onMove(1)}
      />
    </>
  );
}
