import { useNavigate } from "@tanstack/react-router";
import { App, Button, Dropdown, type MenuProps } from "antd";
import {
  CircleUserRound,
  FileDown,
  Keyboard,
  KeyRound,
  Languages,
  LogOut,
  MessageSquareQuote,
  Mic,
  Search,
  ShieldCheck,
  SunMoon,
} from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { problemText } from "@/api/problem-text";
import { useRight, useUser } from "@/api/session";
import { useHotkeys, useShortcutActions } from "@/lib/useHotkeys";
import { KbdHint } from "@/ui/KbdHint";
import { chooseLanguage } from "./i18n";
import { forgetUser, queryClient } from "./query-client";
import { chooseTheme, type ThemeChoice, useTheme } from "./theme/theme";

const ShortcutSheet = lazy(async () => ({
  default: (await import("@/features/me/components/ShortcutSheet")).ShortcutSheet,
}));

const Palette = lazy(async () => ({ default: (await import("@/features/palette/Palette")).Palette }));

const THEMES: readonly ThemeChoice[] = ["light", "dark", "system"];

export function UserMenu() {
  const { t, i18n } = useTranslation();
  const { message } = App.useApp();
  const user = useUser();
  const hasDesk = useRight("desk");
  const [isSheetOpen, setSheetOpen] = useState(false);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const showSheet = () => setSheetOpen(true);
  useShortcutActions({ sheet: showSheet, palette: () => setPaletteOpen(true) });
  useHotkeys([{ sign: "?", act: showSheet }]);
  const theme = useTheme((state) => state.choice);
  const navigate = useNavigate();

  const remember = (preferences: Schema<"PreferencesIn">) => {
    api
      .PUT("/api/session/preferences", { body: preferences })
      .catch((error: unknown) => message.error(problemText(error)));
  };
  const logOut = async () => {
    let provider = "";
    try {
      const { data } = await api.GET("/api/session/provider-log-out");
      provider = data?.address ?? "";
      await api.DELETE("/api/session");
    } catch (error) {
      message.error(problemText(error));
      return;
    }
    if (provider) {
      location.assign(provider); // logged out there too; it sends the browser back to our log-in page
      return;
    }
    await navigate({ to: "/login" }); // first: queries of a page that still stands would ask once more, and be refused
    forgetUser();
  };

  const items: MenuProps["items"] = [
    {
      key: "devices",
      icon: <Mic size={16} />,
      label: t("user.devices"),
      onClick: () => void navigate({ to: "/me/devices" }),
    },
    ...(hasDesk
      ? [
          {
            key: "replies",
            icon: <MessageSquareQuote size={16} />,
            label: t("user.replies"),
            onClick: () => void navigate({ to: "/me/replies" }),
          },
        ]
      : []),
    {
      key: "exports",
      icon: <FileDown size={16} />,
      label: t("user.exports"),
      onClick: () => void navigate({ to: "/exports", search: {} }),
    },
    {
      key: "password",
      icon: <KeyRound size={16} />,
      label: t("user.password"),
      onClick: () => void navigate({ to: "/me/password" }),
    },
    {
      key: "security",
      icon: <ShieldCheck size={16} />,
      label: t("user.security"),
      onClick: () => void navigate({ to: "/me/security" }),
    },
    {
      key: "palette",
      icon: <Search size={16} />,
      label: t("user.palette"),
      extra: <KbdHint keys="Ctrl K" />,
      onClick: () => setPaletteOpen(true),
    },
    {
      key: "shortcuts",
      icon: <Keyboard size={16} />,
      label: t("user.shortcuts"),
      onClick: () => setSheetOpen(true),
    },
    { type: "divider" },
    {
      key: "language",
      icon: <Languages size={16} />,
      label: i18n.language === "zh" ? t("user.english") : t("user.chinese"),
      onClick: () => {
        const language = i18n.language === "zh" ? "en" : "zh";
        void chooseLanguage(language).then(() => queryClient.invalidateQueries()); // names came in the other one
        remember({ language });
      },
    },
    {
      key: "theme",
      icon: <SunMoon size={16} />,
      label: t("user.theme"),
      children: THEMES.map((choice) => ({
        key: choice,
        label: t(`theme.${choice}`),
        disabled: choice === theme,
        onClick: () => {
          chooseTheme(choice);
          remember({ theme: choice });
        },
      })),
    },
    { type: "divider" },
    { key: "logOut", icon: <LogOut size={16} />, label: t("user.logOut"), onClick: () => void logOut() },
  ];

  return (
    <>
      <Dropdown menu={{ items }} trigger={["click"]} placement="bottomRight">
        <Button
          type="text"
          icon={<CircleUserRound size={18} />}
          aria-label={`${user?.name ?? ""} ${t("user.menu")}`.trim()}
        >
          {user?.name}
        </Button>
      </Dropdown>
      {isPaletteOpen && (
        <Suspense fallback={null}>
          <Palette onClose={() => setPaletteOpen(false)} />
        </Suspense>
      )}
      {isSheetOpen && (
        <Suspense fallback={null}>
          <ShortcutSheet onClose={() => setSheetOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
