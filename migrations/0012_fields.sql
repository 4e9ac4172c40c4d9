-- A team's own codes: tags, custom fields, and the index behind filters on them.

-- `tone` is a word of the palette. A merged tag points to the one that took its place until every order and
-- customer bears that one; then its row goes.
-- tenant
create table tags (
    org_id bigint not null,
    id bigint not null,
    name text not null,
    tone text not null,
    position bigint not null,
    merged_into bigint,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    archived_at bigint,
    primary key (org_id, id)
);
create index tags_listed on tags (org_id, position, id) where merged_into is null;
create index tags_merged on tags (org_id, merged_into) where merged_into is not null;

-- Every name that a tag has or had, folded: files and programs go on using the old ones.
-- tenant
create table tag_names (
    org_id bigint not null,
    folded text not null,
    tag_id bigint not null,
    primary key (org_id, folded)
);
create index tag_names_tag on tag_names (org_id, tag_id);

-- Fields that a team keeps of its own. `labels` is JSON, words by language; `choices` is a JSON array.
-- `facets` says whether values stand in the index of filters: none, filling, ready, clearing.
-- tenant
create table custom_fields (
    org_id bigint not null,
    id bigint not null,
    subject text not null,
    key text not null,
    labels text not null,
    kind text not null,
    required text not null,
    default_value text,
    choices text not null,
    is_filterable bigint not null,
    is_searchable bigint not null,
    is_listed bigint not null,
    facets text not null,
    position bigint not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    archived_at bigint,
    primary key (org_id, id)
);
create unique index custom_fields_key on custom_fields (org_id, subject, key);

-- One row for each tag of an order (`field` 0, `value` the tag's id) and for each value of a field that is
-- filtered or searched by. Written with the order; orders without tags and fields have none.
-- tenant
create table order_facets (
    org_id bigint not null,
    order_id bigint not null,
    field bigint not null,
    value text not null,
    number bigint,
    is_archived bigint not null,
    created_at bigint not null,
    primary key (org_id, order_id, field, value),
    constraint order_facets_order_fk foreign key (org_id, order_id) references orders (org_id, id)
);
-- Filters by a value, sorted by created_at as the other filters of a list are; texts that begin so.
create index order_facets_value on order_facets (org_id, field, value, is_archived, created_at, order_id);
-- Ranges of numbers, amounts and days.
create index order_facets_number on order_facets (org_id, field, number, order_id) where number is not null;
-- What a rename, a merge or a cleared field goes through.
create index order_facets_walk on order_facets (org_id, field, order_id);

-- The same for customers.
-- tenant
create table customer_facets (
    org_id bigint not null,
    customer_id bigint not null,
    field bigint not null,
    value text not null,
    number bigint,
    created_at bigint not null,
    primary key (org_id, customer_id, field, value),
    constraint customer_facets_customer_fk foreign key (org_id, customer_id) references customers (org_id, id)
);
create index customer_facets_value on customer_facets (org_id, field, value, created_at, customer_id);
create index customer_facets_number on customer_facets (org_id, field, number, customer_id) where number is not null;
create index customer_facets_walk on customer_facets (org_id, field, customer_id);

alter table customers add column tags text not null default '[]';
alter table customers add column custom text not null default '{}';
