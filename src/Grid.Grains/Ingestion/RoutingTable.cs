using System.Text.Json;
using Grid.Features.Plans;
using Grid.Grains.Catalogue;
using Grid.Primitives;
using Grid.Storage;
using Grid.Streams.Kafka;

namespace Grid.Grains.Ingestion;

/// <summary>
/// The routings of one partition from the frontier on, oldest first. Each holds from its start to that of the next, for every reader, whatever
/// views and mapping are in force when it reads.
/// </summary>
internal sealed class RoutingTable
{
    private readonly SourcePartitionKey _key;
    private readonly string _workspace;
    private readonly CatalogueReplica _catalogue;
    private readonly ISchemaSource? _schemas;
    private readonly List<EventRouting> _routings = [];

    private RoutingTable(SourcePartitionKey key, string workspace, CatalogueReplica catalogue, ISchemaSource? schemas) =>
        (_key, _workspace, _catalogue, _schemas) = (key, workspace, catalogue, schemas);

    public EventRouting? Newest => _routings.Count == 0 ? null : _routings[^1];

    /// <exception cref="GridException">The stored routings cannot be read, or name views that the catalogue does not hold.</exception>
    public static RoutingTable Read(FrontierRow row, string workspace, CatalogueReplica catalogue, ISchemaSource? schemas)
    {
        var table = new RoutingTable(row.Key, workspace, catalogue, schemas);
        try
        {
            var entries = row.Metadata.IsEmpty ? [] : JsonSerializer.Deserialize(row.Metadata.Span, IngestJson.Default.RoutingEntryArray) ?? [];
            foreach (var entry in entries)
            {
                table._routings.Add(table.Compile(entry));
            }
        }
        catch (JsonException e)
        {
            throw new GridException(new GridError(GridErrorCode.Corrupt, $"frontier '{row.Key}'", $"has routings that cannot be read: {e.Message}", "Upgrade this silo: a newer one may have written them."), e);
        }

        return table;
    }

    /// <summary>The routing that holds at a position, and where the next one begins (<see cref="long.MaxValue"/> for never).</summary>
    public EventRouting At(long position, out long end)
    {
        end = long.MaxValue;
        for (var i = _routings.Count - 1; i > 0; i--)
        {
            if (_routings[i].Entry.Start <= position)
            {
                return _routings[i];
            }

            end = _routings[i].Entry.Start;
        }

        return _routings[0];
    }

    /// <summary>A routing by what is in force now, from a position on; null where the newest is that already. It is to be stored before it is added.</summary>
    public EventRouting? Propose(MappingEntry mapping, long start)
    {
        var plan = _catalogue.Current.PlanOf(_workspace);
        var generation = plan.Generation.ToString();
        return Newest is { } newest && (start < newest.Entry.Start || newest.Entry.IsSameAs(generation, mapping))
            ? null
            : Compile(new RoutingEntry((Newest?.Entry.Number ?? 0) + 1, start, generation, mapping));
    }

    public void Add(EventRouting routing) => _routings.Add(routing);

    /// <summary>Forgets the routings that end at or below a frontier.</summary>
    public void Trim(long frontier)
    {
        while (_routings.Count > 1 && _routings[1].Entry.Start <= frontier + 1)
        {
            _routings.RemoveAt(0);
        }
    }

    /// <summary>The row with these routings, and one more where it is given.</summary>
    public FrontierRow WriteTo(FrontierRow row, EventRouting? added = null)
    {
        RoutingEntry[] entries = [.. _routings.Select(static r => r.Entry), .. added is null ? (RoutingEntry[])[] : [added.Entry]];
        return entries.Length == 0
            ? row
            : row with
            {
                Routing = entries[^1].Number,
                RoutingStart = entries[^1].Start,
                Metadata = JsonSerializer.SerializeToUtf8Bytes(entries, IngestJson.Default.RoutingEntryArray),
            };
    }

    private EventRouting Compile(RoutingEntry entry) => new(entry, new RecordDecoder(entry.Mapping.ToMapping(), _schemas), PlanOf(entry));

    private FeaturePlan PlanOf(RoutingEntry entry)
    {
        var snapshot = _catalogue.Current;
        var current = snapshot.PlanOf(_workspace);
        if (current.Generation.ToString() == entry.Generation)
        {
            return current;
        }

        if (FeaturePlan.Empty.Generation.ToString() == entry.Generation)
        {
            return FeaturePlan.Empty;
        }

        return snapshot.Generations.TryGetValue($"{_workspace}/{entry.Generation}", out var stored)
            ? CatalogueReplica.Compile(stored)
            : throw new GridError(
                GridErrorCode.Corrupt,
                $"frontier '{_key}'",
                $"routes from position {entry.Start} on by the views of generation {entry.Generation}, which the catalogue does not hold.",
                "Restore the catalogue from the backup that the frontier belongs to.").ToException();
    }
}
