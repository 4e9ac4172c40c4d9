-- What everything stands on: organizations, events and their chain, settings, secrets, idempotency, counters, numbers, nodes.

-- reference
create table organizations (
    id          bigint primary key,
    name        text not null,
    created_at  bigint not null
);

-- Which organization a sign-in name belongs to; names are folded e-mail addresses.
-- reference
create table directory (
    name        text not null,
    org_id      bigint not null,
    primary key (name)
);

-- Numbers 0 to 1023 of processes, which make their ids distinct.
-- coordinator
create table nodes (
    node        bigint primary key,
    holder      text not null,
    started_at  bigint not null,
    until       bigint not null
);

-- One row: whether the master key is the right one.
-- coordinator
create table key_checks (
    id          bigint primary key,
    sealed      bytes not null
);

-- History and audit trail. No personal data: that stands in event_details.
-- tenant
create table events (
    org_id        bigint not null,
    id            bigint not null,
    at            bigint not null,
    kind          text not null,
    subject_kind  text not null,
    subject_id    bigint not null,
    actor_kind    text not null,
    actor_id      bigint,
    automated     bigint not null,
    session_id    bigint,
    request_id    text not null,
    data          text not null,
    details_hash  bytes,
    chain_seq     bigint,
    chain_hash    bytes,
    primary key (org_id, id)
);
create index events_subject on events (org_id, subject_kind, subject_id, at, id);
create index events_at on events (org_id, at, id);
create index events_kind on events (org_id, kind, at, id);
create index events_actor on events (org_id, actor_kind, actor_id, at, id);
create index events_unsealed on events (org_id, id) where chain_seq is null;
create unique index events_chain on events (org_id, chain_seq) where chain_seq is not null;

-- What an event says about persons or in free words; deleting a row leaves the chain whole.
-- tenant
create table event_details (
    org_id      bigint not null,
    event_id    bigint not null,
    salt        bytes not null,
    data        text not null,
    primary key (org_id, event_id)
);

-- The end of an organization's chain of sealed events.
-- tenant
create table event_chains (
    org_id      bigint not null,
    id          bigint not null,
    seq         bigint not null,
    hash        bytes not null,
    sealed_at   bigint not null,
    primary key (org_id, id)
);

-- tenant
create table settings (
    org_id      bigint not null,
    name        text not null,
    value       text not null,
    version     bigint not null,
    changed_at  bigint not null,
    changed_by  bigint,
    primary key (org_id, name)
);

-- tenant
create table secrets (
    org_id      bigint not null,
    name        text not null,
    sealed      bytes not null,
    changed_at  bigint not null,
    changed_by  bigint,
    primary key (org_id, name)
);

-- Kept answers; `actor` is the caller, because two programs may count alike.
-- tenant
create table idempotency (
    org_id       bigint not null,
    actor        text not null,
    key          text not null,
    fingerprint  bytes not null,
    body         text not null,
    expires_at   bigint not null,
    primary key (org_id, actor, key)
);
create index idempotency_expires on idempotency (org_id, expires_at);

-- Sums over nodes are the counts; each process has its own row, so none is hot.
-- tenant
create table counters (
    org_id      bigint not null,
    key         text not null,
    node        bigint not null,
    value       bigint not null,
    primary key (org_id, key, node)
);

-- Orders and their totals by the store's day on which they were placed.
-- tenant
create table order_days (
    org_id      bigint not null,
    day         bigint not null,
    store_id    bigint not null,
    state       text not null,
    currency    text not null,
    node        bigint not null,
    orders      bigint not null,
    total       bigint not null,
    primary key (org_id, day, store_id, state, currency, node)
);

-- The next free number of each kind that people see.
-- tenant
create table numbers (
    org_id      bigint not null,
    name        text not null,
    next        bigint not null,
    primary key (org_id, name)
);
