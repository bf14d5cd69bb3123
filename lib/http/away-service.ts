import { SECURITY_HEADERS } from "./guards.mjs";
import { readHealth } from "./health-store";
import { pagePolicy } from "./security";

const AGAIN_SECONDS = 5;

/**
 * What a page is while the database does not answer: a 503 that asks again by itself, and then is the
 * page that was asked for. Null while it answers.
 */
export async function awayPage(): Promise<Response | null> {
  if ((await readHealth()) !== "down") return null;
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const headers = {
    ...SECURITY_HEADERS,
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": pagePolicy(nonce, { development: false }),
    "cache-control": "no-store",
    "retry-after": String(AGAIN_SECONDS),
  };
  return new Response(pageOf(nonce), { status: 503, headers });
}

// By itself: whatever else a page is made of may be what is missing.
const pageOf = (nonce: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${AGAIN_SECONDS}">
<title>The database does not answer · Watchkeeper</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center;
  background: light-dark(#f6f7f8, #0b0d10); color: light-dark(#14171b, #e7eaee);
  font: 14px/1.5 system-ui, sans-serif; }
main { max-width: 28rem; padding: 2rem 1rem; text-align: center; }
h1 { margin: 0 0 .5rem; font-size: 1rem; font-weight: 500; }
p { margin: 0 0 .5rem; color: light-dark(#454d58, #b0b8c3); }
a { color: light-dark(#4749c4, #9da0ff); }
</style>
</head>
<body>
<main role="alert">
<h1>Watchkeeper’s database does not answer</h1>
<p>Nothing that was taken in is lost. This page asks again every ${AGAIN_SECONDS} seconds and goes on by itself as soon as the database is back.</p>
<p><a href="">Ask again now</a></p>
</main>
</body>
</html>
`;
