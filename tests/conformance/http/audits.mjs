// Runs every audit of GraphQL over HTTP against one address and prints what came of each, one line of JSON.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, url] = process.argv.slice(2);
const { serverAudits } = await import(pathToFileURL(createRequire(`${folder}/`).resolve("graphql-http")).href);
const results = [];
for (const audit of serverAudits({ url, fetchFn: fetch })) {
  const { status, reason } = await audit.fn();
  results.push({ id: audit.id, name: audit.name, status, reason: reason ?? null });
}
console.log(JSON.stringify(results));
