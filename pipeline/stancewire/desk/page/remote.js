"use strict";
// The source of the app: every question goes to the server that the page came from.

/** Ask the server; what it refuses becomes an error with its words, and a conflict carries what others decided. */
async function asked(path, { values = {}, body = null } = {}) {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : value]));
  const options = body === null ? {} : { method: "POST", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-Stancewire": "1" } };
  const answer = await fetch(`api/${path}${given.length ? `?${search}` : ""}`, options).catch(() => {
    throw new Error("the server doesn't answer; is `stancewire serve` still running?");
  });
  const said = await answer.json();
  if (answer.ok) return said;
  throw Object.assign(new Error(said.error ?? answer.statusText), { status: answer.status, conflict: said.conflict ?? null });
}

/** Return the source over the app; `review` comes from review.js. */
function remoteSource(review) {
  return {
    review,
    meta: () => asked("meta"),
    summary: (query, { holders = 25 } = {}) => asked("summary", { values: { query: tidy(query), holders } }),
    countsNetworks: true, // for as long as one can notice
    networks: (query) => asked("networks", { values: { query } }),
    rows: (query, { sort, descending, offset, limit }) => asked("rows", { values: { query: tidy(query), sort, descending, offset, limit } }),
    article: (id) => asked("article", { values: { id, version: view.query.version } }).catch((error) => {
      if (error.status === 404) return null;
      throw error;
    }),
  };
}

/** Hand a token that came behind "#" to the server, which keeps it in a cookie, and take it out of the address. */
async function logIn() {
  const said = new URLSearchParams(location.hash.slice(1));
  const token = said.get("token");
  if (token === null) return;
  said.delete("token");
  history.replaceState(null, "", `${location.pathname}#${said}`);
  await asked("login", { body: { token } });
}
