import { useMutation } from "@tanstack/react-query";
import { Button, Space } from "antd";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { StatusTag } from "@/ui/StatusTag";
import { type Connector, testConnector } from "./api";
import { useFaultText } from "./useFaultText";

/** Asks the other system now and says whether it works, or why not. */
export function TestConnectorButton({ connector }: { connector: Connector }) {
  const { t } = useTranslation("integrations");
  const faultText = useFaultText();
  const test = useMutation({ mutationFn: () => testConnector(connector.id) });
  return (
    <Space size="small" wrap>
      <Button
        size="small"
        loading={test.isPending}
        aria-label={t("connectors.testNamed", { name: connector.name })}
        onClick={() => test.mutate()}
      >
        {t("test")}
      </Button>
      <output aria-live="polite">
        {test.isError && problemText(test.error)}
        {test.data && (
          <StatusTag tone={test.data.fault ? "break" : "ready"}>
            {test.data.fault ? faultText(test.data.fault) : t("connectors.ok")}
          </StatusTag>
        )}
      </output>
    </Space>
  );
}
