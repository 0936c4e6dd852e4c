namespace Grid.Chaos;

/// <summary>The settings of every silo of a run, as an operator would give them.</summary>
internal static class SiloSettings
{
    public static IReadOnlyDictionary<string, string> Of(ChaosOptions options, string connectionString)
    {
        var settings = new Dictionary<string, string>
        {
            ["GRID_POSTGRESQL"] = connectionString,

            // So that snapshots are written and logs are cut in every run.
            ["GRID_SNAPSHOTLOGBYTES"] = "8192",
        };
        switch (options.Break)
        {
            case ChaosBreak.Fencing:
                settings["GRID_FAULTIGNOREFENCING"] = "true";
                break;
            case ChaosBreak.Marks:
                settings["GRID_FAULTIGNOREMARKS"] = "true";
                break;
            case ChaosBreak.Gaps:
                settings["GRID_FAULTSKIPGAPS"] = "true";
                break;
            default:
                break;
        }

        return settings;
    }
}
