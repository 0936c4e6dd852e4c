using Grid.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Predictions;

/// <summary>Where this silo makes training sets. What a process that was killed left there is removed at the start: nobody would ever erase it. Thread-safe.</summary>
internal sealed class DatasetFolder
{
    private readonly string _folder;

    /// <exception cref="IOException">It cannot be used.</exception>
    public DatasetFolder(IOptions<GridGrainsOptions> options)
    {
        _folder = Path.Combine(options.Value.CacheFolder, "datasets");
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        Directory.CreateDirectory(_folder);
    }

    /// <summary>A path that nobody else has.</summary>
    public string NewPath() => Path.Combine(_folder, $"{Guid.NewGuid():n}.parquet");
}
