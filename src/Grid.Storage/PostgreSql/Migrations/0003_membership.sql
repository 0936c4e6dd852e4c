-- The silos of each cluster. The runtime's membership provider finds its statements by key in "orleansquery" and gives
-- them named parameters; names and results are its contract, the tables behind them are not.
create table cluster_version (
    cluster text collate "C" primary key,
    version integer not null
);

create table cluster_member (
    cluster    text collate "C" not null,
    address    text        not null,
    port       integer     not null,
    generation integer     not null,
    name       text        not null,
    host       text        not null,
    status     integer     not null,
    gateway    integer     not null,
    suspects   text,
    started    timestamptz not null,
    alive      timestamptz not null,
    primary key (cluster, address, port, generation)
);

create table orleansquery (
    querykey  text primary key,
    querytext text not null
);

insert into orleansquery (querykey, querytext) values

('InsertMembershipVersionKey', $$
    with added as (
        insert into cluster_version (cluster, version) values (@DeploymentId, 0)
        on conflict (cluster) do nothing
        returning 1)
    select exists (select from added)
$$),

-- The version row is the lock of the cluster: a change that finds another version than it names changes nothing.
('InsertMembershipKey', $$
    with moved as (
        update cluster_version set version = version + 1
        where cluster = @DeploymentId and version = @Version
          and not exists (
            select from cluster_member m
            where m.cluster = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation)
        returning 1),
    added as (
        insert into cluster_member (cluster, address, port, generation, name, host, status, gateway, started, alive)
        select @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        from moved
        returning 1)
    select exists (select from added)
$$),

('UpdateMembershipKey', $$
    with moved as (
        update cluster_version set version = version + 1
        where cluster = @DeploymentId and version = @Version
          and exists (
            select from cluster_member m
            where m.cluster = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation)
        returning 1),
    changed as (
        update cluster_member m
        set status = @Status, suspects = @SuspectTimes, alive = greatest(m.alive, @IAmAliveTime)
        from moved
        where m.cluster = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation
        returning 1)
    select exists (select from changed)
$$),

('UpdateIAmAlivetimeKey', $$
    update cluster_member set alive = @IAmAliveTime
    where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$$),

-- One row comes back for a cluster without members: it carries the version.
('MembershipReadAllKey', $$
    select m.address as Address, m.port as Port, m.generation as Generation, m.name as SiloName, m.host as HostName,
           m.status as Status, m.gateway as ProxyPort, m.suspects as SuspectTimes, m.started as StartTime, m.alive as IAmAliveTime,
           v.version as Version
    from cluster_version v left join cluster_member m on m.cluster = v.cluster
    where v.cluster = @DeploymentId
$$),

('MembershipReadRowKey', $$
    select m.address as Address, m.port as Port, m.generation as Generation, m.name as SiloName, m.host as HostName,
           m.status as Status, m.gateway as ProxyPort, m.suspects as SuspectTimes, m.started as StartTime, m.alive as IAmAliveTime,
           v.version as Version
    from cluster_version v
    left join cluster_member m on m.cluster = v.cluster and m.address = @Address and m.port = @Port and m.generation = @Generation
    where v.cluster = @DeploymentId
$$),

('GatewaysQueryKey', $$
    select address as Address, gateway as ProxyPort, generation as Generation
    from cluster_member
    where cluster = @DeploymentId and status = @Status and gateway > 0
$$),

('DeleteMembershipTableEntriesKey', $$
    with gone as (delete from cluster_member where cluster = @DeploymentId)
    delete from cluster_version where cluster = @DeploymentId
$$),

-- 6 is a dead silo.
('CleanupDefunctSiloEntriesKey', $$
    delete from cluster_member
    where cluster = @DeploymentId and status = 6 and started < @IAmAliveTime and alive < @IAmAliveTime and suspects is null
$$),

('CleanupDefunctSiloEntryKey', $$
    delete from cluster_member
    where cluster = @DeploymentId and status = 6 and address = @Address and port = @Port and generation = @Generation
      and started = @StartTime and alive = @IAmAliveTime and suspects is not distinct from @SuspectTimes
$$);
