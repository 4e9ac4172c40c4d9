-- Orders: what was asked for, by whom, whereto, where it stands, and what happened on the way.
-- Which filter and which sort of a list an index serves stands beside it; orders/src/store/plan.rs chooses.

-- postgres:
create extension if not exists pg_trgm;
create extension if not exists btree_gin;
-- end

-- `seq` is the counted part of `number`. `created_at` is when it was placed, `recorded_at` when we wrote it.
-- `province_key` is country and code, or country and the folded typed name. `before_move` is what an undo restores.
-- tenant
create table orders (
    org_id bigint not null,
    id bigint not null,
    store_id bigint not null,
    seq bigint not null,
    number text not null,
    external_ref text,
    content_hash bytes,
    channel text not null,
    customer_id bigint,
    contact_name text not null,
    contact_phone text,
    line1 text,
    line2 text,
    city text,
    district text,
    province text,
    province_key text,
    country text not null,
    postal_code text,
    place_known bigint not null,
    state text not null,
    before_move text,
    confirmation text not null,
    call_at bigint,
    agent_id bigint,
    shipping_state text not null,
    payment_state text not null,
    tracking text,
    courier text,
    duplicate_score bigint,
    risk bigint,
    hold_count bigint not null,
    priority text not null,
    expected_on bigint,
    payment_method text not null,
    currency text not null,
    subtotal bigint not null,
    discount bigint not null,
    shipping_fee bigint not null,
    cod_fee bigint not null,
    tax bigint not null,
    tax_mode text not null,
    tax_rate_ppm bigint not null,
    total bigint not null,
    to_collect bigint not null,
    line_count bigint not null,
    item_count bigint not null,
    backordered_count bigint not null,
    note_count bigint not null,
    summary text not null,
    tags text not null,
    custom text not null,
    search text not null,
    is_test bigint not null,
    import_source text,
    placed_day bigint not null,
    is_archived bigint not null,
    archived_at bigint,
    created_at bigint not null,
    recorded_at bigint not null,
    updated_at bigint not null,
    moved_at bigint not null,
    version bigint not null,
    primary key (org_id, id),
    constraint orders_store_fk foreign key (org_id, store_id) references stores (org_id, id),
    constraint orders_customer_fk foreign key (org_id, customer_id) references customers (org_id, id)
);

-- Sorts created_at and -created_at, date ranges, filters without an index of their own value, and
-- search: the document stands in the index, so that looking through it touches nothing else.
create index orders_recent on orders (org_id, created_at, id, is_archived, search);
-- Look-up by number, sorts number and -number.
create unique index orders_seq on orders (org_id, seq);
-- Look-up by the shop's reference; the same order never comes in twice.
create unique index orders_external_ref on orders (org_id, external_ref, store_id) where external_ref is not null;
-- Look-up by tracking number.
create index orders_tracking on orders (org_id, tracking) where tracking is not null;
-- A customer's whole history, archived orders included.
create index orders_customer on orders (org_id, customer_id, created_at, id, is_archived);

-- Each serves one filter by one value, in the daily lists or out of them, sorted by created_at either
-- way. New entries go to the end of a few pages that stay in memory.
create index orders_store on orders (org_id, store_id, is_archived, created_at, id);
create index orders_state on orders (org_id, state, is_archived, created_at, id);
create index orders_agent on orders (org_id, agent_id, is_archived, created_at, id);
create index orders_province on orders (org_id, province_key, is_archived, created_at, id);
create index orders_channel on orders (org_id, channel, is_archived, created_at, id);
create index orders_confirmation on orders (org_id, confirmation, is_archived, created_at, id);
create index orders_shipping on orders (org_id, shipping_state, is_archived, created_at, id);
create index orders_payment on orders (org_id, payment_state, is_archived, created_at, id);
-- Amount ranges, sorts total and -total.
create index orders_total on orders (org_id, is_archived, total, id);
-- Sorts moved_at and -moved_at: what has stood longest, what moved last.
create index orders_moved on orders (org_id, is_archived, moved_at, id);

