import type { MetricFamily } from "@/lib/metrics/exposition";
import type { MaskingAnswer } from "./schema";

/** What was masked, as Prometheus is told it. */
export const maskedFamily = (masked: MaskingAnswer["masked"]): MetricFamily => ({
  name: "watchkeeper_masked_fields_total",
  type: "counter",
  help: "Values in which a rule of masking replaced something, of new items.",
  samples: masked.map(({ rule, fields }) => ({ labels: { rule }, value: fields })),
});
