-- Proposals to change an order after it was placed: seen with what they would come to, then applied or dropped.

-- `base` is the order as its author saw it, `wanted` what shall be different, `before` what an undo of the applied
-- proposal puts back; all JSON. They may name persons, so a row goes when it is dropped, undone or past its time, and an
-- applied one keeps `before` alone.
-- tenant
create table order_edits (
    org_id bigint not null,
    order_id bigint not null,
    id bigint not null,
    state text not null,
    author_kind text not null,
    author_id bigint,
    order_version bigint not null,
    base text not null,
    wanted text not null,
    before text,
    event_id bigint,
    applied_version bigint,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    expires_at bigint not null,
    primary key (org_id, order_id, id),
    constraint order_edits_order_fk foreign key (org_id, order_id) references orders (org_id, id)
);
-- What is past its time.
create index order_edits_expires on order_edits (org_id, expires_at, order_id, id);
