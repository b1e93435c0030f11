CREATE INDEX "indicators_period_end_from_highest" ON "policies"."indicators" USING btree ("period_end" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "open_calls_reward_order_from_highest" ON "policies"."open_calls" USING btree ("reward" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "open_calls_deadline_order_from_highest" ON "policies"."open_calls" USING btree ("deadline" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "payouts_amount_order_from_highest" ON "policies"."payouts" USING btree ("amount" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "payouts_paid_on_from_highest" ON "policies"."payouts" USING btree ("paid_on" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "policies_issued_on_from_highest" ON "policies"."policies" USING btree ("issued_on" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "service_requests_due_on_from_highest" ON "policies"."service_requests" USING btree ("due_on" DESC NULLS LAST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "star_lists_published_on_from_highest" ON "policies"."star_lists" USING btree ("published_on" DESC NULLS LAST,"id" DESC NULLS FIRST);