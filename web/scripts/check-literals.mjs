// Every word a user sees stands in a locale file: a CJK character in a component's code (comments aside) fails.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const CJK = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;
const problems = [];

function withoutComments(code) {
  return code
    .replace(/\/\*[\s\S]*?\*\//g, (text) => text.replace(/[^\n]/g, " "))
    .replace(/(^|\s)\/\/.*$/gm, "");
}

for (const file of readdirSync("src", { recursive: true })) {
  if (!/\.tsx?$/.test(file) || /\.test\.tsx?$/.test(file)) continue;
  withoutComments(readFileSync(join("src", file), "utf8"))
    .split("\n")
    .forEach((line, index) => {
      if (CJK.test(line)) problems.push(`src/${file}:${index + 1}: ${line.trim()}`);
    });
}
if (problems.length > 0) {
  console.error(
    `Chinese words outside the locale files; move them to locales/zh.json and locales/en.json:\n${problems.join("\n")}`,
  );
  process.exit(1);
}
