-- Views: a list as somebody likes to see it, kept for oneself or shared.

-- `query` is JSON: the parameters of the list. `columns` is JSON: names in their order. `role_id` is set when `audience` is `role`.
-- tenant
create table views (
    org_id bigint not null,
    id bigint not null,
    list text not null,
    name text not null,
    owner_id bigint,
    audience text not null,
    role_id bigint,
    query text not null,
    columns text,
    sort text,
    density text,
    page_size bigint,
    position bigint not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (org_id, id)
);
create index views_owner on views (org_id, owner_id, id);
create index views_shared on views (org_id, audience, role_id, id) where audience <> 'private';

-- What somebody keeps at hand, with its count.
-- tenant
create table view_pins (
    org_id bigint not null,
    user_id bigint not null,
    view_id bigint not null,
    position bigint not null,
    primary key (org_id, user_id, view_id),
    constraint view_pins_view_fk foreign key (org_id, view_id) references views (org_id, id)
);

-- The view that people of a role begin with.
-- tenant
create table view_defaults (
    org_id bigint not null,
    list text not null,
    role_id bigint not null,
    view_id bigint not null,
    primary key (org_id, list, role_id),
    constraint view_defaults_view_fk foreign key (org_id, view_id) references views (org_id, id)
);
create index view_defaults_view on view_defaults (org_id, view_id);

update roles
   set permissions = replace(permissions, ']', ',"view.share"]')
 where code = 'team_manager'
   and permissions like '["%';
