import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const backend = process.env.ZHIYIN_BACKEND ?? "http://localhost:8080";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // `live` replaces this word at serve time by the nonce of the answer's Content-Security-Policy.
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    outDir: "../zhiyin/live/static",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    assetsInlineLimit: 0, // a data: address would need room in the policy
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: {
        index: "index.html",
        "call-us": "call-us.html",
        "embedded-telephone": "embedded-telephone.html",
      },
    },
  },
  server: {
    port: 5173,
    proxy: {
      "/api": { target: backend },
      "/ws": { target: backend, ws: true },
      "/sip": { target: backend, ws: true },
    },
  },
  test: {
    restoreMocks: true,
    // A document costs a second a file: only *.test.tsx and *.dom.test.ts have one.
    projects: [
      {
        extends: true,
        test: {
          name: "models",
          environment: "node",
          include: ["src/**/*.test.ts"],
          exclude: ["src/**/*.dom.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "components",
          environment: "jsdom",
          include: ["src/**/*.test.tsx", "src/**/*.dom.test.ts"],
          setupFiles: ["src/test-setup.ts"],
        },
      },
    ],
  },
});
