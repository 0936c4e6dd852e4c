using Grid.Primitives;

namespace Grid.Silo.Commands;

/// <summary>Reads files that commands name; <c>-</c> is standard input.</summary>
internal static class CommandFiles
{
    public static string NameOf(string path) => path == "-" ? "stdin" : Path.GetFileName(path);

    /// <exception cref="GridException">The file cannot be read.</exception>
    public static TextReader Open(string path)
    {
        if (path == "-")
        {
            return Console.In;
        }

        try
        {
            return new StreamReader(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new GridException(GridError.NotFound($"file '{path}'", "does not exist."), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GridException(GridError.Invalid($"file '{path}'", $"cannot be read: {e.Message}"), e);
        }
    }

    /// <exception cref="GridException">The file cannot be read.</exception>
    public static async Task<string> ReadTextAsync(string path, CancellationToken cancellationToken)
    {
        using var reader = Open(path);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
