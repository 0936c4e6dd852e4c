-- Where the reader of each partition stands. Only the holder of the epoch changes a row.
create table source_frontier (
    feed          text    not null,
    partition     integer not null,
    epoch         integer not null,
    reader        text    not null,
    frontier      integer not null,
    routing       integer not null,
    routing_start integer not null,
    format        integer not null,
    checksum      integer not null,
    metadata      blob    not null,
    primary key (feed, partition)
) strict;
