import { useCallback, useEffect, useState } from "react";
import { chosenDevices, type DeviceChoice, type DeviceList, listDevices } from "@/telephone/devices";

export interface Devices {
  list: DeviceList;
  choice: DeviceChoice;
  /** Read again: a choice was made, or names may be known now. */
  refresh: () => void;
}

/** What is plugged in and what is chosen, kept fresh when something is plugged in or out. */
export function useDevices(): Devices {
  const [list, setList] = useState<DeviceList>({ microphones: [], speakers: [] });
  const [choice, setChoice] = useState(chosenDevices);
  const refresh = useCallback(() => {
    setChoice(chosenDevices());
    void listDevices().then(setList);
  }, []);
  useEffect(() => {
    refresh();
    navigator.mediaDevices?.addEventListener("devicechange", refresh);
    return () => navigator.mediaDevices?.removeEventListener("devicechange", refresh);
  }, [refresh]);
  return { list, choice, refresh };
}
