using System.Globalization;
using Orleans;

namespace Grid.Primitives;

/// <summary>One shard of one tenant's feature state: the unit of ownership, placement and commit. Written <c>workspace/tenant/shard</c>.</summary>
[GenerateSerializer, Immutable, Alias("grid.shard-key")]
public readonly record struct ShardKey(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Tenant,
    [property: Id(2)] int Shard)
{
    /// <exception cref="GridException">The text is not three parts, or a part breaks its rule.</exception>
    public static ShardKey Parse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length != 3 || !GridNames.IsValid(parts[0]) || !GridNames.IsValid(parts[1])
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var shard))
        {
            throw GridError.Invalid($"shard '{text}'", "is not workspace/tenant/shard.", "Example: default/acme/0.").ToException();
        }

        return new ShardKey(parts[0], parts[1], shard);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Workspace}/{Tenant}/{Shard}");
}
