-- Statuses and transitions as configuration: sub-statuses of orders, and the versions of an organization's rule set.
-- The version that is in force stands among the settings, under the name `rules`, so that it is read with them.

-- Null where the state has no sub-statuses, or none of them was chosen.
alter table orders add column substatus text;
-- One filter by one value, sorted by created_at either way; whoever uses no sub-statuses pays nothing for it.
create index orders_substatus on orders (org_id, substatus, is_archived, created_at, id) where substatus is not null;

-- Every version that was ever in force, with why and by whom. `mapping` is what became of sub-statuses that it dropped.
-- tenant
create table rule_versions (
    org_id bigint not null,
    version bigint not null,
    document text not null,
    mapping text,
    note text,
    origin text not null,
    changed_at bigint not null,
    changed_by bigint,
    primary key (org_id, version)
);

-- Every key that a sub-status ever had: it belongs to its state for good. `became` is set while it is gone: the key that
-- orders moved on to; empty for the state's default.
-- tenant
create table substatus_keys (
    org_id bigint not null,
    key text not null,
    state text not null,
    became text,
    primary key (org_id, key)
);

-- Rule sets that are tried against the orders that there are; removed when the trial ends.
-- tenant
create table rule_trials (
    org_id bigint not null,
    id bigint not null,
    document text not null,
    created_at bigint not null,
    primary key (org_id, id)
);

-- Which states customers and the ERP hear of was a setting; it becomes the first version of the rule set.
insert into settings (org_id, name, value, version, changed_at, changed_by)
select org_id, 'rules', '{"settings":' || value || '}', 1, changed_at, changed_by
  from settings
 where name = 'orders';
insert into rule_versions (org_id, version, document, origin, changed_at, changed_by)
select org_id, 1, value, 'settings', changed_at, changed_by
  from settings
 where name = 'rules';
