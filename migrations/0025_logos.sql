-- The logos that customers see: one for all stores, and one of a store's own where it has one.

-- Small pictures, written anew when they came in: a few kilobytes, so they stand here. `store_id` is 0 for all stores.
-- tenant
create table logos (
    org_id bigint not null,
    store_id bigint not null,
    sha256 bytes not null,
    content_type text not null,
    content bytes not null,
    width bigint not null,
    height bigint not null,
    changed_at bigint not null,
    primary key (org_id, store_id)
);
create index logos_sha256 on logos (org_id, sha256);
