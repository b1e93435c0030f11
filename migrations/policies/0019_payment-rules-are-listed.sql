CREATE INDEX "payment_rules_stage" ON "policies"."payment_rules" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "payment_rules_due_on" ON "policies"."payment_rules" USING btree ("due_on","id");--> statement-breakpoint
CREATE INDEX "payment_rules_due_on_from_highest" ON "policies"."payment_rules" USING btree ("due_on" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "payment_rules_synthetic" ON "policies"."payment_rules" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "payment_rules_updated_at" ON "policies"."payment_rules" USING btree ("updated_at","id");