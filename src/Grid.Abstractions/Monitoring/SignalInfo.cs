using Orleans;

namespace Grid.Abstractions;

/// <summary>A statement with evidence that a version needs attention.</summary>
[GenerateSerializer, Immutable, Alias("grid.signal-info")]
public sealed record SignalInfo
{
    /// <summary>One life of a signal, from open to cleared.</summary>
    [Id(0)] public string Id { get; init; } = "";

    /// <summary>
    /// <c>feature-drift</c>, <c>prediction-drift</c>, <c>missing-values</c>, <c>not-finite-values</c>, <c>out-of-range</c>, <c>new-categories</c>, <c>performance</c>,
    /// <c>estimated-performance</c>, <c>error-change</c>, <c>slow</c>, <c>failing</c>, <c>overloaded</c>, <c>schema-changed</c> or <c>retrain</c>.
    /// </summary>
    [Id(1)] public string Type { get; init; } = "";

    /// <summary><c>info</c>, <c>warning</c> or <c>critical</c>.</summary>
    [Id(2)] public string Severity { get; init; } = "";

    /// <summary><c>open</c>, <c>acknowledged</c> or <c>cleared</c>.</summary>
    [Id(3)] public string Status { get; init; } = "";

    [Id(4)] public string Workspace { get; init; } = "";

    [Id(5)] public string Model { get; init; } = "";

    [Id(6)] public string Version { get; init; } = "";

    [Id(7)] public string Digest { get; init; } = "";

    /// <summary>The tenant it is about; null for the model as a whole.</summary>
    [Id(8)] public string? Tenant { get; init; }

    /// <summary>Feature or output; null for the model as a whole.</summary>
    [Id(9)] public string? Column { get; init; }

    [Id(10)] public string Statistic { get; init; } = "";

    [Id(11)] public double Value { get; init; }

    [Id(12)] public double? Reference { get; init; }

    [Id(13)] public double Threshold { get; init; }

    [Id(14)] public double? P { get; init; }

    [Id(15)] public long Samples { get; init; }

    [Id(16)] public double EffectiveSamples { get; init; }

    /// <summary>Start of the window it was measured in, Unix milliseconds.</summary>
    [Id(17)] public long FromMs { get; init; }

    [Id(18)] public long ToMs { get; init; }

    [Id(19)] public long OpenedMs { get; init; }

    [Id(20)] public long UpdatedMs { get; init; }

    [Id(21)] public string? AcknowledgedBy { get; init; }

    /// <summary>Why, in a sentence, where the figures do not say it.</summary>
    [Id(22)] public string? Explanation { get; init; }

    /// <summary>Ids of the signals that it follows from.</summary>
    [Id(23)] public string[] Because { get; init; } = [];

    /// <summary>Rows to train on: their first time, inclusive; null: from the beginning.</summary>
    [Id(24)] public long? DataFromMs { get; init; }

    /// <summary>Rows to train on: the end, exclusive; null where it is not about training.</summary>
    [Id(25)] public long? DataToMs { get; init; }

    /// <summary>Outcomes since the training before.</summary>
    [Id(26)] public long LabelledRows { get; init; }

    /// <summary>True where the reference was learned from served rows.</summary>
    [Id(27)] public bool Provisional { get; init; }

    /// <summary>
    /// The tenants that carry it, the one that carries most first; a few at most, and none where no single one stands out. Null where tenants were not looked at: that
    /// begins when a signal is open.
    /// </summary>
    [Id(28)] public SignalTenantInfo[]? Tenants { get; init; }
}
