import { needPrograms } from "./debian";

/** The programs of an installed Prometheus, or of Debian's package unpacked here. */
export type Prometheus = { prometheus: string; promtool: string };

/** Throws, with what stood in the way, where they cannot be had. */
export function needPrometheus(): Prometheus {
  return needPrograms("prometheus", ["prometheus", "promtool"]);
}
