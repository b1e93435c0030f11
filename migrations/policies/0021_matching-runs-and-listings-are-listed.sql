DROP INDEX "policies"."matching_runs_rule";--> statement-breakpoint
DROP INDEX "policies"."matching_runs_measure";--> statement-breakpoint
DROP INDEX "policies"."qualifying_list_members_enterprise";--> statement-breakpoint
CREATE INDEX "matching_runs_ran_on" ON "policies"."matching_runs" USING btree ("ran_on","id");--> statement-breakpoint
CREATE INDEX "matching_runs_ran_on_from_highest" ON "policies"."matching_runs" USING btree ("ran_on" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "matching_runs_period" ON "policies"."matching_runs" USING btree ("period","id");--> statement-breakpoint
CREATE INDEX "matching_runs_dry_run" ON "policies"."matching_runs" USING btree ("dry_run","id");--> statement-breakpoint
CREATE INDEX "matching_runs_stage" ON "policies"."matching_runs" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "matching_runs_synthetic" ON "policies"."matching_runs" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "matching_runs_updated_at" ON "policies"."matching_runs" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "qualifying_list_members_list_order" ON "policies"."qualifying_list_members" USING btree ("list_id","id");--> statement-breakpoint
CREATE INDEX "qualifying_list_members_region" ON "policies"."qualifying_list_members" USING btree ("region_code","id");--> statement-breakpoint
CREATE INDEX "qualifying_list_members_stage" ON "policies"."qualifying_list_members" USING btree ("stage","id");--> statement-breakpoint
CREATE INDEX "qualifying_list_members_holds_from" ON "policies"."qualifying_list_members" USING btree ("holds_from","id");--> statement-breakpoint
CREATE INDEX "qualifying_list_members_holds_from_from_highest" ON "policies"."qualifying_list_members" USING btree ("holds_from" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "qualifying_list_members_holds_until" ON "policies"."qualifying_list_members" USING btree ("holds_until","id");--> statement-breakpoint
CREATE INDEX "qualifying_list_members_holds_until_from_highest" ON "policies"."qualifying_list_members" USING btree ("holds_until" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "qualifying_list_members_synthetic" ON "policies"."qualifying_list_members" USING btree ("synthetic","id");--> statement-breakpoint
CREATE INDEX "qualifying_list_members_updated_at" ON "policies"."qualifying_list_members" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "matching_runs_rule" ON "policies"."matching_runs" USING btree ("rule_id","id");--> statement-breakpoint
CREATE INDEX "matching_runs_measure" ON "policies"."matching_runs" USING btree ("measure_id","ran_on","id");--> statement-breakpoint
CREATE INDEX "qualifying_list_members_enterprise" ON "policies"."qualifying_list_members" USING btree ("enterprise_id","id");