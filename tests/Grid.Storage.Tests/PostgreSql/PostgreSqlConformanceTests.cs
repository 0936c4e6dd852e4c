using Grid.Storage.Tests.Backends;
using Grid.Storage.Tests.Conformance;

namespace Grid.Storage.Tests.PostgreSql;

public sealed class PostgreSqlShardStoreTests() : ShardStoreConformance(new PostgreSqlBackend());

public sealed class PostgreSqlSnapshotTests() : SnapshotConformance(new PostgreSqlBackend());

public sealed class PostgreSqlCatalogueTests() : CatalogueConformance(new PostgreSqlBackend());

public sealed class PostgreSqlRecordsTests() : RecordsConformance(new PostgreSqlBackend());

public sealed class PostgreSqlArtifactTests() : ArtifactConformance(new PostgreSqlBackend());

public sealed class PostgreSqlModelTests() : ShardModelConformance(new PostgreSqlBackend());

public sealed class PostgreSqlRetentionTests() : RetentionConformance(new PostgreSqlBackend());

public sealed class PostgreSqlFrontierTests() : FrontierConformance(new PostgreSqlBackend());

public sealed class PostgreSqlDocumentTests() : DocumentConformance(new PostgreSqlBackend());
