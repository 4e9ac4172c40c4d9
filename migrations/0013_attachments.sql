-- Photos and files on orders and customers.

-- `owner_kind` is order or customer. The content stands in `files`; `thumbs` is JSON: the files of the small
-- pictures by their size. A row with `deleted_at` can be put back for a few seconds, then a job removes it.
-- tenant
create table attachments (
    org_id bigint not null,
    id bigint not null,
    owner_kind text not null,
    owner_id bigint not null,
    kind text not null,
    audience text not null,
    caption text,
    name text not null,
    content_type text not null,
    size bigint not null,
    sha256 bytes not null,
    width bigint,
    height bigint,
    file_id bigint not null,
    thumbs text not null,
    author_kind text not null,
    author_id bigint,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint,
    deleted_by_kind text,
    deleted_by_id bigint,
    primary key (org_id, id)
);
create index attachments_owner on attachments (org_id, owner_kind, owner_id, id);
create index attachments_deleted on attachments (org_id, deleted_at, id) where deleted_at is not null;
