// Loaded into the product's processes by `npm run bench -- --profile`: each SIGUSR2 to the web process
// begins, or ends and writes, a CPU profile.
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";

if (process.argv[1]?.endsWith("web.mjs")) {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  let running = false;
  process.on("SIGUSR2", () => {
    running = !running;
    if (running) return session.post("Profiler.start");
    session.post("Profiler.stop", (error, result) => {
      if (error) throw error;
      const file = join(import.meta.dirname, "..", ".results", `web-${process.pid}.cpuprofile`);
      writeFileSync(file, JSON.stringify(result.profile));
    });
  });
}
