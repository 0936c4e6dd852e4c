namespace Grid.Inference.Tests.Support;

/// <summary>Files of the repository, found from the folder that the tests run in.</summary>
internal static class TestFiles
{
    private static readonly string Root = FindRoot();

    public static string Models => Path.Combine(Root, "tests/data/models");

    public static string Samples => Path.Combine(Root, "samples/flights/models");

    public static string Flights(string version) => Path.Combine(Samples, "flights-late", version);

    public static string Bench(string name) => Path.Combine(Root, "bench/data", name);

    public static string FlightData(string name) => Path.Combine(Root, "tests/data/flights2001", name);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Grid.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Grid.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
