namespace Grid.Inference.Repository;

/// <summary>The rule for names of files inside a version's folder, and the check that a file really is in there.</summary>
internal static class PackagePaths
{
    public const string Rule = "Use a relative path of at most 255 characters with '/' between its parts, none of them '.', '..' or beginning with a dot.";

    private const int MaxLength = 255;

    public static bool IsValidName(string name)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return false;
        }

        foreach (var part in name.Split('/'))
        {
            if (part.Length == 0 || part[0] == '.' || part.AsSpan().IndexOfAny('\\', ':') >= 0 || part.Any(char.IsControl))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Why the file cannot be taken from the folder, as the end of a sentence; null where it can.</summary>
    public static string? CheckInside(string folder, string name)
    {
        if (!IsValidName(name))
        {
            return "is no plain relative path inside the model's folder";
        }

        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var path = root;
        foreach (var part in name.Split('/'))
        {
            path = Path.Combine(path, part);
            FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            if (entry.LinkTarget is not null && !IsInside(root, entry))
            {
                return "is a link out of the model's folder";
            }
        }

        return File.Exists(path) ? null : "does not exist";
    }

    /// <summary>True where a link ends inside the folder. Directories are never followed, so that a walk ends.</summary>
    public static bool IsInside(string root, FileSystemInfo link)
    {
        try
        {
            return link is FileInfo
                && link.ResolveLinkTarget(returnFinalTarget: true) is { } target
                && target.FullName.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // A loop of links has no end, so it does not end inside.
            return false;
        }
    }
}
