// Holds the budgets: what a page must fetch before it can be used, gzip -9, in kB of 1,000 bytes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const OUT = "../zhiyin/live/static";
const manifest = JSON.parse(readFileSync(join(OUT, ".vite/manifest.json"), "utf8"));

const ENTRY = "index.html";
const SOFTPHONE = "src/features/softphone/Softphone.tsx";
const DESK = "src/features/desk/pages/DeskPage.tsx";
/** The entry's own words, which it awaits before it renders. */
const WORDS = ["src/app/locales/zh.json", "src/ui/locales/zh.json", "src/api/locales/zh.json"];
const DESK_WORDS = ["src/features/softphone/locales/zh.json", "src/features/desk/locales/zh.json"];

const budgets = [
  { name: "shell", limit_kB: 300, roots: [ENTRY, ...WORDS] },
  { name: "desk", limit_kB: 370, roots: [ENTRY, ...WORDS, SOFTPHONE, DESK, ...DESK_WORDS] },
  { name: "embedded telephone", limit_kB: 300, roots: ["embedded-telephone.html"] },
  { name: "call-us page", limit_kB: 90, roots: ["call-us.html"] },
];
const ROUTE_LIMIT_KB = 200;

/** `key` and all that it imports statically. */
function closure(key, found = new Set()) {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`${key} is not in the build; is its path right in scripts/check-size.mjs?`);
  if (found.has(key)) return found;
  found.add(key);
  for (const imported of chunk.imports ?? []) closure(imported, found);
  return found;
}

function filesOf(roots) {
  const chunks = new Set(roots.flatMap((root) => [...closure(root)]));
  return new Set([...chunks].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])]));
}

function weight_kB(files) {
  let bytes = 0;
  for (const file of files) bytes += gzipSync(readFileSync(join(OUT, file)), { level: 9 }).length;
  return bytes / 1000;
}

let isOver = false;
function report(name, files, limit_kB) {
  const size_kB = weight_kB(files);
  const verdict = size_kB > limit_kB ? "TOO LARGE" : "ok";
  if (size_kB > limit_kB) isOver = true;
  console.log(`${name.padEnd(44)} ${size_kB.toFixed(1).padStart(7)} kB of ${limit_kB}  ${verdict}`);
}

for (const { name, limit_kB, roots } of budgets) {
  const files = filesOf(roots);
  report(name, files, limit_kB);
  for (const file of files) {
    if (/jssip/i.test(file) && name !== "call-us page")
      throw new Error(`${name}: the telephone must load after the first paint (${file})`);
  }
}
const shell = filesOf([ENTRY]);
for (const [key, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry || !/\.tsx?$/.test(key)) continue;
  const extra = [...filesOf([key])].filter((file) => !shell.has(file));
  const size_kB = weight_kB(extra);
  if (size_kB > 20) report(`  beyond the shell: ${key.replace("src/", "")}`, extra, ROUTE_LIMIT_KB);
}
process.exit(isOver ? 1 : 0);
