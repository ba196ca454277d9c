import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { measureNetwork, type NetworkResult } from "../model/network";
import { CheckRow, type CheckState } from "./CheckRow";

const FAR_MS = 300;

/** How far and how reliable the way to the server is. */
export function NetworkCheck() {
  const { t } = useTranslation("me");
  const [result, setResult] = useState<NetworkResult | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isOver = false;
    void round; // another round measures anew
    setResult(null);
    void measureNetwork().then((measured) => {
      if (!isOver) setResult(measured);
    });
    return () => {
      isOver = true;
    };
  }, [round]);
  const isAway = result !== null && result.lost === result.asked;
  const isBad = result !== null && (result.lost > 0 || result.rtt_ms > FAR_MS);
  const state: CheckState = result === null ? "running" : isBad ? "bad" : "good";
  const figures = {
    rtt_ms: Math.round(result?.rtt_ms ?? 0),
    lost: result?.lost ?? 0,
    asked: result?.asked ?? 0,
  };
  const words =
    result === null
      ? t("network.running")
      : isAway
        ? t("network.away")
        : isBad
          ? t("network.bad", figures)
          : t("network.good", figures);
  return (
    <CheckRow title={t("network.title")} state={state} result={words}>
      <Button disabled={result === null} onClick={() => setRound(round + 1)}>
        {t("network.again")}
      </Button>
    </CheckRow>
  );
}
