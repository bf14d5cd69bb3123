-- CreateTable
CREATE TABLE "alert_rule" (
    "workspace" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "every_ms" INTEGER NOT NULL,
    "offset_ms" INTEGER NOT NULL,
    "cursor" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "health" TEXT NOT NULL DEFAULT 'unknown',
    "health_text" TEXT,
    "health_since" TIMESTAMPTZ(3),
    "errors" INTEGER NOT NULL DEFAULT 0,
    "lag_ms" INTEGER,
    "evaluated_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(6),

    CONSTRAINT "alert_rule_pkey" PRIMARY KEY ("workspace","id")
);

-- CreateTable
CREATE TABLE "alert_rule_version" (
    "workspace" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "body" JSONB NOT NULL,
    "author" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alert_rule_version_pkey" PRIMARY KEY ("workspace","rule_id","version")
);

-- CreateTable
CREATE TABLE "alert_instance" (
    "workspace" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "value" DOUBLE PRECISION,
    "numerator" DOUBLE PRECISION,
    "denominator" DOUBLE PRECISION,
    "severity" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "episode_id" TEXT,
    "seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_instance_pkey" PRIMARY KEY ("workspace","rule_id","fingerprint")
);

-- CreateTable
CREATE TABLE "alert_evaluation" (
    "workspace" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "tick" TIMESTAMPTZ(3) NOT NULL,
    "until_tick" TIMESTAMPTZ(3) NOT NULL,
    "ticks" INTEGER NOT NULL DEFAULT 1,
    "lag_ms" INTEGER NOT NULL,
    "results" JSONB NOT NULL,

    CONSTRAINT "alert_evaluation_pkey" PRIMARY KEY ("workspace","rule_id","tick")
);

-- CreateTable
CREATE TABLE "alert_episode" (
    "workspace" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "severity" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "close_reason" TEXT,
    "peak" DOUBLE PRECISION,
    "window_from" TIMESTAMPTZ(3) NOT NULL,
    "window_to" TIMESTAMPTZ(3) NOT NULL,
    "session_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "sessions" INTEGER NOT NULL DEFAULT 0,
    "summary" JSONB NOT NULL DEFAULT '{}',
    "late" BOOLEAN NOT NULL DEFAULT false,
    "acknowledged_at" TIMESTAMPTZ(6),
    "acknowledged_by" TEXT,

    CONSTRAINT "alert_episode_pkey" PRIMARY KEY ("workspace","id")
);

-- CreateTable
CREATE TABLE "alert_transition" (
    "workspace" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "tick" TIMESTAMPTZ(3) NOT NULL,
    "step" INTEGER NOT NULL DEFAULT 0,
    "episode_id" TEXT,
    "from_status" TEXT NOT NULL,
    "to_status" TEXT NOT NULL,
    "event" TEXT,
    "reason" TEXT,
    "severity" TEXT NOT NULL,
    "value" DOUBLE PRECISION,
    "numerator" DOUBLE PRECISION,
    "denominator" DOUBLE PRECISION,
    "rule_version" INTEGER NOT NULL,

    CONSTRAINT "alert_transition_pkey" PRIMARY KEY ("workspace","rule_id","fingerprint","tick","step")
);

-- CreateTable
CREATE TABLE "alert_note" (
    "workspace" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "episode_id" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alert_note_pkey" PRIMARY KEY ("workspace","id")
);

-- CreateTable
CREATE TABLE "heartbeat" (
    "workspace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "count" BIGINT NOT NULL DEFAULT 1,

    CONSTRAINT "heartbeat_pkey" PRIMARY KEY ("workspace","name")
);

-- CreateTable
CREATE TABLE "channel" (
    "workspace" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "secrets" JSONB NOT NULL DEFAULT '{}',
    "sends_closes" BOOLEAN NOT NULL DEFAULT true,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "state" TEXT NOT NULL DEFAULT 'ok',
    "state_reason" TEXT,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "clear_at" TIMESTAMPTZ(3),
    "last_sent_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "channel_pkey" PRIMARY KEY ("workspace","id")
);

