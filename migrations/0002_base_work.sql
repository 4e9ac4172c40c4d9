-- Work that happens later: tasks that people wait for, jobs, schedules, files.

-- What a person waits for: an import, a backup.
-- tenant
create table tasks (
    org_id        bigint not null,
    id            bigint not null,
    kind          text not null,
    title         text not null,
    state         text not null,
    done          bigint not null default 0,
    total         bigint not null default 0,
    errors        bigint not null default 0,
    result        text,
    result_file   bigint,
    message       text,
    cancel_asked  bigint not null default 0,
    actor_kind    text not null,
    actor_id      bigint,
    created_at    bigint not null,
    started_at    bigint,
    finished_at   bigint,
    primary key (org_id, id)
);
create index tasks_open on tasks (org_id, id) where state in ('waiting', 'running');
create index tasks_finished on tasks (org_id, finished_at, id) where finished_at is not null;

-- `event_id` has no foreign key: the event stands in the same transaction and is never deleted.
-- tenant
create table jobs (
    org_id        bigint not null,
    id            bigint not null,
    kind          text not null,
    state         text not null,
    payload       text not null,
    run_at        bigint not null,
    unique_key    text,
    event_id      bigint,
    task_id       bigint,
    actor_kind    text not null,
    actor_id      bigint,
    attempts      bigint not null default 0,
    leased_by     bigint,
    leased_until  bigint,
    last_error    text,
    cursor        text,
    done          bigint not null default 0,
    total         bigint not null default 0,
    created_at    bigint not null,
    finished_at   bigint,
    primary key (org_id, id)
);
create index jobs_due on jobs (org_id, run_at, id, kind) where state = 'waiting';
create index jobs_leased on jobs (org_id, leased_until, id) where state = 'running';
create index jobs_dead on jobs (org_id, id) where state = 'dead';
create index jobs_finished on jobs (org_id, finished_at, id) where state in ('done', 'cancelled');
create index jobs_event on jobs (org_id, event_id) where event_id is not null;
create index jobs_task on jobs (org_id, task_id) where task_id is not null;
create unique index jobs_unique on jobs (org_id, unique_key) where unique_key is not null and state in ('waiting', 'running');

-- Recurring jobs of all organizations: due ones are found in one look.
-- coordinator
create table schedules (
    id        bigint primary key,
    org_id    bigint not null,
    name      text not null,
    kind      text not null,
    cron      text not null,
    zone      text not null,
    calendar  text not null,
    hours     text,
    is_on     bigint not null,
    next_at   bigint,
    last_at   bigint,
    version   bigint not null
);
create unique index schedules_name on schedules (org_id, name);
create index schedules_due on schedules (next_at, id) where is_on = 1 and next_at is not null;

-- Files by content; the content lies under data/files by its sha256, once for all rows that name it.
-- tenant
create table files (
    org_id        bigint not null,
    id            bigint not null,
    sha256        bytes not null,
    size          bigint not null,
    name          text not null,
    content_type  text not null,
    keep_until    bigint,
    actor_kind    text not null,
    actor_id      bigint,
    created_at    bigint not null,
    primary key (org_id, id)
);
create index files_content on files (org_id, sha256);
create index files_spent on files (org_id, keep_until, id) where keep_until is not null;
