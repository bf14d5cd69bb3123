// Loaded into the product's processes by `npm run bench -- --profile`: each SIGUSR2 to the web process or
// the worker begins, or ends and writes, a CPU profile.
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";

const [, file = "", command] = process.argv;
const isWorker = file.endsWith("boot.mjs") && command === "worker";
if (file.endsWith("web.mjs") || isWorker) {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  let running = false;
  process.on("SIGUSR2", () => {
    running = !running;
    if (running) return session.post("Profiler.start");
    session.post("Profiler.stop", (error, result) => {
      if (error) throw error;
      const path = join(
        import.meta.dirname,
        "..",
        ".results",
        `${isWorker ? "worker" : "web"}-${process.pid}.cpuprofile`,
      );
      writeFileSync(path, JSON.stringify(result.profile));
    });
  });
}
