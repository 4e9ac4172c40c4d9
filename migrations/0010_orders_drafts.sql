-- Drafts: orders that are being put together, in a chat, as a quote, or as a cart. They have no number and are counted
-- nowhere until they are placed.

-- `content` is JSON: all that will be placed. `contact_name` and `summary` are for lists. Of the link that a customer gets
-- only the hash of its secret is kept. A placed draft keeps nothing but its order, so that placing it again answers that.
-- tenant
create table order_drafts (
    org_id bigint not null,
    id bigint not null,
    store_id bigint not null,
    channel text not null,
    agent_id bigint,
    state text not null,
    content text not null,
    contact_name text not null,
    summary text not null,
    line_count bigint not null,
    currency text not null,
    total bigint not null,
    to_collect bigint not null,
    secret_hash bytes,
    link_expires_at bigint,
    order_id bigint,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    placed_at bigint,
    expires_at bigint not null,
    primary key (org_id, id),
    constraint order_drafts_store_fk foreign key (org_id, store_id) references stores (org_id, id),
    constraint order_drafts_order_fk foreign key (org_id, order_id) references orders (org_id, id)
);
-- The list, newest first.
create index order_drafts_recent on order_drafts (org_id, state, created_at, id);
-- What is past its time.
create index order_drafts_expires on order_drafts (org_id, expires_at, id);
-- The draft that an order came from.
create index order_drafts_order on order_drafts (org_id, order_id) where order_id is not null;
