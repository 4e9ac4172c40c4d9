-- Customers: who buys, how to reach them, where they receive parcels, what they bought in all.

-- tenant
create table customers (
    org_id bigint not null,
    id bigint not null,
    name text not null,
    name_folded text not null,
    email text,
    language text,
    external_ref text,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    archived_at bigint,
    primary key (org_id, id)
);
create index customers_recent on customers (org_id, created_at, id);
create index customers_name on customers (org_id, name_folded, id);
create index customers_email on customers (org_id, email) where email is not null;
-- The id that a shop or a file knows the person by.
create unique index customers_external_ref on customers (org_id, external_ref) where external_ref is not null;

-- One person may have several numbers; one number belongs to one person.
-- tenant
create table customer_phones (
    org_id bigint not null,
    id bigint not null,
    customer_id bigint not null,
    phone text not null,
    reversed_national text not null,
    label text,
    created_at bigint not null,
    primary key (org_id, id),
    constraint customer_phones_customer_fk foreign key (org_id, customer_id) references customers (org_id, id)
);
create unique index customers_phone on customer_phones (org_id, phone);
create index customer_phones_customer on customer_phones (org_id, customer_id);
-- "Ends with 2387" becomes "begins with 7832".
create index customer_phones_reversed on customer_phones (org_id, reversed_national);

-- tenant
create table customer_addresses (
    org_id bigint not null,
    id bigint not null,
    customer_id bigint not null,
    label text,
    line1 text not null,
    line2 text,
    city text,
    district text,
    province text,
    province_code text,
    country text not null,
    postal_code text,
    place_known bigint not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (org_id, id),
    constraint customer_addresses_customer_fk foreign key (org_id, customer_id) references customers (org_id, id)
);
create index customer_addresses_customer on customer_addresses (org_id, customer_id, id);

-- What a person bought in each store, which is also why people of that store may see her. Written with the order.
-- tenant
create table customer_totals (
    org_id bigint not null,
    customer_id bigint not null,
    store_id bigint not null,
    currency text not null,
    orders bigint not null,
    delivered bigint not null,
    returned bigint not null,
    cancelled bigint not null,
    ordered_total bigint not null,
    delivered_total bigint not null,
    first_order_at bigint not null,
    last_order_at bigint not null,
    primary key (org_id, customer_id, store_id),
    constraint customer_totals_customer_fk foreign key (org_id, customer_id) references customers (org_id, id)
);
