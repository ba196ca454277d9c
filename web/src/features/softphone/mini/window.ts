import { create } from "zustand";

/** Document Picture-in-Picture (WICG), which TypeScript does not know yet. */
interface DocumentPictureInPicture {
  requestWindow(size: { width: number; height: number }): Promise<Window & typeof globalThis>;
}

const SIZE = { width: 340, height: 190 };

function pictures(): DocumentPictureInPicture | undefined {
  return (window as { documentPictureInPicture?: DocumentPictureInPicture }).documentPictureInPicture;
}

/** Whether this browser can keep a window above all others (Chrome and Edge can). */
export function isMiniWindowPossible(): boolean {
  return pictures() !== undefined;
}

/** The window above all others while it is open. */
export const useMiniWindow = create<{ opened: (Window & typeof globalThis) | null }>(() => ({
  opened: null,
}));

/** Open it; only a click may. It ends with this page, or when it is closed. */
export async function openMiniWindow(title: string): Promise<void> {
  const opened = await pictures()?.requestWindow(SIZE);
  if (!opened) return;
  const { dataset, lang } = document.documentElement;
  opened.document.title = title;
  opened.document.documentElement.lang = lang;
  Object.assign(opened.document.documentElement.dataset, dataset);
  opened.document.adoptedStyleSheets = [...document.styleSheets].map((sheet) => copyOf(sheet, opened));
  opened.addEventListener("pagehide", () => useMiniWindow.setState({ opened: null }));
  useMiniWindow.setState({ opened });
}

/** A sheet made anew: the page's policy forbids style elements without its nonce. */
function copyOf(sheet: CSSStyleSheet, opened: Window & typeof globalThis): CSSStyleSheet {
  const copy = new opened.CSSStyleSheet();
  copy.replaceSync([...sheet.cssRules].map((rule) => rule.cssText).join("\n"));
  return copy;
}
