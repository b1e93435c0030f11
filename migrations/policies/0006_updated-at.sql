CREATE INDEX "open_calls_updated_at" ON "policies"."open_calls" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "payouts_updated_at" ON "policies"."payouts" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "service_requests_updated_at" ON "policies"."service_requests" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "star_lists_updated_at" ON "policies"."star_lists" USING btree ("updated_at","id");