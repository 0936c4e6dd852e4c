using System.Globalization;
using Grid.Primitives;

namespace Grid.Grains.Ingestion;

/// <summary>Key of the reader of a partition. Written <c>source#topic#partition</c>.</summary>
internal readonly record struct PartitionKey(string Source, string Topic, int Partition)
{
    /// <summary>The partition, as marks name it.</summary>
    public string PartitionName => Partition.ToString(CultureInfo.InvariantCulture);

    /// <exception cref="GridException">The text is not three parts.</exception>
    public static PartitionKey Parse(string text)
    {
        var parts = text.Split('#');
        return parts.Length == 3 && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            ? new PartitionKey(parts[0], parts[1], partition)
            : throw GridError.Invalid($"partition '{text}'", "is not source#topic#partition.", "Example: flights#flights.v1#0.").ToException();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Source}#{Topic}#{Partition}");
}
