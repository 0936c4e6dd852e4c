using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>Training sets in wire form.</summary>
public static class WireDatasets
{
    public static DatasetBody ToBody(Dataset dataset) => new()
    {
        Digest = dataset.Digest,
        Bytes = dataset.Bytes,
        Model = dataset.Model,
        From = new WireTime(dataset.FromMs),
        To = new WireTime(dataset.ToMs),
        Rows = dataset.Rows,
        Unlabelled = dataset.Unlabelled,
        OtherVectors = dataset.OtherVectors,
        UnmatchedOutcomes = dataset.UnmatchedOutcomes,
        Features = dataset.Features,
        Versions = dataset.Versions,
        Views = dataset.Views,
        Gaps = [.. dataset.Gaps.Select(static gap => new DatasetGapBody { Reason = gap.Reason, From = new WireTime(gap.FromMs), To = new WireTime(gap.ToMs), Rows = gap.Rows })],
    };

    public static Dataset FromBody(DatasetBody body) => new()
    {
        Digest = body.Digest,
        Bytes = body.Bytes,
        Model = body.Model,
        FromMs = body.From.UnixMs,
        ToMs = body.To.UnixMs,
        Rows = body.Rows,
        Unlabelled = body.Unlabelled,
        OtherVectors = body.OtherVectors,
        UnmatchedOutcomes = body.UnmatchedOutcomes,
        Features = [.. body.Features],
        Versions = body.Versions,
        Views = [.. body.Views],
        Gaps = [.. body.Gaps.Select(static gap => new DatasetGap(gap.Reason, gap.From.UnixMs, gap.To.UnixMs, gap.Rows))],
    };
}
