import { readQuery } from "@/lib/http/query";
import type { Answers, Questions } from "./queries";
import { MetricsQuery } from "./query-schema";
import { readMetrics } from "./query-service";

/** What the API would answer to each of the questions, for a page that is rendered with its data. */
export async function readAnswers(
  workspace: string,
  questions: Questions,
  now = new Date(),
): Promise<Answers> {
  const answers = Object.entries(questions).map(async ([name, params]) => {
    const query = MetricsQuery.parse(readQuery(`http://page/?${params}`));
    return [name, (await readMetrics(workspace, query, { now })).results] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}
