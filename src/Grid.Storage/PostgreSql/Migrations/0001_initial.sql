-- One row for each shard. The id is what every other table says for the shard, so that log rows are small.
-- The log holds the blocks of (base_sequence, last_sequence]; the snapshot of base_sequence holds what is before.
-- No index has a column that changes, and pages keep room, so that an append changes the row in place.
create table shard_owner (
    id            bigint generated always as identity primary key,
    workspace     text collate "C" not null,
    tenant        text collate "C" not null,
    shard         integer not null,
    epoch         bigint  not null,
    last_sequence bigint  not null,
    base_sequence bigint  not null,
    owner         text    not null,
    unique (workspace, tenant, shard)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);

-- Blocks are compact already: compressing them again would only cost.
create table shard_log (
    owner_id bigint   not null,
    sequence bigint   not null,
    epoch    bigint   not null,
    format   smallint not null,
    checksum bigint   not null,
    payload  bytea    not null,
    primary key (owner_id, sequence)
) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.5);

alter table shard_log alter column payload set storage external;

-- superseded_ms: when a later snapshot took its place (Unix milliseconds); null for the current one.
create table shard_snapshot (
    owner_id      bigint   not null,
    sequence      bigint   not null,
    epoch         bigint   not null,
    superseded_ms bigint,
    format        smallint not null,
    checksum      bigint   not null,
    page_table    bytea    not null,
    manifest      bytea    not null,
    primary key (owner_id, sequence)
);

-- A page is named by the snapshot that wrote it.
create table shard_page (
    owner_id bigint   not null,
    page_id  integer  not null,
    sequence bigint   not null,
    epoch    bigint   not null,
    format   smallint not null,
    checksum bigint   not null,
    content  bytea    not null,
    primary key (owner_id, page_id, sequence, epoch)
) with (autovacuum_vacuum_scale_factor = 0.05);

alter table shard_page alter column content set storage external;

create table catalogue_revision (
    id       integer primary key check (id = 1),
    revision bigint  not null
);

insert into catalogue_revision (id, revision) values (1, 0);

create table catalogue_entry (
    kind     text collate "C" not null,
    name     text collate "C" not null,
    version  bigint   not null,
    revision bigint   not null,
    format   smallint not null,
    checksum bigint   not null,
    body     bytea,
    primary key (kind, name)
);

create unique index catalogue_entry_revision on catalogue_entry (revision);

-- identity: SHA-256 of the fields that make it, because an index takes no key of more than about 2,700 bytes.
-- Texts are escaped (backslash, zero, lone surrogates), because the engine's text cannot hold every string.
create table dead_letter (
    id        bigint generated always as identity primary key,
    identity  bytea   not null unique,
    workspace text collate "C" not null,
    tenant    text collate "C" not null,
    shard     integer not null,
    source    text    not null,
    position  text    not null,
    reason    text    not null,
    message   text    not null,
    time_us   bigint  not null,
    payload   bytea   not null
);

create index dead_letter_tenant on dead_letter (workspace, tenant, id);

create table outcome (
    id            bigint generated always as identity primary key,
    identity      bytea   not null unique,
    workspace     text collate "C" not null,
    tenant        text collate "C" not null,
    prediction_id text,
    model         text collate "C" not null,
    entity        text    not null,
    time_us       bigint  not null,
    value         double precision not null,
    corrections   integer not null,
    reported_us   bigint  not null
);

create index outcome_time on outcome (workspace, tenant, model, time_us, id);

-- A row here says that every chunk is there: both are written in one transaction.
create table artifact (
    digest     bytea  primary key,
    size_bytes bigint not null
);

create table artifact_chunk (
    digest  bytea   not null,
    number  integer not null,
    content bytea   not null,
    primary key (digest, number)
);

alter table artifact_chunk alter column content set storage external;
