-- States of actors, each replaced whole under its version. due_ms: when the owner wants to be woken.
create table document (
    kind     text collate "C" not null,
    name     text collate "C" not null,
    version  bigint   not null,
    due_ms   bigint,
    format   smallint not null,
    checksum bigint   not null,
    body     bytea    not null,
    primary key (kind, name)
);

create index document_due on document (kind, due_ms) where due_ms is not null;
