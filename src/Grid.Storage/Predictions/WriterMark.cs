using System.Globalization;
using System.Text;

namespace Grid.Storage.Predictions;

/// <summary>
/// Tells whether a writer of a shared log lives, and since when it has predictions that are in no file. The operating system's lock on its file ends with
/// the process, so that whoever can take the lock knows that the writer is gone. Used by one thread.
/// </summary>
internal sealed class WriterMark : IDisposable
{
    public const string FolderName = ".writers";

    private const string FileName = "open";

    private readonly FileStream _file;
    private readonly string _folder;
    private DateTimeOffset? _since;

    private WriterMark(string folder, FileStream file)
    {
        _folder = folder;
        _file = file;
    }

    /// <summary>Where files are made before they move into place; of this writer alone, on the log's own disk.</summary>
    public string Staging => _folder;

    /// <exception cref="IOException">It cannot be made.</exception>
    public static WriterMark Create(string log, string writer)
    {
        var folder = Path.Combine(log, FolderName, writer);
        Directory.CreateDirectory(folder);

        // Readable by nobody while it is held: that is the lock.
        return new WriterMark(folder, new FileStream(Path.Combine(folder, FileName), FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
    }

    /// <summary>Removes the marks of writers that are gone, and gives the gaps that they left.</summary>
    public static IReadOnlyList<PredictionGap> Recover(string log, DateTimeOffset now)
    {
        var gaps = new List<PredictionGap>();
        var root = Path.Combine(log, FolderName);
        if (!Directory.Exists(root))
        {
            return gaps;
        }

        foreach (var folder in Directory.GetDirectories(root))
        {
            try
            {
                var path = Path.Combine(folder, FileName);
                if (File.Exists(path))
                {
                    using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                    using var reader = new StreamReader(file, Encoding.ASCII);
                    if (long.TryParse(reader.ReadToEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var since) && since > 0)
                    {
                        gaps.Add(new PredictionGap(PredictionGapReason.Crash, DateTimeOffset.FromUnixTimeMilliseconds(since), now, null, null, null, null, Path.GetFileName(folder)));
                    }
                }

                Directory.Delete(folder, recursive: true);
            }
            catch (Exception failure) when (FileErrors.IsFromDisk(failure))
            {
                // It lives, or the next start finds it.
            }
        }

        return gaps;
    }

    /// <summary>Notes since when predictions may be in no file. Free where nothing changed.</summary>
    /// <exception cref="IOException">It cannot be written; the next call tries again.</exception>
    public void Note(DateTimeOffset since)
    {
        if (since == _since)
        {
            return;
        }

        // Of one width, so that it never needs more of a full disk.
        _file.Position = 0;
        _file.Write(Encoding.ASCII.GetBytes(since.ToUnixTimeMilliseconds().ToString("d16", CultureInfo.InvariantCulture)));
        _file.Flush();
        _since = since;
    }

    /// <summary>The end of a writer that leaves nothing behind.</summary>
    public void Dispose()
    {
        _file.Dispose();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception failure) when (FileErrors.IsFromDisk(failure))
        {
            // Whoever finds it makes a gap of it that has no rows: too much said is better than too little.
        }
    }
}
