-- States of actors, each replaced whole under its version. due_ms: when the owner wants to be woken.
create table document (
    kind     text    not null,
    name     text    not null,
    version  integer not null,
    due_ms   integer,
    format   integer not null,
    checksum integer not null,
    body     blob    not null,
    primary key (kind, name)
) strict;

create index document_due on document (kind, due_ms) where due_ms is not null;
