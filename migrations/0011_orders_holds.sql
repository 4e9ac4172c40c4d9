-- Why orders are held back, called off and passed up the team, in the organization's own words, and what came of it.

-- What an organization added to the lists of reasons that come with the program (orders/src/reasons/seeds.rs), or changed in
-- them. `list` is `hold`, `cancellation` or `escalation`; `labels` is JSON by language.
-- tenant
create table order_reasons (
    org_id bigint not null,
    list text not null,
    code text not null,
    id bigint not null,
    labels text not null,
    needs_note bigint not null,
    against_customer bigint not null,
    position bigint not null,
    archived_at bigint,
    version bigint not null,
    primary key (org_id, list, code)
);

-- Reasons to hold an order back. `orders.hold_count` counts the open ones in the same transaction.
-- tenant
create table order_holds (
    org_id bigint not null,
    order_id bigint not null,
    id bigint not null,
    kind text not null,
    note text,
    owner_id bigint,
    set_by_kind text not null,
    set_by_id bigint,
    set_at bigint not null,
    release_at bigint,
    released_at bigint,
    released_by_kind text,
    released_by_id bigint,
    release_note text,
    version bigint not null,
    primary key (org_id, order_id, id),
    constraint order_holds_order_fk foreign key (org_id, order_id) references orders (org_id, id)
);
-- What holds an order now, and lists by kind: the list itself is led by orders_held.
create index order_holds_open on order_holds (org_id, order_id, kind) where released_at is null;

-- What somebody passed up the team: whose it is, on which level, until when.
-- tenant
create table escalations (
    org_id bigint not null,
    id bigint not null,
    order_id bigint not null,
    store_id bigint not null,
    state text not null,
    level bigint not null,
    reason text not null,
    message text not null,
    raised_by_kind text not null,
    raised_by_id bigint,
    raised_at bigint not null,
    level_at bigint not null,
    owner_id bigint,
    due_at bigint not null,
    acknowledged_at bigint,
    answer text,
    answered_by_kind text,
    answered_by_id bigint,
    answered_at bigint,
    resolution text,
    resolved_by_kind text,
    resolved_by_id bigint,
    resolved_at bigint,
    moves bigint not null,
    version bigint not null,
    primary key (org_id, id),
    constraint escalations_order_fk foreign key (org_id, order_id) references orders (org_id, id)
);
-- An order has one open escalation at a time.
create unique index escalations_open on escalations (org_id, order_id) where resolved_at is null;
create index escalations_order on escalations (org_id, order_id, id);
-- Open ones by their deadline, of all levels and of one.
create index escalations_due on escalations (org_id, due_at, id) where resolved_at is null;
create index escalations_level on escalations (org_id, level, due_at, id) where resolved_at is null;

-- Each time that an order was called off. `day` is the store's; `said` is the code that the caller gave, where it is not
-- one of the list. One that was taken back within its seconds has `undone_at` and counts nowhere.
-- tenant
create table order_cancellations (
    org_id bigint not null,
    order_id bigint not null,
    id bigint not null,
    store_id bigint not null,
    day bigint not null,
    reason text not null,
    said text,
    note text,
    cause text not null,
    by_kind text not null,
    by_id bigint,
    against_customer bigint not null,
    from_state text not null,
    at bigint not null,
    reopened_at bigint,
    undone_at bigint,
    primary key (org_id, order_id, id),
    constraint order_cancellations_order_fk foreign key (org_id, order_id) references orders (org_id, id)
);

-- Cancellations by the store's day, reason and who wanted it, changed in the same transaction; one row for each process, so
-- that none is hot. `reopened` are those of them that live again.
-- tenant
create table cancellation_days (
    org_id bigint not null,
    day bigint not null,
    store_id bigint not null,
    reason text not null,
    cause text not null,
    node bigint not null,
    cancelled bigint not null,
    reopened bigint not null,
    primary key (org_id, day, store_id, reason, cause, node)
);

-- Roles of the first start get the rights that come with this release; Admin has every right by itself. Rights are a JSON
-- list, and one that stands twice counts once.
update roles
   set permissions = replace(permissions, ']', ',"order.hold","order.escalate"]')
 where code in ('team_manager', 'agent_suivi', 'agent_call_center', 'agent')
   and permissions like '["%';
update roles
   set permissions = replace(permissions, ']', ',"escalation.handle"]')
 where code = 'team_manager'
   and permissions like '["%';
