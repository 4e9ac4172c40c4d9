-- Bulk: one action on many orders, prepared, looked at, carried out in slices, taken back.

-- `action` is JSON: the word and what goes with it. `query` is the parameters of the list, as they were sent; `newest` is the
-- newest order that there was then. `tried` is what a trial of all orders said. `stop_at` ends a first batch, `stop_ppm` is the
-- share of refusals above which it stops; both count from `judged_from` and `refused_from`.
-- tenant
create table bulk_runs (
    org_id bigint not null,
    id bigint not null,
    word text not null,
    action text not null,
    query text,
    newest bigint not null,
    state text not null,
    task_id bigint,
    start_wanted text,
    start_at bigint,
    found bigint not null,
    tried text,
    done bigint not null,
    unchanged bigint not null,
    refused bigint not null,
    skipped bigint not null,
    undone bigint not null,
    kept bigint not null,
    stop_at bigint,
    stop_ppm bigint,
    judged_from bigint not null,
    refused_from bigint not null,
    undo_until bigint,
    actor_kind text not null,
    actor_id bigint,
    created_at bigint not null,
    started_at bigint,
    ended_at bigint,
    primary key (org_id, id)
);
create index bulk_runs_actor on bulk_runs (org_id, actor_kind, actor_id, id);

-- An order of a run, once: its version when the set was made and after the action, what became of it, and what an undo puts
-- back. `would` is why the trial was refused.
-- tenant
create table bulk_items (
    org_id bigint not null,
    bulk_id bigint not null,
    order_id bigint not null,
    position bigint not null,
    version bigint not null,
    would text,
    outcome text not null,
    code text,
    args text,
    before text,
    version_after bigint,
    undo text,
    undo_code text,
    at bigint,
    primary key (org_id, bulk_id, order_id),
    constraint bulk_items_run_fk foreign key (org_id, bulk_id) references bulk_runs (org_id, id)
);
-- The list of results, and what is left to do.
create index bulk_items_position on bulk_items (org_id, bulk_id, position);
create index bulk_items_outcome on bulk_items (org_id, bulk_id, outcome, position);

-- Roles of the first start get the rights that come with this release; Admin has every right by itself.
update roles
   set permissions = replace(permissions, ']', ',"order.bulk","order.assign"]')
 where code = 'team_manager'
   and permissions like '["%';
update roles
   set permissions = replace(permissions, ']', ',"order.bulk"]')
 where code = 'agent_suivi'
   and permissions like '["%';
