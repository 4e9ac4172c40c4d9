-- The rule set that somebody works on and that is not in force yet: one for each organization. `based_on` is the version that
-- it was made from, `trial` the task that looked through the orders for it, none since its last change.
-- tenant
create table rule_drafts (
    org_id bigint not null,
    document text not null,
    mapping text not null,
    based_on bigint not null,
    trial bigint,
    version bigint not null,
    changed_at bigint not null,
    changed_by bigint,
    primary key (org_id)
);
