import { Button } from "antd";
import { Phone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useIsViewing } from "@/api/session";
import { useDial } from "@/features/softphone";
import { formatNumber } from "@/lib/numbers";
import { shownNumber } from "../model/form";
import type { CustomerNumber } from "../model/queries";
import styles from "./DialNumber.module.css";

/** A number with its place; a press calls it, whether or not its digits may be seen. */
export function DialNumber({ number }: { number: CustomerNumber }) {
  const { t } = useTranslation("customers");
  const { dial, isDialling } = useDial();
  const isViewing = useIsViewing();
  const shown = formatNumber(shownNumber(number));
  return (
    <span className={styles.line}>
      <Button
        size="small"
        icon={<Phone size={14} />}
        loading={isDialling}
        disabled={isViewing}
        aria-label={t("call", { number: shown })}
        onClick={() => void dial({ customer_number_id: number.id })}
      >
        <span className="numbers">{shown}</span>
      </Button>
      <span className={styles.minor}>
        {[number.place, t(`kind.${number.kind}`)].filter(Boolean).join(" · ")}
      </span>
    </span>
  );
}
