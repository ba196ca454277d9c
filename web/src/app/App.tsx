import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useTranslation } from "react-i18next";
import { cspNonce } from "@/lib/csp";
import { queryClient } from "./query-client";
import { router } from "./router";
import { antdTheme } from "./theme/antd-theme";
import { useTheme } from "./theme/theme";
import { useMotion } from "./theme/useMotion";

export function App() {
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
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}
