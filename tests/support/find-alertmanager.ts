import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { needPrograms } from "./debian";

/** Debian's program looks for its templates here and nowhere else. */
const SHARED = "/usr/share/prometheus/alertmanager";

export type Alertmanager = { program: string; discard(): void };

/**
 * An Alertmanager: the system's, else Debian's unpacked here, of which a copy looks for its templates
 * beside itself. Throws, with what stood in the way, where it cannot be had.
 */
export function needAlertmanager(): Alertmanager {
  const { "prometheus-alertmanager": program } = needPrograms("prometheus-alertmanager", [
    "prometheus-alertmanager",
  ]);
  if (existsSync(SHARED)) return { program, discard: () => {} };
  const folder = mkdtempSync("/tmp/watchkeeper-am-");
  cpSync(join(dirname(program), "../..", SHARED), folder, { recursive: true });
  const copy = join(folder, "alertmanager");
  const bytes = readFileSync(program);
  // As long as what it replaces, which slashes at its end do not change.
  const place = Buffer.from(folder.padEnd(SHARED.length, "/"));
  for (let at = bytes.indexOf(SHARED); at >= 0; at = bytes.indexOf(SHARED, at + 1))
    place.copy(bytes, at);
  writeFileSync(copy, bytes, { mode: 0o755 });
  return { program: copy, discard: () => rmSync(folder, { recursive: true }) };
}
