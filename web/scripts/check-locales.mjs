// zh.json and en.json of each folder must have the same keys and placeholders, and no empty words.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const problems = [];

function flatten(tree, prefix = "") {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "object" ? flatten(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value]],
  );
}

/** English has a plural form where Chinese has none: `calls_one` stands for `calls_other` in the comparison. */
const withoutPlural = (key) => key.replace(/_(one|other)$/, "");
const placeholders = (text) => [...new Set(text.match(/\{\{.*?\}\}/g) ?? [])].sort().join(" ");

for (const file of readdirSync("src", { recursive: true })) {
  if (!/locales[\\/]zh\.json$/.test(file)) continue;
  const folder = join("src", dirname(file));
  if (!existsSync(join(folder, "en.json"))) {
    problems.push(`${folder}: en.json is missing`);
    continue;
  }
  const words = ["zh", "en"].map((language) =>
    flatten(JSON.parse(readFileSync(join(folder, `${language}.json`), "utf8"))).map(([key, text]) => [
      withoutPlural(key),
      text,
    ]),
  );
  const [zh, en] = words.map((entries) => new Map(entries));
  for (const [key, text] of zh) {
    if (!en.has(key)) problems.push(`${folder}/en.json: "${key}" is missing`);
    else if (placeholders(text) !== placeholders(en.get(key)))
      problems.push(`${folder}: "${key}" has other placeholders in en.json`);
    if (/[\u4e00-\u9fff],/.test(text))
      problems.push(`${folder}/zh.json: "${key}" has a half-width comma after a Chinese character`);
  }
  for (const key of en.keys()) if (!zh.has(key)) problems.push(`${folder}/zh.json: "${key}" is missing`);
  for (const [key, text] of words.flat())
    if (text.trim() === "") problems.push(`${folder}: "${key}" is empty`);
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
