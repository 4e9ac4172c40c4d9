-- Notes that stand on top of their order.
alter table order_notes add column pinned_at bigint;

-- Whom a note of an order names. They have it before them until they have looked at the order (`seen_at`).
-- tenant
create table note_mentions (
    org_id bigint not null,
    order_id bigint not null,
    note_id bigint not null,
    user_id bigint not null,
    created_at bigint not null,
    seen_at bigint,
    primary key (org_id, order_id, note_id, user_id),
    constraint note_mentions_order_fk foreign key (org_id, order_id) references orders (org_id, id)
);
-- What somebody has not seen, newest first.
create index note_mentions_waiting on note_mentions (org_id, user_id, note_id) where seen_at is null;
