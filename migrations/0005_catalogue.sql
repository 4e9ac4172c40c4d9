-- Catalogue: what orders sell. An SKU nobody knows makes an entry when its first order comes in.

-- tenant
create table products (
    org_id bigint not null,
    id bigint not null,
    title text not null,
    title_folded text not null,
    status text not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (org_id, id)
);
create index products_title on products (org_id, title_folded, id);

-- `known_by` is what makes a variant one: `s:` and its SKU, or `t:` and its folded title where a line has no SKU.
-- tenant
create table variants (
    org_id bigint not null,
    id bigint not null,
    product_id bigint not null,
    known_by text not null,
    kind text not null,
    sku text,
    title text not null,
    variant text,
    price bigint not null,
    currency text not null,
    status text not null,
    search text not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (org_id, id),
    constraint variants_product_fk foreign key (org_id, product_id) references products (org_id, id)
);
create unique index variants_known_by on variants (org_id, known_by);
create index variants_product on variants (org_id, product_id);
-- Titles and SKUs are found by looking through this index alone.
create index variants_search on variants (org_id, status, search, id);
