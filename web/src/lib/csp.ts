/** The nonce that this page's policy allows styles with; vite writes the element, `live` the value. Empty in development. */
export const cspNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

/**
 * Let every style element that a library makes carry the nonce. Ant Design passes it on itself, save for the lock of
 * the page's scrolling behind a dialog (rc-component/portal), which would be refused.
 */
export function lendNonceToStyles(): void {
  if (cspNonce === "") return;
  const create = document.createElement.bind(document) as (
    name: string,
    options?: ElementCreationOptions,
  ) => HTMLElement;
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = cspNonce;
    return element;
  }) as typeof document.createElement;
}
