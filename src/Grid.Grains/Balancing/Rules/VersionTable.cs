namespace Grid.Grains.Balancing.Rules;

/// <summary>The versions of a look, by the order of their names, with the silos that hold or will hold each.</summary>
internal sealed class VersionTable
{
    private readonly Dictionary<string, VersionWork> _byName;

    public VersionTable(IReadOnlyList<VersionLoad> versions, Look look)
    {
        All = [.. versions.OrderBy(static v => v.Version, StringComparer.Ordinal).Select(v => new VersionWork(v, look))];
        _byName = All.ToDictionary(static v => v.Load.Version, StringComparer.Ordinal);
        for (var i = 0; i < look.Silos.Length; i++)
        {
            foreach (var calls in look.Silos[i].Load.Calls)
            {
                Find(calls.Version)?.Count(i, calls);
            }
        }
    }

    public IReadOnlyList<VersionWork> All { get; }

    public VersionWork? Find(string version) => _byName.GetValueOrDefault(version);
}
