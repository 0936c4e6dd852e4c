using System.Text;

namespace Grid.Storage.Predictions;

/// <summary>A name that a log's folder keeps, given by its first writer.</summary>
internal static class LogIdentity
{
    private const string FileName = ".identity";

    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static string Of(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            // Written elsewhere and moved, so that nobody reads half of it; of two that are first at once, one move fails and both read the winner's.
            var staging = $"{path}.{Guid.NewGuid():n}.tmp";
            File.WriteAllText(staging, Guid.NewGuid().ToString("n"), Encoding.ASCII);
            try
            {
                File.Move(staging, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(staging);
            }
        }

        return File.ReadAllText(path, Encoding.ASCII);
    }
}
