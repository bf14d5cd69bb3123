import { CATALOGUE } from "./catalogue";
import { AGGREGATES, knownBy, termsOf } from "./metric";
import type { CatalogueAnswer } from "./query-schema";
import { DIMENSIONS, FAMILIES } from "./schema";

/** The catalogue as the API tells it, with what each metric can be grouped by without reading sessions. */
export function describeCatalogue(): CatalogueAnswer {
  return {
    metrics: CATALOGUE.map((metric) => {
      const keys = termsOf(metric).flatMap(({ family, bucket }) => [
        ...(bucket ? ["bucket"] : []),
        FAMILIES[family],
      ]);
      const { id, unit, kind, text } = metric;
      return {
        ...{ id, unit, kind, text },
        dimensions: [
          ...(knownBy(metric) ?? [...DIMENSIONS, ...new Set(keys.filter((key) => key !== ""))]),
        ],
        aggregates: kind === "distribution" ? [...AGGREGATES] : [],
      };
    }),
  };
}
