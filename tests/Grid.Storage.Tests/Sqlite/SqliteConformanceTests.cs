using Grid.Storage.Tests.Backends;
using Grid.Storage.Tests.Conformance;

namespace Grid.Storage.Tests.Sqlite;

public sealed class SqliteShardStoreTests() : ShardStoreConformance(new SqliteBackend());

public sealed class SqliteSnapshotTests() : SnapshotConformance(new SqliteBackend());

public sealed class SqliteCatalogueTests() : CatalogueConformance(new SqliteBackend());

public sealed class SqliteRecordsTests() : RecordsConformance(new SqliteBackend());

public sealed class SqliteArtifactTests() : ArtifactConformance(new SqliteBackend());

public sealed class SqliteModelTests() : ShardModelConformance(new SqliteBackend());

public sealed class SqliteRetentionTests() : RetentionConformance(new SqliteBackend());

public sealed class SqliteFrontierTests() : FrontierConformance(new SqliteBackend());

public sealed class SqliteDocumentTests() : DocumentConformance(new SqliteBackend());
