-- Money in and out of orders, each movement once.

-- tenant
create table transactions (
  org_id bigint not null,
  id bigint not null,
  order_id bigint not null,
  kind text not null,
  state text not null,
  method text not null,
  amount bigint not null,
  currency text not null,
  reference text,
  actor_kind text not null,
  actor_id bigint,
  at bigint not null,
  created_at bigint not null,
  primary key (org_id, id),
  foreign key (org_id, order_id) references orders (org_id, id)
);

create index transactions_order on transactions (org_id, order_id, at, id);
create unique index transactions_reference on transactions (org_id, order_id, reference) where reference is not null;
