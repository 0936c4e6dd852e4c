using System.Globalization;
using Grid.Primitives;

namespace Grid.Storage.Predictions;

/// <summary>Settings of a prediction log. Immutable once it is open.</summary>
public sealed class PredictionLogOptions
{
    /// <summary>Folder of the log. Several processes may share one. Required.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Bytes of predictions that may wait for their file; beyond, predictions are not logged and the gap is recorded. 64 KiB to 16 GiB, default 64 MiB.</summary>
    public long BufferBytes { get; set; } = 64 << 20;

    /// <summary>Rows at which a file is written. 1 to 1,000,000, default 50,000.</summary>
    public int FileRows { get; set; } = 50_000;

    /// <summary>How long a prediction may wait for its file, and so what a crash can lose. 100 ms to 1 day, default 1 min. Shorter means more and smaller files.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Files and gaps older than this are deleted, by the time they were written; 0 keeps them. 0 to 36,500, default 90.</summary>
    public int RetentionDays { get; set; } = 90;

    /// <summary>All that is wrong with the options; empty if nothing is.</summary>
    public IReadOnlyList<GridError> Validate()
    {
        var errors = new List<GridError>();
        Require(!string.IsNullOrWhiteSpace(Folder), "folder", Folder, "a folder");
        Require(BufferBytes is >= 64 << 10 and <= 16L << 30, "bufferBytes", BufferBytes, "64 KiB to 16 GiB");
        Require(FileRows is >= 1 and <= 1_000_000, "fileRows", FileRows, "1 to 1000000");
        Require(MaxAge >= TimeSpan.FromMilliseconds(100) && MaxAge <= TimeSpan.FromDays(1), "maxAge", MaxAge, "100 ms to 1 day");
        Require(RetentionDays is >= 0 and <= 36_500, "retentionDays", RetentionDays, "0 to 36500");
        return errors;

        void Require(bool isGood, string name, object value, string range)
        {
            if (!isGood)
            {
                errors.Add(GridError.Invalid($"predictions.{name}", string.Create(CultureInfo.InvariantCulture, $"is {value}."), $"Use {range}."));
            }
        }
    }
}