-- Few orders are in these, so they cost the others nothing. Nearly all orders are of normal priority;
-- a list of those is the daily list.
create index orders_priority on orders (org_id, priority, is_archived, created_at, id) where priority <> 'normal';
create index orders_held on orders (org_id, is_archived, created_at, id) where is_archived = 0 and hold_count > 0;
create index orders_unplaced on orders (org_id, is_archived, created_at, id) where is_archived = 0 and place_known = 0;
create index orders_archived on orders (org_id, is_archived, created_at, id) where is_archived = 1;

-- postgres:
create index orders_search on orders using gin (org_id, search gin_trgm_ops);
-- end

-- Lines lie beside each other by order, and have no second key.
-- tenant
create table order_lines (
    org_id bigint not null,
    order_id bigint not null,
    id bigint not null,
    position bigint not null,
    sku text,
    title text not null,
    variant text,
    spec text,
    quantity bigint not null,
    unit_price bigint not null,
    discount bigint not null,
    order_discount bigint not null,
    tax bigint not null,
    line_total bigint not null,
    state text not null,
    variant_id bigint,
    primary key (org_id, order_id, id),
    constraint order_lines_order_fk foreign key (org_id, order_id) references orders (org_id, id),
    constraint order_lines_variant_fk foreign key (org_id, variant_id) references variants (org_id, id)
);
-- Orders by what they sell, newest first.
create index order_lines_variant on order_lines (org_id, variant_id, order_id);

-- What people wrote about an order. `body` is JSON: text, kind, and whatever else the writer's form had.
-- tenant
create table order_notes (
    org_id bigint not null,
    order_id bigint not null,
    id bigint not null,
    audience text not null,
    author_kind text not null,
    author_id bigint,
    body text not null,
    created_at bigint not null,
    primary key (org_id, order_id, id),
    constraint order_notes_order_fk foreign key (org_id, order_id) references orders (org_id, id)
);

-- Dated words about where the parcel is.
-- tenant
create table tracking_entries (
    org_id bigint not null,
    order_id bigint not null,
    id bigint not null,
    at bigint not null,
    status text not null,
    place text,
    body text,
    source text not null,
    author_kind text not null,
    author_id bigint,
    created_at bigint not null,
    primary key (org_id, order_id, id),
    constraint tracking_entries_order_fk foreign key (org_id, order_id) references orders (org_id, id)
);

-- What went back on paper: goods, or money after the fact.
-- tenant
create table credit_notes (
    org_id bigint not null,
    id bigint not null,
    store_id bigint not null,
    order_id bigint,
    customer_id bigint,
    external_ref text,
    content_hash bytes,
    kind text not null,
    currency text not null,
    total bigint not null,
    country text not null,
    reason text,
    import_source text,
    created_at bigint not null,
    recorded_at bigint not null,
    primary key (org_id, id),
    constraint credit_notes_store_fk foreign key (org_id, store_id) references stores (org_id, id),
    constraint credit_notes_order_fk foreign key (org_id, order_id) references orders (org_id, id),
    constraint credit_notes_customer_fk foreign key (org_id, customer_id) references customers (org_id, id)
);
create unique index credit_notes_external_ref on credit_notes (org_id, external_ref, store_id) where external_ref is not null;
create index credit_notes_order on credit_notes (org_id, order_id);
create index credit_notes_recent on credit_notes (org_id, created_at, id);

-- tenant
create table credit_note_lines (
    org_id bigint not null,
    credit_note_id bigint not null,
    id bigint not null,
    position bigint not null,
    sku text,
    title text not null,
    quantity bigint not null,
    unit_price bigint not null,
    line_total bigint not null,
    variant_id bigint,
    order_line_id bigint,
    primary key (org_id, credit_note_id, id),
    constraint credit_note_lines_note_fk foreign key (org_id, credit_note_id) references credit_notes (org_id, id),
    constraint credit_note_lines_variant_fk foreign key (org_id, variant_id) references variants (org_id, id)
);
