"use strict";
// Opens GraphiQL on the API of the server that served this page; nothing is fetched from anywhere else.

const FIRST_QUERY = `# 物业覆盖：按管理形式与街道 / Coverage by form and street
{
  coverage {
    total
    covered
    rate
    byForm { form total covered }
    byArea { area { name } total covered rate }
  }
}
`;

const fetcher = GraphiQL.createFetcher({ url: "/graphql" });
const page = React.createElement(GraphiQL, { fetcher, defaultQuery: FIRST_QUERY });
ReactDOM.createRoot(document.getElementById("graphiql")).render(page);
