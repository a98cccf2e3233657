// Asks one query and one wrong query with the graphql-ws client and prints what came of them, one line of JSON.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, url, query, wrong] = process.argv.slice(2);
const from = createRequire(`${folder}/`);
const { createClient } = await import(pathToFileURL(from.resolve("graphql-ws")).href);
const client = createClient({ url, webSocketImpl: from("ws"), retryAttempts: 0 });

const ask = (text) =>
  new Promise((done) => {
    const came = { next: [], error: null, complete: false };
    client.subscribe(
      { query: text },
      {
        next: (value) => came.next.push(value),
        error: (error) => done({ ...came, error: Array.isArray(error) ? error : String(error?.reason ?? error) }),
        complete: () => done({ ...came, complete: true }),
      },
    );
  });

console.log(JSON.stringify([await ask(query), await ask(wrong)]));
await client.dispose();
