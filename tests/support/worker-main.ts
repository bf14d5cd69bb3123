import { RHYTHM } from "@/lib/anthropic/rhythm";
import worker from "@/lib/cli/worker";

// node --import tsx tests/support/worker-main.ts '{"settleMs": 600}'
// The product's worker as a process of its own, in another rhythm.
Object.assign(RHYTHM, JSON.parse(process.argv[2] ?? "{}"));
await worker();
process.exit(0);
