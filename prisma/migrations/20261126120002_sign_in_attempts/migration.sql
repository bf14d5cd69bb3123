-- Counts that may be lost with a crash: the worst of it is that somebody may try eight times again.
CREATE UNLOGGED TABLE "sign_in_attempt" (
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_attempt_pkey" PRIMARY KEY ("key")
);

CREATE INDEX "sign_in_attempt_until_idx" ON "sign_in_attempt"("until");
