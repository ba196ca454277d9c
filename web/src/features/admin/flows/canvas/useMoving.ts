import { type RefObject, useMemo } from "react";

/** Says on the canvas's element, for its style, whether it is being moved or zoomed. */
export function useMoving(frame: RefObject<HTMLElement | null>) {
  return useMemo(
    () => ({
      begin: () => frame.current?.setAttribute("data-moving", "true"),
      end: () => frame.current?.removeAttribute("data-moving"),
    }),
    [frame],
  );
}
