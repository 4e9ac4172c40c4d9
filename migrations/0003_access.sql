-- Who may do what, and the stores that an organization sells through.

-- tenant
create table stores (
  org_id bigint not null,
  id bigint not null,
  code text not null,
  name text not null,
  currency text not null,
  country text not null,
  zone text not null,
  week_start text not null,
  number_style text not null,
  tax_mode text not null,
  tax_rate_ppm bigint not null,
  tax_label text not null,
  shipping_fee bigint not null,
  cod_fee bigint not null,
  color text,
  calendar text not null,
  notify_language text not null,
  archived_at bigint,
  created_at bigint not null,
  version bigint not null,
  primary key (org_id, id)
);

create unique index stores_code on stores (org_id, code);

-- tenant
create table roles (
  org_id bigint not null,
  id bigint not null,
  code text,
  name text not null,
  name_key text not null,
  permissions text not null,
  created_at bigint not null,
  version bigint not null,
  primary key (org_id, id)
);

create unique index roles_name on roles (org_id, name_key);
create unique index roles_code on roles (org_id, code);

-- tenant
create table users (
  org_id bigint not null,
  id bigint not null,
  email text not null,
  email_key text not null,
  name text not null,
  role_id bigint not null,
  state text not null,
  password_hash text,
  email_verified_at bigint,
  locale text,
  preferences text not null,
  totp_secret bytes,
  totp_confirmed_at bigint,
  totp_last_step bigint,
  last_sign_in_at bigint,
  created_at bigint not null,
  archived_at bigint,
  version bigint not null,
  primary key (org_id, id),
  foreign key (org_id, role_id) references roles (org_id, id)
);

create unique index users_email on users (org_id, email_key) where archived_at is null;
create index users_role on users (org_id, role_id);

-- tenant
create table user_stores (
  org_id bigint not null,
  user_id bigint not null,
  store_id bigint not null,
  primary key (org_id, user_id, store_id),
  foreign key (org_id, user_id) references users (org_id, id),
  foreign key (org_id, store_id) references stores (org_id, id)
);

-- tenant
create table recovery_codes (
  org_id bigint not null,
  user_id bigint not null,
  code_hash bytes not null,
  used_at bigint,
  primary key (org_id, user_id, code_hash),
  foreign key (org_id, user_id) references users (org_id, id)
);

-- tenant
create table sessions (
  org_id bigint not null,
  id bigint not null,
  user_id bigint not null,
  kind text not null,
  secret_hash bytes not null,
  is_trusted bigint not null,
  user_agent text,
  ip text,
  created_at bigint not null,
  last_seen_at bigint not null,
  expires_at bigint not null,
  ended_at bigint,
  primary key (org_id, id),
  foreign key (org_id, user_id) references users (org_id, id)
);

create index sessions_user on sessions (org_id, user_id, id);
create index sessions_expires on sessions (org_id, expires_at);

-- tenant
create table api_keys (
  org_id bigint not null,
  id bigint not null,
  name text not null,
  role_id bigint,
  user_id bigint,
  scopes text,
  stores text,
  secret_hash bytes not null,
  created_by bigint,
  created_at bigint not null,
  expires_at bigint,
  last_used_at bigint,
  revoked_at bigint,
  primary key (org_id, id),
  foreign key (org_id, role_id) references roles (org_id, id),
  foreign key (org_id, user_id) references users (org_id, id)
);

create index api_keys_role on api_keys (org_id, role_id);

-- Links and challenges that work once: set-up, invitation, new address, new password, second step.
-- tenant
create table access_links (
  org_id bigint not null,
  id bigint not null,
  kind text not null,
  user_id bigint,
  secret_hash bytes not null,
  email text,
  session_kind text,
  is_trusted bigint not null,
  attempts bigint not null,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint,
  primary key (org_id, id),
  foreign key (org_id, user_id) references users (org_id, id)
);

create index access_links_user on access_links (org_id, user_id, kind);
create index access_links_expires on access_links (org_id, expires_at);

-- Failures per name and per address, by hash, so that names nobody has are treated like others.
-- tenant
create table lockouts (
  org_id bigint not null,
  key text not null,
  failures bigint not null,
  last_at bigint not null,
  locked_until bigint,
  primary key (org_id, key)
);

create index lockouts_last on lockouts (org_id, last_at);
