using Grid.Train.Evaluation;

namespace Grid.Train.Packages;

/// <summary>
/// What a version is, what it was made from, and how good it was then: the content of <c>card.json</c>. It holds no time of day and no machine,
/// so that the same data and options give the same bytes, and so the same version.
/// </summary>
internal sealed record ModelCard
{
    /// <summary>Number of this form.</summary>
    public int Format { get; init; } = 1;

    public string? Description { get; init; }

    public required string Trainer { get; init; }

    public required string Objective { get; init; }

    public required string Parameters { get; init; }

    /// <summary>Trees that are used, of those that were grown.</summary>
    public required int Trees { get; init; }

    public required int TreesGrown { get; init; }

    public required CardData Data { get; init; }

    public required CardLineage Lineage { get; init; }

    /// <summary>On the rows learned from: better than anything seen later.</summary>
    public required Figures Training { get; init; }

    /// <summary>On later rows that were held back; null where there are none.</summary>
    public Figures? Validation { get; init; }

    /// <summary>Largest difference between the file's trees and the trainer's predictions over all rows.</summary>
    public required double LargestDifference { get; init; }

    /// <summary>Share of all that the splits on each feature gained, largest first.</summary>
    public required Dictionary<string, double> Importance { get; init; }
}