-- CreateTable
CREATE TABLE "route" (
    "workspace" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "route_pkey" PRIMARY KEY ("workspace","id")
);

-- CreateTable
CREATE TABLE "silence" (
    "workspace" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "author" TEXT NOT NULL,
    "history" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "silence_pkey" PRIMARY KEY ("workspace","id")
);

-- CreateTable
CREATE TABLE "mute_timing" (
    "workspace" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mute_timing_pkey" PRIMARY KEY ("workspace","id")
);

-- CreateTable
CREATE TABLE "notice" (
    "workspace" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "acknowledged_at" TIMESTAMPTZ(6),
    "acknowledged_by" TEXT,
    "changed_at" TIMESTAMPTZ(6) NOT NULL,
    "routed_at" TIMESTAMPTZ(6),

    CONSTRAINT "notice_pkey" PRIMARY KEY ("workspace","id")
);

-- CreateTable
CREATE TABLE "notice_group" (
    "workspace" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "timing" JSONB NOT NULL,
    "members" TEXT[],
    "told" JSONB NOT NULL DEFAULT '{}',
    "state" JSONB NOT NULL DEFAULT '{}',
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "flush_at" TIMESTAMPTZ(3),
    "last_sent_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notice_group_pkey" PRIMARY KEY ("workspace","channel_id","key")
);

-- CreateTable
CREATE TABLE "delivery" (
    "workspace" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "group_key" TEXT,
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "reason" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "episode_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "state" TEXT NOT NULL DEFAULT 'queued',
    "state_reason" TEXT,
    "attempts" JSONB NOT NULL DEFAULT '[]',
    "tries" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "leased_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("workspace","id")
);

-- CreateIndex
CREATE INDEX "alert_rule_due_at_idx" ON "alert_rule"("due_at");

-- CreateIndex
CREATE INDEX "alert_evaluation_tick_idx" ON "alert_evaluation"("tick");

-- CreateIndex
CREATE INDEX "alert_episode_workspace_opened_at_id_idx" ON "alert_episode"("workspace", "opened_at", "id");

-- CreateIndex
CREATE INDEX "alert_episode_workspace_rule_id_opened_at_idx" ON "alert_episode"("workspace", "rule_id", "opened_at");

-- CreateIndex
CREATE INDEX "alert_transition_workspace_episode_id_tick_idx" ON "alert_transition"("workspace", "episode_id", "tick");

-- CreateIndex
CREATE INDEX "alert_note_workspace_episode_id_created_at_idx" ON "alert_note"("workspace", "episode_id", "created_at");

-- CreateIndex
CREATE INDEX "silence_workspace_ends_at_idx" ON "silence"("workspace", "ends_at");

-- CreateIndex
CREATE INDEX "notice_workspace_closed_at_idx" ON "notice"("workspace", "closed_at");

-- CreateIndex
CREATE INDEX "notice_group_flush_at_idx" ON "notice_group"("flush_at");

-- CreateIndex
CREATE INDEX "delivery_workspace_created_at_id_idx" ON "delivery"("workspace", "created_at", "id");

-- CreateIndex
CREATE INDEX "delivery_episode_ids_idx" ON "delivery" USING GIN ("episode_ids");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_workspace_channel_id_group_key_sequence_key" ON "delivery"("workspace", "channel_id", "group_key", "sequence");

-- What is still to be sent, channel by channel: few of very many rows.
CREATE INDEX "delivery_waiting" ON "delivery"("channel_id", "due_at") WHERE "finished_at" IS NULL;

-- What is not told on yet: few of very many rows.
CREATE INDEX "notice_unrouted" ON "notice"("workspace", "changed_at") WHERE "routed_at" IS NULL;
