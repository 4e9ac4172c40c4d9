-- Numbers of legal documents, without gaps: how they look, where each series stands, and to which document each number is bound.

-- tenant
create table number_series (
    org_id bigint not null,
    kind text not null,
    store_id bigint not null,
    pattern text not null,
    first bigint not null,
    version bigint not null,
    changed_at bigint not null,
    changed_by bigint,
    primary key (org_id, kind, store_id),
    constraint number_series_store_fk foreign key (org_id, store_id) references stores (org_id, id)
);

-- The next number of a series; `year` is 0 where the series does not begin anew each year. The row is locked from the
-- taking of a number to the end of the transaction, so that a number of a transaction that fails is the next one's.
-- tenant
create table series_counters (
    org_id bigint not null,
    kind text not null,
    store_id bigint not null,
    year bigint not null,
    first bigint not null,
    next bigint not null,
    primary key (org_id, kind, store_id, year)
);

-- Every number ever given. Rows are never deleted, and a number never goes to another document.
-- tenant
create table document_numbers (
    org_id bigint not null,
    id bigint not null,
    kind text not null,
    store_id bigint not null,
    year bigint not null,
    seq bigint not null,
    number text not null,
    subject_kind text not null,
    subject_id bigint not null,
    order_id bigint,
    currency text not null,
    total bigint not null,
    issued_on bigint not null,
    created_at bigint not null,
    actor_kind text not null,
    actor_id bigint,
    voided_at bigint,
    void_reason text,
    voided_by_kind text,
    voided_by_id bigint,
    primary key (org_id, id),
    constraint document_numbers_store_fk foreign key (org_id, store_id) references stores (org_id, id),
    constraint document_numbers_order_fk foreign key (org_id, order_id) references orders (org_id, id)
);
create unique index document_numbers_seq on document_numbers (org_id, kind, store_id, year, seq);
create unique index document_numbers_number on document_numbers (org_id, kind, number);
-- A document has one number that counts; a voided one may be followed by another.
create unique index document_numbers_subject on document_numbers (org_id, kind, subject_kind, subject_id) where voided_at is null;
create index document_numbers_order on document_numbers (org_id, order_id, id) where order_id is not null;
