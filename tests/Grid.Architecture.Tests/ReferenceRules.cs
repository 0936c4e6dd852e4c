namespace Grid.Architecture.Tests;

/// <summary>Finds the references that the tables forbid. Pure: works on any set of projects, so that wrong ones can be given to it.</summary>
internal static class ReferenceRules
{
    /// <summary>Forbidden arrows between projects, and projects of <c>src</c> without a place in the table.</summary>
    public static IReadOnlyList<string> WrongProjects(IReadOnlyList<ProjectFile> projects)
    {
        var wrong = new List<string>();
        foreach (var project in projects.Where(static p => p.IsProduct))
        {
            if (!AllowedArrows.Projects.TryGetValue(project.Name, out var allowed))
            {
                wrong.Add($"{project.Path} has no entry in AllowedArrows.Projects: decide what it may reference.");
                continue;
            }

            wrong.AddRange(project.Projects.Where(a => !allowed.Contains(a.To, StringComparer.Ordinal))
                .Select(a => $"{a} is forbidden; {project.Name} may reference {(allowed.Length == 0 ? "no project" : string.Join(", ", allowed))}."));
        }

        return wrong;
    }

    /// <summary>Arrows of <c>src</c> through a package wall.</summary>
    public static IReadOnlyList<string> WrongPackages(IReadOnlyList<ProjectFile> projects) =>
    [
        .. from project in projects
           where project.IsProduct
           from arrow in project.Packages
           from wall in AllowedArrows.PackageWalls
           where Matches(wall.Key, arrow.To) && !wall.Value.Contains(project.Name, StringComparer.Ordinal)
           select $"{arrow} is forbidden; {wall.Key} belongs to {(wall.Value.Length == 0 ? "tests" : string.Join(", ", wall.Value))}.",
    ];

    /// <summary>Everything a project refers to through any number of projects: names of projects and packages, with the way there.</summary>
    public static IReadOnlyDictionary<string, string> Closure(string from, IReadOnlyList<ProjectFile> projects)
    {
        var byName = projects.ToDictionary(static p => p.Name, StringComparer.Ordinal);
        var ways = new Dictionary<string, string>(StringComparer.Ordinal) { [from] = from };
        var open = new Queue<string>([from]);
        while (open.TryDequeue(out var name))
        {
            if (!byName.TryGetValue(name, out var project))
            {
                continue;
            }

            foreach (var arrow in project.Projects.Concat(project.Packages))
            {
                if (ways.TryAdd(arrow.To, $"{ways[name]} -> {arrow.To}"))
                {
                    open.Enqueue(arrow.To);
                }
            }
        }

        return ways;
    }

    /// <summary>Ways from the SDK to something that its callers must not load.</summary>
    public static IReadOnlyList<string> WrongInClient(IReadOnlyList<ProjectFile> projects) =>
        [.. Closure("Grid.Client", projects).Where(static way => AllowedArrows.NeverInClient.Any(n => Matches(n + "*", way.Key))).Select(static way => way.Value)];

    private static bool Matches(string pattern, string name) => pattern.EndsWith('*')
        ? name.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
        : name.Equals(pattern, StringComparison.OrdinalIgnoreCase);
}
