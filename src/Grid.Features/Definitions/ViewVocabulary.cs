namespace Grid.Features.Definitions;

/// <summary>The words of the YAML form and what they stand for.</summary>
internal static class ViewVocabulary
{
    private static readonly (string Word, AggregateKind Value)[] s_aggregates =
    [
        ("count", AggregateKind.Count), ("sum", AggregateKind.Sum), ("mean", AggregateKind.Mean), ("min", AggregateKind.Min), ("max", AggregateKind.Max),
        ("last", AggregateKind.Last), ("time_since_last", AggregateKind.TimeSinceLast), ("share", AggregateKind.Share),
        ("ratio", AggregateKind.Ratio), ("difference", AggregateKind.Difference),
    ];

    private static readonly (string Word, TimeUnit Value, double Milliseconds)[] s_units =
    [
        ("ms", TimeUnit.Millisecond, 1), ("s", TimeUnit.Second, 1_000), ("min", TimeUnit.Minute, 60_000), ("h", TimeUnit.Hour, 3_600_000), ("d", TimeUnit.Day, 86_400_000),
    ];

    public static IReadOnlyDictionary<string, AggregateKind> Aggregates { get; } = s_aggregates.ToDictionary(static a => a.Word, static a => a.Value, StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, TimeUnit> Units { get; } = s_units.ToDictionary(static u => u.Word, static u => u.Value, StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, FieldKind> Kinds { get; } = new Dictionary<string, FieldKind>(StringComparer.Ordinal)
    {
        ["number"] = FieldKind.Number,
        ["text"] = FieldKind.Text,
        ["bool"] = FieldKind.Bool,
    };

    public static IReadOnlyDictionary<string, ViewScope> Scopes { get; } = new Dictionary<string, ViewScope>(StringComparer.Ordinal)
    {
        ["entity"] = ViewScope.Entity,
        ["tenant"] = ViewScope.Tenant,
    };

    public static IReadOnlyDictionary<string, ViewClock> Clocks { get; } = new Dictionary<string, ViewClock>(StringComparer.Ordinal)
    {
        ["arrival"] = ViewClock.Arrival,
        ["event"] = ViewClock.Event,
    };

    public static IReadOnlyDictionary<string, WindowForm> Forms { get; } = new Dictionary<string, WindowForm>(StringComparer.Ordinal)
    {
        ["exact"] = WindowForm.Exact,
    };

    public static string AggregateList { get; } = string.Join(", ", s_aggregates.Select(static a => a.Word));

    public static string NameOf(AggregateKind aggregate) => s_aggregates.First(a => a.Value == aggregate).Word;

    public static string NameOf(TimeUnit unit) => s_units.First(u => u.Value == unit).Word;

    public static double MillisecondsOf(TimeUnit unit) => s_units.First(u => u.Value == unit).Milliseconds;
}
