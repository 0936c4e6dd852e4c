using Grid.TestKit;

namespace Grid.Grains.Tests.Predictions;

/// <summary>A version of the flights model with a few lines more in its manifest.</summary>
internal static class AskingVersion
{
    public static TempFolder Copy(string log)
    {
        var folder = new TempFolder();
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Flights, "models", LoggedFlights.Model, "2")))
        {
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        }

        File.AppendAllText(Path.Combine(folder.Path, "model.yaml"), "\n" + log);
        return folder;
    }
}
