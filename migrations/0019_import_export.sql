-- Imports: how columns of others' files are read, what came in from which file, and what that made.

-- `definition` is JSON: which column is which field, and how their words are read.
-- tenant
create table import_mappings (
    org_id bigint not null,
    id bigint not null,
    name text not null,
    name_folded text not null,
    definition text not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (org_id, id)
);
create unique index import_mappings_name on import_mappings (org_id, name_folded);

-- One row for each run that writes. `mapping` is the definition that it read with, as it was then.
-- tenant
create table imports (
    org_id bigint not null,
    id bigint not null,
    task_id bigint,
    undo_task_id bigint,
    file_name text not null,
    preset text not null,
    mapping_name text,
    mapping_version bigint,
    mapping text,
    store text,
    state text not null,
    result text,
    made bigint not null default 0,
    removed bigint not null default 0,
    kept bigint not null default 0,
    actor_kind text not null,
    actor_id bigint,
    created_at bigint not null,
    finished_at bigint,
    undone_at bigint,
    primary key (org_id, id)
);

-- Orders and credit notes that an import made: how many events each had when it was in, and its version, so that
-- an undo knows whether somebody has touched it since. `kept` is why an undo left it.
-- tenant
create table import_items (
    org_id bigint not null,
    import_id bigint not null,
    kind text not null,
    id bigint not null,
    events bigint not null,
    version bigint not null,
    kept text,
    primary key (org_id, import_id, kind, id),
    constraint import_items_import_fk foreign key (org_id, import_id) references imports (org_id, id)
);
-- Whether a variant is sold anywhere, when the import that brought it is taken back.
create index credit_note_lines_variant on credit_note_lines (org_id, variant_id) where variant_id is not null;
