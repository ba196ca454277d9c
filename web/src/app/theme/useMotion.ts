import { useSyncExternalStore } from "react";

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

function listen(onChange: () => void): () => void {
  reduced.addEventListener("change", onChange);
  return () => reduced.removeEventListener("change", onChange);
}

/** Whether things may move: not where the system asks for reduced motion. Follows the system at once. */
export function useMotion(): boolean {
  return useSyncExternalStore(listen, () => !reduced.matches);
}
