-- What customers see of their orders without an account: links to one order, codes and short sessions for all of theirs.

-- Links are signed and not kept. Each bears the round of its order; a row stands only where links were revoked, which
-- began another round.
-- tenant
create table tracking_links (
    org_id bigint not null,
    order_id bigint not null,
    round bigint not null,
    revoked_at bigint not null,
    primary key (org_id, order_id)
);

-- Codes that open a customer's own history. `subject` and `code_hash` are made with the installation's key: of the customer, or of
-- a number or address that nobody here has, so that both leave a row; and of the code.
-- tenant
create table customer_codes (
    org_id bigint not null,
    id bigint not null,
    subject bytes not null,
    customer_id bigint,
    code_hash bytes not null,
    tries bigint not null,
    created_at bigint not null,
    expires_at bigint not null,
    primary key (org_id, id)
);
create index customer_codes_subject on customer_codes (org_id, subject, created_at, id);
create index customer_codes_expires on customer_codes (org_id, expires_at, id);
create index customer_codes_customer on customer_codes (org_id, customer_id) where customer_id is not null;

-- What a code opened. Of the secret only the hash is kept.
-- tenant
create table customer_sessions (
    org_id bigint not null,
    id bigint not null,
    customer_id bigint not null,
    secret_hash bytes not null,
    created_at bigint not null,
    expires_at bigint not null,
    primary key (org_id, id)
);
create index customer_sessions_expires on customer_sessions (org_id, expires_at, id);
create index customer_sessions_customer on customer_sessions (org_id, customer_id);
