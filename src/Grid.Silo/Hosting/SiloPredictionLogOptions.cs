using Grid.Grains.Predictions;
using Grid.Primitives;
using Grid.Storage.Predictions;

namespace Grid.Silo.Hosting;

/// <summary>The log of predictions, as settings of a silo (<c>GRID_PREDICTIONLOG__SHARE</c>). Ranges and defaults of what is not set are those of <see cref="PredictionLogOptions"/>.</summary>
internal sealed class SiloPredictionLogOptions
{
    private static readonly PredictionLogOptions Defaults = new();

    /// <summary>Whether a log is kept in files. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>A topic that gets the same predictions, beside the files or without them (<c>GRID_PREDICTIONLOG__TOPIC__NAME</c>). Default none.</summary>
    public PredictionTopicOptions? Topic { get; set; }

    /// <summary>
    /// Folder of the log. Default <c>predictions</c> in the state folder. Silos of a cluster share one: what a silo keeps for itself goes with its disk,
    /// and training sets are made of one log.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>Share of the predictions that is logged of models whose manifest does not say (<c>log_share</c>). 0 to 1, default 0.</summary>
    public double Share { get; set; }

    /// <summary>Shares of single models by <c>workspace/model</c>, over what their manifests say.</summary>
    public IDictionary<string, double> Shares { get; set; } = new Dictionary<string, double>(StringComparer.Ordinal);

    public long BufferBytes { get; set; } = Defaults.BufferBytes;

    public int FileRows { get; set; } = Defaults.FileRows;

    public TimeSpan MaxAge { get; set; } = Defaults.MaxAge;

    public int RetentionDays { get; set; } = Defaults.RetentionDays;

    /// <summary>All that is wrong, by the names of the settings.</summary>
    public IEnumerable<string> Check(string stateFolder)
    {
        GridError[] errors = [.. Shared().Validate(), .. In(stateFolder)?.Validate() ?? [], .. Topic?.Check("predictions.topic") ?? []];
        return errors.Select(static error => $"{NameOf(error.Target)} {error.Message} {error.Fix}");
    }

    /// <summary>Which predictions are logged.</summary>
    public PredictionShares Shared() => new() { Default = Share, Models = Shares };

    /// <summary>The log's own options, or null where none is kept.</summary>
    public PredictionLogOptions? In(string stateFolder) => !Enabled ? null : new PredictionLogOptions
    {
        Folder = Folder ?? Path.Combine(stateFolder, "predictions"),
        BufferBytes = BufferBytes,
        FileRows = FileRows,
        MaxAge = MaxAge,
        RetentionDays = RetentionDays,
    };

    /// <summary>The parts name their options in their own way: <c>predictions.topic.bufferBytes</c>. In what is in brackets a dot is none of ours.</summary>
    private static string NameOf(string target)
    {
        var bracket = target.IndexOf('[', StringComparison.Ordinal);
        var path = (bracket < 0 ? target : target[..bracket]).Split('.')[1..];
        return $"Grid:PredictionLog:{string.Join(':', path.Select(static part => $"{char.ToUpperInvariant(part[0])}{part[1..]}"))}{(bracket < 0 ? "" : target[bracket..])}";
    }
}
