using System.Collections.Immutable;
using Grid.Primitives;

namespace Grid.Monitoring.Signals;

/// <summary>A statement with evidence that a version needs attention. Immutable; a change is a new record with the same <see cref="Id"/>.</summary>
public sealed record Signal
{
    public required SignalType Type { get; init; }

    public required SignalSeverity Severity { get; init; }

    public required SignalStatus Status { get; init; }

    public required VersionKey Version { get; init; }

    /// <summary>Of the version's artifact.</summary>
    public required Digest Digest { get; init; }

    /// <summary>The tenant it is about; null for the model as a whole.</summary>
    public string? Tenant { get; init; }

    /// <summary>The latest evidence.</summary>
    public required SignalEvidence Evidence { get; init; }

    /// <summary>True where the reference was learned from served rows.</summary>
    public bool ProvisionalReference { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public string? AcknowledgedBy { get; init; }

    /// <summary>Why, in a sentence, where the evidence does not say it.</summary>
    public string? Explanation { get; init; }

    /// <summary>Signals that it follows from.</summary>
    public ImmutableArray<string> Because { get; init; } = [];

    /// <summary>The rows to train on; null where it is not about training.</summary>
    public SignalDataSet? DataSet { get; init; }

    /// <summary>Equal for signals that say the same about the same thing: a receiver keeps one open alarm for each.</summary>
    public string DedupeKey => $"{Version}/{Type}/{Evidence.Column ?? "-"}/{Evidence.Statistic}/{Tenant ?? "-"}";

    /// <summary>One life of a signal, from open to cleared.</summary>
    public string Id => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{DedupeKey}@{OpenedAt.ToUnixTimeMilliseconds()}");

    /// <summary>Missing values, unknown categories and the like: drift is not judged while one is open.</summary>
    public bool IsDataQuality => Type is SignalType.MissingValues or SignalType.NotFiniteValues or SignalType.OutOfRange or SignalType.NewCategories;
}
