-- What held messages back, by name and for how long: the timeline of an episode tells it.
CREATE TABLE "notice_hold" (
    "workspace" TEXT NOT NULL,
    "episode_id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "by_id" TEXT NOT NULL,
    "by_name" TEXT NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "until_at" TIMESTAMPTZ(3),

    CONSTRAINT "notice_hold_pkey" PRIMARY KEY ("workspace","episode_id","channel_id","kind","by_id","from_at")
);
