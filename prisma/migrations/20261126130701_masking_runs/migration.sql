-- Masking what is stored by rules that came later: how far it is and what it has masked.
CREATE TABLE "masking_run" (
    "workspace" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "asked_by" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "stage" TEXT NOT NULL,
    "after_session" TEXT NOT NULL DEFAULT '',
    "after_connection" TEXT NOT NULL DEFAULT '',
    "sessions" INTEGER,
    "done" INTEGER NOT NULL DEFAULT 0,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "fields" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "masking_run_pkey" PRIMARY KEY ("workspace","id")
);

CREATE INDEX "masking_run_workspace_created_at_idx" ON "masking_run"("workspace", "created_at");
