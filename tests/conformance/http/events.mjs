// Asks one query and one wrong query with the graphql-sse client and prints what came of them, one line of JSON.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, url, query, wrong] = process.argv.slice(2);
const { createClient } = await import(pathToFileURL(createRequire(`${folder}/`).resolve("graphql-sse")).href);
const client = createClient({ url, retryAttempts: 0 });

const ask = (text) =>
  new Promise((done) => {
    const came = { next: [], error: null, complete: false };
    client.subscribe(
      { query: text },
      {
        next: (value) => came.next.push(value),
        error: (error) => done({ ...came, error: String(error) }),
        complete: () => done({ ...came, complete: true }),
      },
    );
  });

console.log(JSON.stringify([await ask(query), await ask(wrong)]));
client.dispose();
