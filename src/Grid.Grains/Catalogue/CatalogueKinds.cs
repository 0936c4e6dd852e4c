namespace Grid.Grains.Catalogue;

/// <summary>Kinds of catalogue entries. Store format: never reuse one.</summary>
internal static class CatalogueKinds
{
    /// <summary>Name <c>workspace/tenant</c>, body <see cref="TenantEntry"/>.</summary>
    public const string Tenant = "tenant";

    /// <summary>Name <c>workspace</c>, body <see cref="ViewsEntry"/>: the views in force.</summary>
    public const string Views = "views";

    /// <summary>Name <c>workspace/digest</c>, body <see cref="ViewsEntry"/>: every generation ever in force, so that an old block of a log can be read.</summary>
    public const string Generation = "generation";

    /// <summary>Name <c>workspace/model</c>, body <see cref="ModelEntry"/>.</summary>
    public const string Model = "model";

    /// <summary>Name <c>workspace/model/version</c>, body <see cref="VersionEntry"/>.</summary>
    public const string Version = "version";

    /// <summary>Name <c>workspace/model/version</c>, body <see cref="ReplicasEntry"/>: the silos that shall hold it.</summary>
    public const string Replicas = "replicas";
}
