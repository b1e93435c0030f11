CREATE TABLE "hub"."rule_positions" (
	"rule" text PRIMARY KEY NOT NULL,
	"position" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
