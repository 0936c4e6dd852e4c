-- 'Grid' in ASCII: tells this database from any other SQLite file.
pragma application_id = 1198680420;

-- One row for each shard. The id is what every other table says for the shard, so that log rows are small.
-- The log holds the blocks of (base_sequence, last_sequence]; the snapshot of base_sequence holds what is before.
create table shard_owner (
    id            integer primary key,
    workspace     text    not null,
    tenant        text    not null,
    shard         integer not null,
    epoch         integer not null,
    last_sequence integer not null,
    base_sequence integer not null,
    owner         text    not null,
    unique (workspace, tenant, shard)
) strict;

-- The position is owner_id * 2^40 + sequence: a shard's blocks lie side by side in the table's own tree. A key of two
-- columns would need a second tree, or one whose rows of more than 1,000 bytes each take a page of their own.
create table shard_log (
    position integer primary key,
    owner_id integer generated always as (position >> 40) virtual,
    sequence integer generated always as (position & 1099511627775) virtual,
    epoch    integer not null,
    format   integer not null,
    checksum integer not null,
    payload  blob    not null
) strict;

-- superseded_ms: when a later snapshot took its place (Unix milliseconds); null for the current one.
create table shard_snapshot (
    owner_id      integer not null,
    sequence      integer not null,
    epoch         integer not null,
    superseded_ms integer,
    format        integer not null,
    checksum      integer not null,
    page_table    blob    not null,
    manifest      blob    not null,
    primary key (owner_id, sequence)
) strict;

-- A page is named by the snapshot that wrote it. The unique index covers what the removal of old pages scans.
create table shard_page (
    id       integer primary key,
    owner_id integer not null,
    page_id  integer not null,
    sequence integer not null,
    epoch    integer not null,
    format   integer not null,
    checksum integer not null,
    content  blob    not null,
    unique (owner_id, page_id, sequence, epoch)
) strict;

create table catalogue_revision (
    id       integer primary key check (id = 1),
    revision integer not null
) strict;

insert into catalogue_revision (id, revision) values (1, 0);

create table catalogue_entry (
    kind     text    not null,
    name     text    not null,
    version  integer not null,
    revision integer not null,
    format   integer not null,
    checksum integer not null,
    body     blob,
    primary key (kind, name)
) strict;

create unique index catalogue_entry_revision on catalogue_entry (revision);

create table dead_letter (
    id        integer primary key autoincrement,
    workspace text    not null,
    tenant    text    not null,
    shard     integer not null,
    source    text    not null,
    position  text    not null,
    reason    text    not null,
    message   text    not null,
    time_us   integer not null,
    payload   blob    not null,
    unique (workspace, tenant, shard, source, position)
) strict;

create index dead_letter_tenant on dead_letter (workspace, tenant, id);

create table outcome (
    id            integer primary key autoincrement,
    workspace     text    not null,
    tenant        text    not null,
    prediction_id text,
    model         text    not null,
    entity        text    not null,
    time_us       integer not null,
    value         real    not null,
    corrections   integer not null,
    reported_us   integer not null
) strict;

create unique index outcome_prediction on outcome (workspace, tenant, prediction_id) where prediction_id is not null;
create unique index outcome_entity on outcome (workspace, tenant, model, entity, time_us) where prediction_id is null;
create index outcome_time on outcome (workspace, tenant, model, time_us, id);
