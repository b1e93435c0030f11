CREATE TABLE "hub"."audit_heads" (
	"gateway" text PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL,
	"hash" text NOT NULL,
	"kept_at" timestamp with time zone DEFAULT now() NOT NULL
);
