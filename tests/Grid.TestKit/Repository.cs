namespace Grid.TestKit;

/// <summary>Where things are in the working tree.</summary>
public static class Repository
{
    /// <summary>The folder of <c>Grid.sln</c>.</summary>
    public static string Root { get; } = Find();

    public static string MiniFlights => Path.Combine(Root, "tests", "data", "flights2001", "mini.csv.gz");

    public static string MiniGolden => Path.Combine(Root, "tests", "data", "flights2001", "mini-golden.csv.gz");

    public static string Flights => Path.Combine(Root, "samples", "flights");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Grid.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Grid.sln.");
    }
}
