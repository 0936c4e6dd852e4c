namespace Grid.Bench.Writing;

/// <summary>Tables and statements of the persistence provider, whose package brings none. Names of parameters and results are the provider's contract.</summary>
internal static class GrainStorageSql
{
    /// <summary>One upsert by a unique key is the least that a write can cost; the version is checked as the provider demands.</summary>
    public const string Script =
        """
        create table orleansquery (querykey text primary key, querytext text not null);
        create table orleansstorage (
            service text not null, type_hash integer not null, type text not null,
            id_hash integer not null, n0 bigint not null, n1 bigint not null, extension text not null,
            payload bytea, version integer not null, modified timestamptz not null,
            primary key (id_hash, type_hash, n0, n1, service, type, extension));
        insert into orleansquery (querykey, querytext) values
        ('ReadFromStorageKey', $$
            select payload as PayloadBinary, modified, version as Version from orleansstorage
            where id_hash = @GrainIdHash and type_hash = @GrainTypeHash and n0 = @GrainIdN0 and n1 = @GrainIdN1
              and service = @ServiceId and type = @GrainTypeString and extension = coalesce(@GrainIdExtensionString::text, '')
        $$),
        ('WriteToStorageKey', $$
            insert into orleansstorage as s (service, type_hash, type, id_hash, n0, n1, extension, payload, version, modified)
            values (@ServiceId, @GrainTypeHash, @GrainTypeString, @GrainIdHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString::text, ''), @PayloadBinary, 1, now())
            on conflict (id_hash, type_hash, n0, n1, service, type, extension) do update
                set payload = excluded.payload, version = s.version + 1, modified = excluded.modified
                where s.version = @GrainStateVersion::integer
            returning version as NewGrainStateVersion
        $$),
        ('ClearStorageKey', $$
            update orleansstorage set payload = null, version = version + 1, modified = now()
            where id_hash = @GrainIdHash and type_hash = @GrainTypeHash and n0 = @GrainIdN0 and n1 = @GrainIdN1
              and service = @ServiceId and type = @GrainTypeString and extension = coalesce(@GrainIdExtensionString::text, '') and version = @GrainStateVersion::integer
            returning version as NewGrainStateVersion
        $$),
        ('DeleteStorageKey', $$
            delete from orleansstorage
            where id_hash = @GrainIdHash and type_hash = @GrainTypeHash and n0 = @GrainIdN0 and n1 = @GrainIdN1
              and service = @ServiceId and type = @GrainTypeString and extension = coalesce(@GrainIdExtensionString::text, '') and version = @GrainStateVersion::integer
            returning version as NewGrainStateVersion
        $$);
        """;
}
