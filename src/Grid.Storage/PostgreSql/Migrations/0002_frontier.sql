-- Where the reader of each partition stands. Only the holder of the epoch changes a row.
create table source_frontier (
    feed          text collate "C" not null,
    partition     integer  not null,
    epoch         bigint   not null,
    reader        text     not null,
    frontier      bigint   not null,
    routing       bigint   not null,
    routing_start bigint   not null,
    format        smallint not null,
    checksum      bigint   not null,
    metadata      bytea    not null,
    primary key (feed, partition)
);
