/** Words a template of the demo may name in braces, separated by bars; all invented. */
const LISTS: Record<string, string> = {
  customer:
    "Northwind Labs|Acme Retail|Bluebird Travel|Hexa Foods|Lumen Health|Orbit Freight|Pine & Co|Quarry Bank|Ridge Energy|Solace Media|Tundra Games|Vela Insurance",
  person:
    "Sam Okafor|Jordan Ashby|Mei Tanaka|Luca Moretti|Priya Nair|Inês Duarte|Tom Becker|Aisha Khan|Noah Lindqvist|Elena Petrova",
  repo: "payments-api|checkout-web|ledger|notify-worker|search-index|mobile-gateway|auth-service|pricing-engine",
  service: "checkout|ledger|notify|search|gateway|auth|pricing|catalog",
  table:
    "orders_daily|sessions_hourly|refunds|subscriptions|invoice_lines|inventory_snapshot|web_events|churn_scores",
  supplier:
    "Sable Creek Furniture|Harbor Paper|Kestrel Electronics|Meridian Cloud|Oakline Logistics|Fernwood Catering|Atlas Print|Juniper Tools",
  path: "src/server/router.ts|src/lib/money.ts|src/jobs/retry.ts|internal/auth/token.go|app/models/invoice.rb|pkg/queue/consumer.go|src/api/webhooks.ts|lib/cache/lru.py|src/ui/cart.tsx|migrations/0042_add_index.sql",
  symbol:
    "parseAmount|retryWithBackoff|verifySignature|loadTenant|applyDiscount|flushQueue|nextCursor|closeInvoice|rotateToken|mergeRows",
  package:
    "libxml2|openssl|lodash|jsonwebtoken|axios|requests|urllib3|log4j-core|protobuf|node-tar",
  metric:
    "net revenue|conversion|refund rate|active accounts|average basket|churn|support backlog|delivery time",
  region: "EMEA|APAC|North America|LATAM",
  branch: "main|release/2026.11|fix/rounding|feature/bulk-export|chore/upgrade-deps",
  state: "open|pending|resolved|on hold|escalated",
  feeling: "frustrated|confused|polite but firm|in a hurry|apologetic",
  issue:
    "charged twice for the same order|cannot reset the password|the invoice shows the wrong VAT number|the export stops at 10,000 rows|webhook deliveries arrive late|the mobile app logs out every hour|a refund has not arrived after nine days|the discount code is refused",
  level: "INFO|INFO|INFO|DEBUG|WARN|ERROR",
  happening:
    "request finished|cache miss|retry scheduled|connection reset by peer|slow query|token refreshed|job picked up|job done|payload rejected by schema|leader elected",
  competitor: "Trellis|Waypoint|Copperline|Mosaic Desk|Fathom One",
  country: "Portugal|Japan|Norway|Mexico|Canada|Germany",
  column: "order_id|customer_id|amount_cents|currency|created_at|status|region|channel",
  statement:
    'const total = lines.reduce((sum, line) => sum + line.cents, 0);|if (!verifySignature(body, header)) return reject(401);|for (const row of rows) queue.push(row);|return { ok: true, cursor: rows.at(-1)?.id ?? null };|logger.warn({ tenant, attempt }, "retrying");|const cents = Math.round(amount * 100);|tx.run(closeInvoices, tenant);|export function parseAmount(text: string): number {|throw new Error("unknown currency");|const ttl = env.CACHE_TTL ?? 300;',
};

export const VOCABULARY: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(LISTS).map(([name, words]) => [name, words.split("|")]),
);

/** What stays the same through one session: its customer, its repository, its supplier. */
export const FACT_NAMES: readonly string[] = [
  "customer",
  "person",
  "repo",
  "service",
  "table",
  "supplier",
  "issue",
  "branch",
  "metric",
  "region",
  "package",
];
