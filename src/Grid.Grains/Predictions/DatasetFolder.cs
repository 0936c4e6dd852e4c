using Grid.Grains.Hosting;
using Grid.Primitives;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Predictions;

/// <summary>Where this silo makes training sets. What a process that was killed left there is removed at the start: nobody would ever erase it. Thread-safe.</summary>
internal sealed class DatasetFolder
{
    private readonly string _folder;

    /// <exception cref="GridException">It cannot be used.</exception>
    public DatasetFolder(IOptions<GridGrainsOptions> options)
    {
        _folder = Path.Combine(options.Value.CacheFolder, "datasets");
        try
        {
            if (Directory.Exists(_folder))
            {
                Directory.Delete(_folder, recursive: true);
            }

            Directory.CreateDirectory(_folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GridException(new GridError(GridErrorCode.FailedPrecondition, $"folder '{_folder}'", $"cannot be used: {e.Message}", "Give this process the right to write there, or make room."), e);
        }
    }

    /// <summary>A path that nobody else has.</summary>
    public string NewPath() => Path.Combine(_folder, $"{Guid.NewGuid():n}.parquet");
}
