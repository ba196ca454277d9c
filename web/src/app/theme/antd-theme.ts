import type { ThemeConfig } from "antd";
import { theme } from "antd";
import { palettes, type ThemeName } from "./palette";

/**
 * Ant Design's tokens from our palette; its own defaults fail the contrast rules on danger buttons, links and labels.
 * Without motion nothing of it moves: its scripts wait for the ends of animations, which CSS alone cannot spare them.
 */
export function antdTheme(name: ThemeName, hasMotion: boolean): ThemeConfig {
  const c = palettes[name];
  return {
    algorithm: name === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      motion: hasMotion,
      colorPrimary: c.primary,
      colorPrimaryHover: c["primary-hover"],
      colorPrimaryActive: c["primary-hover"],
      colorPrimaryTextHover: c["primary-hover"],
      colorPrimaryTextActive: c["primary-hover"],
      colorInfo: c.primary,
      colorLink: c.primary,
      colorLinkHover: c["primary-hover"],
      colorLinkActive: c["primary-hover"],
      colorError: c.error,
      colorSuccess: c.ready,
      colorWarning: c.acw,
      colorSuccessBg: c["ready-soft"],
      colorSuccessBorder: c.ready,
      colorWarningBg: c["acw-soft"],
      colorWarningBorder: c.acw,
      colorErrorBg: c["ring-soft"],
      colorErrorBorder: c.ring,
      colorInfoBg: c["primary-soft"],
      colorInfoBorder: c.primary,
      colorBgLayout: c.bg,
      colorBgContainer: c.surface,
      colorBgElevated: name === "dark" ? c["surface-2"] : c.surface,
      colorBorder: c["border-strong"],
      colorBorderSecondary: c.border,
      colorText: c.text,
      colorTextSecondary: c["text-2"],
      colorTextTertiary: c["text-3"],
      colorTextDescription: c["text-2"],
      colorTextPlaceholder: c["text-3"],
      colorTextDisabled: c["text-3"],
      colorTextLightSolid: c["on-primary"],
      colorTextHeading: c.text,
      colorIcon: c["text-2"],
      fontFamily: "var(--font)",
      borderRadius: 6,
      borderRadiusLG: 8,
      controlHeight: 32,
      controlHeightSM: 28,
      wireframe: false,
    },
    components: {
      Button: {
        primaryShadow: "none",
        dangerShadow: "none",
        defaultShadow: "none",
        dangerColor: c["on-error"],
      },
      Tooltip: { colorBgSpotlight: name === "dark" ? "#3a4356" : "#1b2330", colorTextLightSolid: "#ffffff" },
      Segmented: {
        trackBg: name === "dark" ? c.bg : c["off-soft"],
        itemColor: c["text-2"],
        itemSelectedBg: name === "dark" ? "#2a3a63" : c.surface,
        itemSelectedColor: c.text,
      },
      Tabs: { itemColor: c["text-2"], horizontalItemPadding: "10px 0" },
      Descriptions: { labelColor: c["text-2"] },
      Form: { labelColor: c["text-2"], verticalLabelPadding: "0 0 4px" },
      Table: { headerBg: c["surface-2"], headerColor: c["text-2"], rowHoverBg: c["surface-2"] },
      Menu: { itemSelectedBg: c["primary-soft"] },
      Badge: { colorTextLightSolid: c["on-error"] },
    },
  };
}
