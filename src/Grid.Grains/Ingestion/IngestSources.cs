using System.Collections.Frozen;
using Grid.Grains.Hosting;
using Grid.Primitives;
using Grid.Storage;
using Grid.Streams.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Ingestion;

/// <summary>The sources of this silo, by name. Immutable.</summary>
internal sealed class IngestSources : IDisposable
{
    private readonly FrozenDictionary<string, IngestSource> _byName;

    /// <exception cref="GridException">The options are wrong: all mistakes at once.</exception>
    public IngestSources(IOptions<GridGrainsOptions> options, IDeadLetterStore letters, KafkaInstruments instruments, TimeProvider time, ILoggerFactory logging)
    {
        var sources = options.Value.Sources;
        var errors = Check(sources);
        if (errors.Count > 0)
        {
            throw new GridException(errors);
        }

        _byName = sources.ToFrozenDictionary(s => s.Name, s => new IngestSource(s, letters, instruments, time, logging), StringComparer.Ordinal);
    }

    public IReadOnlyCollection<IngestSource> All => _byName.Values;

    public IngestSource? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>All that is wrong with a set of sources; empty if nothing is.</summary>
    public static IReadOnlyList<GridError> Check(IList<IngestSourceOptions> sources)
    {
        var errors = new List<GridError>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var feeds = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < sources.Count; i++)
        {
            errors.AddRange(sources[i].Check($"sources[{i}]"));
            if (!names.Add(sources[i].Name))
            {
                errors.Add(GridError.Invalid($"sources[{i}].name", $"is '{sources[i].Name}', as one before.", "Give each source a name of its own."));
            }

            if (!feeds.Add(sources[i].Feed))
            {
                errors.Add(GridError.Invalid($"sources[{i}].identity", $"is '{sources[i].Feed}', as one before: both would move the same marks.", "Give each topic an identity of its own, and read each once."));
            }
        }

        return errors;
    }

    public void Dispose()
    {
        foreach (var source in _byName.Values)
        {
            source.Dispose();
        }
    }
}
