using System.Reflection;
using System.Text.RegularExpressions;
using Grid.Silo.Hosting;

namespace Grid.Deployment.Tests.Support;

/// <summary>Names of the environment variables that a silo reads, from its options.</summary>
internal static partial class SiloSettings
{
    /// <summary>In capitals; an item of a list ends in <c>__#</c>.</summary>
    public static IReadOnlySet<string> Names { get; } = Of(typeof(GridSiloOptions), "GRID_").Where(static name => !name.Contains("FAULT", StringComparison.Ordinal)).ToHashSet();

    public static string Normal(string variable) => Index().Replace(variable.ToUpperInvariant(), "__#");

    private static IEnumerable<string> Of(Type type, string prefix) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static p => p.SetMethod is { IsPublic: true }).SelectMany(p =>
        {
            var name = prefix + p.Name.ToUpperInvariant();
            return p.PropertyType == typeof(IList<string>) ? [$"{name}__#"]
                : p.PropertyType.Namespace!.StartsWith("Grid.", StringComparison.Ordinal) && p.PropertyType.IsClass ? Of(p.PropertyType, $"{name}__")
                : (IEnumerable<string>)[name];
        });

    [GeneratedRegex(@"__\d+$")]
    private static partial Regex Index();
}
