import { useCallback, useLayoutEffect, useRef } from "react";

/** The same function at every rendering, which does what the newest one would: for what is dear to draw anew, and would
 * be because it is given a function. Not to be called while rendering. */
export function useSteady<Given extends unknown[], Back>(
  newest: (...given: Given) => Back,
): (...given: Given) => Back {
  const held = useRef(newest);
  useLayoutEffect(() => {
    held.current = newest;
  });
  return useCallback((...given: Given) => held.current(...given), []);
}
