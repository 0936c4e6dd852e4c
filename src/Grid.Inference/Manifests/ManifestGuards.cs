using System.Collections.Immutable;

namespace Grid.Inference.Manifests;

/// <summary>What a version must hold to while it is on trial, and how it goes on when it does. Immutable.</summary>
public sealed record ManifestGuards
{
    /// <summary>Answers, or comparisons of a shadow, before a version can be found good. One that is bad may be thrown back earlier. Default 500; 1 to 1,000,000,000.</summary>
    public int MinRequests { get; init; } = 500;

    /// <summary>The largest part of its requests that may fail beyond what fails in the live version; 0 to 1. Null: not watched.</summary>
    public double? ErrorRate { get; init; }

    /// <summary>The time that 99 of 100 of its answers may take, in milliseconds; over 0. Null: not watched.</summary>
    public double? P99Ms { get; init; }

    /// <summary>How often it may decide otherwise than the live version. Null: not watched.</summary>
    public DisagreementGuard? Disagreement { get; init; }

    /// <summary>How much worse it may be once outcomes are known. Null: not watched.</summary>
    public PerformanceGuard? Performance { get; init; }

    /// <summary>Throws it back once a signal says that its features or its outputs drift from its baseline. Default false. Needs the silos' monitoring.</summary>
    public bool Drift { get; init; }

    /// <summary>
    /// Shares in percent, rising, that a good version goes through by itself before it becomes live. Empty: it is thrown back by itself but promoted by hand.
    /// A shadow that is found good becomes a canary at the first of them.
    /// </summary>
    public ImmutableArray<double> Steps { get; init; } = [];
}
