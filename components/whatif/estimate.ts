/** The fields of an estimate, by their names in the URL and in the API. */
export const FIELDS = [
  { name: "sessions_per_day", label: "Sessions a day", usual: "100" },
  { name: "minutes", label: "Minutes a session runs", usual: "5" },
  { name: "input_tokens", label: "Input, not cached", usual: "10000" },
  { name: "cache_write_5m_tokens", label: "Cache writes, 5 min", usual: "20000" },
  { name: "cache_write_1h_tokens", label: "Cache writes, 1 h", usual: "0" },
  { name: "cache_read_tokens", label: "Cache reads", usual: "200000" },
  { name: "output_tokens", label: "Output", usual: "5000" },
  { name: "web_searches", label: "Web searches", usual: "0" },
  { name: "discount", label: "Discount in percent", usual: "0" },
] as const;
export type FieldName = (typeof FIELDS)[number]["name"];

/** In the URL, where other pages have a filter of that name. */
export const MODEL_PARAM = "of";

const USUAL_MODEL = "claude-sonnet-5-5";

export type Estimated = { model: string; values: Record<FieldName, string> };

/** Reads what is typed from the URL; what is not there is as usual. */
export function estimatedOf(params: URLSearchParams, models: readonly string[]): Estimated {
  const value = (name: string, usual: string) => params.get(name) ?? usual;
  return {
    model: value(MODEL_PARAM, models.find((one) => one === USUAL_MODEL) ?? models[0] ?? ""),
    values: Object.fromEntries(
      FIELDS.map(({ name, usual }) => [name, value(name, usual)]),
    ) as Record<FieldName, string>,
  };
}

const INTEGERS = /tokens$/;

/** Whether a field can be sent: a number from 0 on, tokens whole ones, a discount up to 100. */
export function isFine(name: FieldName, text: string): boolean {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) return false;
  if (name === "discount") return value <= 100;
  return !INTEGERS.test(name) || Number.isInteger(value);
}

/** What is asked of the API; null while a field cannot be read. */
export function estimateParams({ model, values }: Estimated): URLSearchParams | null {
  if (model === "" || FIELDS.some(({ name }) => !isFine(name, values[name]))) return null;
  return new URLSearchParams({ model, ...values });
}
