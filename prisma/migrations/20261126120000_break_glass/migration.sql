ALTER TABLE "membership" ADD COLUMN "may_open" BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE "break_glass" (
    "workspace" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by" TEXT,

    CONSTRAINT "break_glass_pkey" PRIMARY KEY ("workspace", "id")
);

CREATE INDEX "break_glass_workspace_opened_at_id_idx" ON "break_glass"("workspace", "opened_at", "id");

CREATE INDEX "break_glass_workspace_person_id_until_idx" ON "break_glass"("workspace", "person_id", "until");
