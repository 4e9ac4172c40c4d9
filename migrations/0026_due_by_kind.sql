-- Due jobs of chosen kinds, however many of the others are due: what waits for a slow partner is not read through by
-- whoever looks for other work.
create index jobs_due_by_kind on jobs (org_id, kind, run_at, id) where state = 'waiting';
