-- CreateTable
CREATE TABLE "audit" (
    "workspace" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "actor_label" TEXT NOT NULL,
    "ip" TEXT,
    "user_agent" TEXT,
    "action" TEXT NOT NULL,
    "target_id" TEXT,
    "target_label" TEXT,
    "before" JSONB,
    "after" JSONB,
    "reason" TEXT,
    "request_id" TEXT,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("workspace","id")
);

-- CreateIndex
CREATE INDEX "audit_workspace_at_id_idx" ON "audit"("workspace", "at", "id");

-- CreateIndex
CREATE INDEX "audit_workspace_actor_id_at_id_idx" ON "audit"("workspace", "actor_id", "at", "id");

-- CreateIndex
CREATE INDEX "audit_workspace_target_id_at_id_idx" ON "audit"("workspace", "target_id", "at", "id");

-- What is written stays as it is. Rows go only in a transaction that says before when, as retention does.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF tg_op = 'DELETE' THEN
    IF old.at < nullif(current_setting('watchkeeper.audit_before', true), '')::timestamptz THEN
      RETURN old;
    END IF;
  END IF;
  RAISE EXCEPTION 'The audit log is append-only: % is refused.', lower(tg_op)
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON "audit"
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();

CREATE TRIGGER audit_stays BEFORE TRUNCATE ON "audit"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
