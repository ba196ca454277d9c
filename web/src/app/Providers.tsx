import { QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cspNonce } from "@/lib/csp";
import { queryClient } from "./query-client";
import { antdTheme } from "./theme/antd-theme";
import { useTheme } from "./theme/theme";
import { useMotion } from "./theme/useMotion";

/** What every page of ours stands in: looks, language, messages, the store of what was fetched. */
export function Providers({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const theme = useTheme((state) => state.name);
  const hasMotion = useMotion();
  return (
    <ConfigProvider
      locale={i18n.language === "zh" ? zhCN : enUS}
      theme={antdTheme(theme, hasMotion)}
      csp={{ nonce: cspNonce }}
      button={{ autoInsertSpace: false }}
    >
      <AntApp
        component={false}
        message={{ maxCount: 3, top: 64 }}
        notification={{ placement: "bottomRight" }}
      >
        <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}
