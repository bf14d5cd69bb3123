-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "interrupts" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "interrupts_per_hour" INTEGER NOT NULL DEFAULT 10;

-- CreateTable
CREATE TABLE "session_action" (
    "workspace" TEXT NOT NULL,
    "episode_id" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "session_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "reason" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "event_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_at" TIMESTAMPTZ(3),
    "tried_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_action_pkey" PRIMARY KEY ("workspace","episode_id")
);

-- CreateIndex
CREATE INDEX "session_action_workspace_connection_id_tried_at_idx" ON "session_action"("workspace", "connection_id", "tried_at");

-- CreateIndex
CREATE INDEX "session_action_workspace_rule_id_tried_at_idx" ON "session_action"("workspace", "rule_id", "tried_at");

-- What is not done yet: few of many rows.
CREATE INDEX "session_action_open" ON "session_action"("due_at") WHERE "finished_at" IS NULL;
