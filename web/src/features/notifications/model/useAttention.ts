import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App } from "antd";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/live/store";
import { notify } from "@/telephone/attention";
import { chime } from "./chime";
import { type Notification, preferencesQuery } from "./queries";
import { useSentence } from "./useSentence";

const SHOWN_S = 6;

/**
 * Draw attention to what just came: a toast at the lower left, where no control of a call ever stands, and if wished
 * a sound and a desktop notification.
 */
export function useAttention(
  fresh: readonly Notification[] | undefined,
  onOpen: (one: Notification) => void,
) {
  const { t } = useTranslation("notifications");
  const { notification } = App.useApp();
  const navigate = useNavigate();
  const sentence = useSentence();
  const wished = useQuery(preferencesQuery).data;
  const isOnCall = useLive((state) => state.me?.interaction != null);

  const show = useEffectEvent((items: readonly Notification[]) => {
    for (const one of [...items].reverse()) {
      notification.open({
        key: `notification-${one.id}`,
        title: t(`category.${one.category}`),
        description: sentence(one),
        duration: SHOWN_S,
        placement: "bottomLeft",
        ...(one.link && {
          style: { cursor: "pointer" },
          onClick: () => {
            notification.destroy(`notification-${one.id}`);
            onOpen(one);
            void navigate({ to: one.link });
          },
        }),
      });
      if (wished?.on_desktop && document.hidden)
        notify(t(`category.${one.category}`), sentence(one), `notification-${one.id}`);
    }
    if (wished?.has_sound && !isOnCall) chime();
  });
  useEffect(() => {
    if (fresh && fresh.length > 0) show(fresh);
  }, [fresh]);
}
