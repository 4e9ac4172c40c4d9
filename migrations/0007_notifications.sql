-- What customers were told about their orders, or why they were not.

-- tenant
create table messages (
  org_id bigint not null,
  id bigint not null,
  order_id bigint not null,
  customer_id bigint,
  channel text not null,
  template text not null,
  locale text not null,
  recipient text,
  subject text not null,
  body text not null,
  state text not null,
  reason text,
  created_at bigint not null,
  ended_at bigint,
  primary key (org_id, id),
  foreign key (org_id, order_id) references orders (org_id, id)
);

create index messages_order on messages (org_id, order_id, id);
create index messages_created on messages (org_id, created_at, id);
