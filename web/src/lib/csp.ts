/** The nonce that this page's policy allows styles with; vite writes the element, `live` the value. Empty in development. */
export const cspNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
