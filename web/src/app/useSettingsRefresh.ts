import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLive } from "@/live/store";

/** Administration changed something: whatever was fetched under the key "settings" is fetched again. */
export function useSettingsRefresh(): void {
  const version = useLive((state) => state.settingsVersion);
  const queryClient = useQueryClient();
  useEffect(() => {
    if (version > 0) void queryClient.invalidateQueries({ queryKey: ["settings"] });
  }, [version, queryClient]);
}
