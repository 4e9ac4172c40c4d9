-- Customers in care: marks and notes on them, what they agreed to, two records of one person, erasing a person.

-- A customer who was merged points to the one that was kept; her own row stays, so that an old id still leads
-- somewhere and a merge can be undone. `language_source` says whether the language was chosen or detected.
alter table customers add column merged_into bigint;
alter table customers add column erased_at bigint;
alter table customers add column language_source text;
create index customers_merged on customers (org_id, merged_into) where merged_into is not null;

-- The main number or address comes first, then by position, then by age.
alter table customer_phones add column is_main bigint not null default 0;
alter table customer_phones add column position bigint not null default 0;
alter table customer_phones add column version bigint not null default 1;
alter table customer_addresses add column is_main bigint not null default 0;
alter table customer_addresses add column position bigint not null default 0;

-- Payments and messages of one person, the newest first, without a look at each order.
alter table transactions add column customer_id bigint;
update transactions
   set customer_id = (select o.customer_id from orders o where o.org_id = transactions.org_id and o.id = transactions.order_id);
create index transactions_customer on transactions (org_id, customer_id, at, id) where customer_id is not null;
create index messages_customer on messages (org_id, customer_id, created_at, id) where customer_id is not null;
create index credit_notes_customer on credit_notes (org_id, customer_id, created_at, id) where customer_id is not null;

-- Kinds of marks that an organization made, or whose colour and words it changed; `labels` is JSON by language.
-- tenant
create table customer_flag_kinds (
    org_id bigint not null,
    code text not null,
    labels text not null,
    tone text not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    archived_at bigint,
    primary key (org_id, code)
);

-- Marks on a person. One that was removed stays, with the reason, until the person is erased.
-- tenant
create table customer_flags (
    org_id bigint not null,
    id bigint not null,
    customer_id bigint not null,
    kind text not null,
    reason text not null,
    at bigint not null,
    expires_at bigint,
    author_kind text not null,
    author_id bigint,
    removed_at bigint,
    removed_by_kind text,
    removed_by_id bigint,
    removed_reason text,
    primary key (org_id, id),
    constraint customer_flags_customer_fk foreign key (org_id, customer_id) references customers (org_id, id)
);
create index customer_flags_customer on customer_flags (org_id, customer_id, at, id);
create index customer_flags_open on customer_flags (org_id, kind, customer_id) where removed_at is null;

-- What the team wrote about a person, for the team alone.
-- tenant
create table customer_notes (
    org_id bigint not null,
    id bigint not null,
    customer_id bigint not null,
    body text not null,
    author_kind text not null,
    author_id bigint,
    created_at bigint not null,
    primary key (org_id, id),
    constraint customer_notes_customer_fk foreign key (org_id, customer_id) references customers (org_id, id)
);
create index customer_notes_customer on customer_notes (org_id, customer_id, created_at, id);

-- Each time a person agreed to messages or took that back; the latest of a channel and purpose counts.
-- tenant
create table customer_consents (
    org_id bigint not null,
    id bigint not null,
    customer_id bigint not null,
    channel text not null,
    purpose text not null,
    is_given bigint not null,
    at bigint not null,
    source text not null,
    words text,
    author_kind text not null,
    author_id bigint,
    primary key (org_id, id),
    constraint customer_consents_customer_fk foreign key (org_id, customer_id) references customers (org_id, id)
);
create index customer_consents_customer on customer_consents (org_id, customer_id, at, id);

-- Two records that became one. `fields` is JSON: what the kept record took over, before and after.
-- tenant
create table customer_merges (
    org_id bigint not null,
    id bigint not null,
    kept_id bigint not null,
    gone_id bigint not null,
    state text not null,
    fields text not null,
    task_id bigint,
    author_kind text not null,
    author_id bigint,
    created_at bigint not null,
    merged_at bigint,
    undone_by_kind text,
    undone_by_id bigint,
    undone_at bigint,
    primary key (org_id, id),
    constraint customer_merges_kept_fk foreign key (org_id, kept_id) references customers (org_id, id),
    constraint customer_merges_gone_fk foreign key (org_id, gone_id) references customers (org_id, id)
);
create index customer_merges_kept on customer_merges (org_id, kept_id, created_at, id);
create unique index customer_merges_standing on customer_merges (org_id, gone_id) where state <> 'undone';

-- What a merge moved, so that undoing it gives back just that. `was` is JSON: the order of numbers and addresses.
-- tenant
create table customer_merge_items (
    org_id bigint not null,
    merge_id bigint not null,
    kind text not null,
    item_id bigint not null,
    was text,
    primary key (org_id, merge_id, kind, item_id),
    constraint customer_merge_items_merge_fk foreign key (org_id, merge_id) references customer_merges (org_id, id)
);

-- A person who is to be forgotten, or was. `sealed` holds, encrypted and only until the end, what is looked for
-- in files and kept answers; `counts` is JSON, figures without anything personal.
-- tenant
create table customer_erasures (
    org_id bigint not null,
    id bigint not null,
    customer_id bigint not null,
    state text not null,
    cause text not null,
    due_at bigint not null,
    sealed bytes,
    counts text not null,
    author_kind text not null,
    author_id bigint,
    created_at bigint not null,
    finished_at bigint,
    primary key (org_id, id),
    constraint customer_erasures_customer_fk foreign key (org_id, customer_id) references customers (org_id, id)
);
create index customer_erasures_customer on customer_erasures (org_id, customer_id, id);
create unique index customer_erasures_open on customer_erasures (org_id, customer_id) where state in ('waiting', 'running');

-- E-mail and street have a right of their own from here on; whoever saw them goes on seeing them.
update roles set permissions = replace(permissions, '"order.read"', '"contact.see","order.read"') where permissions like '%"order.read"%';
update roles set permissions = replace(permissions, '"customer.read"', '"contact.see","customer.read"')
 where permissions like '%"customer.read"%' and permissions not like '%"contact.see"%';
update api_keys set scopes = replace(scopes, '"order.read"', '"contact.see","order.read"') where scopes like '%"order.read"%';
update api_keys set scopes = replace(scopes, '"customer.read"', '"contact.see","customer.read"')
 where scopes like '%"customer.read"%' and scopes not like '%"contact.see"%';

-- Roles of the first start get the rights that come with this release; Admin has every right by itself.
update roles
   set permissions = replace(permissions, ']', ',"customer.merge","customer.export","customer.erase"]')
 where code = 'team_manager'
   and permissions like '["%';
update roles
   set permissions = replace(permissions, ']', ',"customer.merge"]')
 where code = 'agent_suivi'
   and permissions like '["%';
