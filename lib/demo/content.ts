/** What people ask agents of one sort, and what those answer; templates of text.ts. */
export interface Topic {
  titles: readonly string[];
  prompts: readonly string[];
  followUps: readonly string[];
  notes: readonly string[];
  answers: readonly string[];
}

const TABLE =
  "| | this week | last week | change |\n|---|---:|---:|---:|\n| {metric} | {#900-9000} | {#900-9000} | {#1-19} % |\n| orders | {#900-9000} | {#900-9000} | {#1-9} % |\n| refunds | {#10-90} | {#10-90} | {#1-40} % |";

export const TOPICS: Record<string, Topic> = {
  support: {
    titles: ["{ticket}: {issue}", "Triage {ticket} for {customer}", "{customer}: {issue}"],
    prompts: [
      "New ticket {ticket} from {customer}: “{issue}”. Please triage it, link related tickets and draft an answer.",
      "{person} at {customer} writes, {feeling}: {issue}. Order {order}. What do we tell them?",
    ],
    followUps: [
      "They answered: it happened again this morning. Can you look once more?",
      "Please soften the tone and add what they should do if it happens again.",
      "Is anybody else at {customer} affected?",
    ],
    notes: [
      "I'll look up the customer and their open tickets first.",
      "The order is there; now the payment events around it.",
      "Two earlier tickets describe the same thing. I'll link them.",
    ],
    answers: [
      "**Triage of {ticket}**\n\n- Customer: {customer} ({person})\n- Category: billing, priority P{#1-3}\n- Related: T-{#10000-99999}, T-{#10000-99999}\n\n**Draft answer**\n\n> Hello {person}, thank you for your patience. We found the cause: {issue}. Order {order} has been corrected and you will see it within {#1-3} working days.\n\nThe ticket is set to *{state}* and assigned to the payments team.",
      "Nothing is wrong on the account: the second entry on {order} is an authorisation that expires by itself. I answered {person} and left {ticket} *{state}* for {#1-4} days.",
    ],
  },
  security: {
    titles: [
      "Weekly security scan of {repo}",
      "{package} advisory: {repo}",
      "Secrets scan, {repo}",
    ],
    prompts: [
      "Scan {repo} on {branch} for vulnerable dependencies, leaked secrets and injection risks. Rank what you find.",
      "An advisory for {package} came out. Is {repo} reachable by it? Show the call path.",
    ],
    followUps: ["Open a fix for the first finding only.", "Which of these can an outsider reach?"],
    notes: [
      "Lock files first, then the call sites.",
      "{package} is imported in {#2-9} places; I'll check which of them take outside input.",
      "No secret in the history of this file. Moving on to the next.",
    ],
    answers: [
      "## Findings in {repo}\n\n| # | severity | where | what |\n|---|---|---|---|\n| 1 | high | `{path}` | {package} parses untrusted input before the size check |\n| 2 | medium | `{path}` | signature compared with `==` |\n| 3 | low | `{path}` | verbose error reaches the client |\n\n{#40-400} files read, {#100-900} dependencies checked. Finding 1 is reachable from `POST /v1/import`; the others are not reachable from outside.",
      "No reachable use of the vulnerable function of {package} in {repo}. It is imported by a development tool only; an upgrade to {#2-9}.{#0-9}.{#0-9} is safe and needs no change of code.",
    ],
  },
  data: {
    titles: [
      "{metric} report, {region}",
      "Daily report: {metric}",
      "Why did {metric} move in {region}?",
    ],
    prompts: [
      "Write the daily report on {metric} in {region} from {table}: figures, change against last week, three sentences on why.",
      "{metric} in {region} looks odd since Monday. Find out why and show the query.",
    ],
    followUps: ["Split it by channel, please.", "Leave test accounts out and run it again."],
    notes: [
      "I'll look at the table's columns before I query it.",
      "The total matches the ledger. Now the split by region.",
      "One day is missing from the result; I'll check for late rows.",
    ],
    answers: [
      `## {metric}, {region}\n\n${TABLE}\n\nMost of the change comes from {country} and began on the day the new checkout went live. {#2-9} % of the rows arrived late and are included. Test accounts are left out.`,
      "{metric} did not move: the dashboard read `{table}` before the nightly load ended. After the reload the figure is {#1000-9000}, {#1-4} % above last week.",
    ],
  },
  review: {
    titles: ["Review {repo} #{pr}", "{repo} #{pr}: {branch}", "Second look at {repo} #{pr}"],
    prompts: [
      "Review pull request #{pr} in {repo}. Correctness first, then tests, then naming. Comment on lines.",
      "Is #{pr} in {repo} safe to merge into {branch}? The author says it only renames.",
    ],
    followUps: ["The author pushed a fix. Look at it again.", "Merge it if the checks are green."],
    notes: [
      "Reading the diff, then the callers of what it changes.",
      "`{symbol}` has {#2-9} callers and one of them passes null.",
      "The tests cover the happy path only.",
    ],
    answers: [
      "**{repo} #{pr}: changes requested**\n\n1. `{path}` line {#4-480}: `{symbol}` loses a cent for amounts above 2^53. Use integers.\n2. The retry in `{path}` has no upper bound.\n3. Missing test: an empty page followed by a cursor.\n\nThe rest reads well. I left {#2-6} comments on lines.",
      "**{repo} #{pr}: approved.** It renames `{symbol}` in {#3-30} files and nothing else; types and tests pass. One nit in `{path}`, not blocking.",
    ],
  },
  invoice: {
    titles: [
      "Match {invoice} ({supplier})",
      "{invoice} from {supplier}",
      "Invoice run: {supplier}",
    ],
    prompts: [
      "Match invoice {invoice} from {supplier} against its purchase order. Tolerance 2 %. Schedule the payment if it matches.",
      "{supplier} sent {invoice} twice. Which one is right? Block the other.",
    ],
    followUps: ["The supplier sent a corrected one, same number.", "Who approved the order?"],
    notes: [
      "Loading the invoice and its order.",
      "Line {#2-9} differs by {$1-40} EUR; that is inside the tolerance.",
      "All lines match. Scheduling the payment.",
    ],
    answers: [
      "**{invoice} · {supplier}**\n\n- {#3-24} lines compared, {#0-2} outside the tolerance\n- Total {$400-9000} EUR, order total {$400-9000} EUR\n- Payment scheduled for the {#10-28}th, approved by {person}",
      "{invoice} is a duplicate: same lines, same total, another date. I blocked the second and left a note for {person}.",
    ],
  },
  release: {
    titles: [
      "Release notes {repo} {#2-9}.{#0-20}",
      "Cut {branch} of {repo}",
      "Go or no-go: {repo}",
    ],
    prompts: [
      "Prepare the release of {repo} from {branch}: notes, test summary, risks. Let the others work in parallel.",
      "Go or no-go for {repo}? Collect test results and open bugs and decide.",
    ],
    followUps: ["Add the migration to the risks.", "Write a shorter version for customers."],
    notes: [
      "I've handed the parts out and will put them together when they are back.",
      "Two of the parts are in.",
    ],
    answers: [
      "# {repo} {#2-9}.{#0-20}\n\n**New**\n- Bulk export without a row limit\n- {symbol} is {#2-9} times faster\n\n**Fixed**\n- {issue}\n\n**Risks**\n- Migration on `{table}` takes {#2-14} min\n\nTests: {#400-900} passed, {#0-2} flaky. **Recommendation: go.**",
      "**No-go** for {repo}: {#1-3} tests of `{path}` fail on {branch}, and the rollback of the migration on `{table}` has not been tried.",
    ],
  },
  research: {
    titles: ["{competitor} in {region}", "Market brief: {metric}", "Who else sells in {country}?"],
    prompts: [
      "What did {competitor} change in {region} this quarter? Prices, packaging, hires. Sources, please.",
      "Brief on {metric} in {region} for the board: one page, with sources.",
    ],
    followUps: ["How sure are you about the prices?", "Compare with {competitor}."],
    notes: [
      "Searching for announcements first, then filings.",
      "Two sources disagree on the date; I'll look for a third.",
    ],
    answers: [
      "## {competitor}, {region}\n\n- List price up {#3-19} % in {country} (two sources)\n- A new plan between team and business\n- {#10-90} open positions, mostly sales\n\n**How sure:** prices high, headcount low. Sources are listed below.\n\n1. news.example.com/{x6}\n2. filings.example.com/{x6}",
      "I found nothing that supports the claim. {competitor} announced the change for {country} only, and withdrew it {#3-20} days later.",
    ],
  },
  deploy: {
    titles: ["Deploy {service} {x7}", "Roll {service} back", "{service}: restart in production"],
    prompts: [
      "Deploy {service} at {x7} to production, one region at a time. Stop if errors rise above 1 %.",
      "{service} is slow since {#1-3} hours. Find out why; restart it if you have to.",
    ],
    followUps: ["Go on with the second region.", "Roll it back, please."],
    notes: [
      "Health checks first.",
      "Error rate is at 0.{#1-9} %. Next region.",
      "This needs a person's approval, I'll wait.",
    ],
    answers: [
      "**{service} {x7} is live** in {#2-4} regions.\n\n- p95 {#80-400} ms (before {#80-400} ms)\n- errors 0.{#1-9} %\n- {#2-9} pods restarted, none pending",
      "Rolled back {service}. Errors fell from {#2-9} % to 0.{#1-9} % within {#1-5} min. Cause: the new build reads `{table}` without its index.",
    ],
  },
};
