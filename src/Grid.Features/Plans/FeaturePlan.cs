using Grid.Features.Definitions;
using Grid.Primitives;

namespace Grid.Features.Plans;

/// <summary>A set of views, compiled: which fields matter, how records are laid out, how values come out of them. Immutable, thread-safe.</summary>
public sealed class FeaturePlan
{
    private readonly Dictionary<string, int> _events;
    private readonly Dictionary<string, int> _names;
    private readonly Dictionary<string, ViewPlan> _viewsByName;

    internal FeaturePlan(Digest generation, ViewPlan[] views, EventPlan[] events, Dictionary<string, int> names)
    {
        Generation = generation;
        Views = views;
        Events = events;
        _names = names;
        _events = events.ToDictionary(static e => e.Type, static e => e.Ordinal, StringComparer.Ordinal);
        _viewsByName = views.ToDictionary(static v => v.Name, StringComparer.Ordinal);
    }

    /// <summary>The plan without views.</summary>
    public static FeaturePlan Empty { get; } = Compile([]);

    /// <summary>Digest of the whole set; its views' order does not matter.</summary>
    public Digest Generation { get; }

    /// <summary>Sorted by name.</summary>
    public IReadOnlyList<ViewPlan> Views { get; }

    internal EventPlan[] Events { get; }

    internal int NameCount => _names.Count;

    /// <exception cref="GridException">The views are not valid; carries all mistakes.</exception>
    public static FeaturePlan Compile(IReadOnlyList<FeatureViewDefinition> views)
    {
        ViewValidator.Require(views);
        return PlanCompiler.Compile(views);
    }

    public ViewPlan? FindView(string name) => _viewsByName.GetValueOrDefault(name);

    /// <summary>Whether any view takes events of the type.</summary>
    public bool Takes(string eventType) => _events.ContainsKey(eventType);

    /// <summary>Compiles the columns that a model version asks for. Keep the result with the pair of plan and version.</summary>
    /// <param name="columns">In the order of the vector; at least one.</param>
    /// <param name="target">What asks, for errors: <c>model 'flights-late' version '1'</c>.</param>
    /// <exception cref="GridException">A column names nothing here, or its views have different entities; carries all mistakes.</exception>
    public VectorPlan BindVector(IReadOnlyList<VectorColumn> columns, string target = "vector") => VectorBinder.Bind(this, columns, target);

    /// <summary>Binds columns by name: <c>view.feature</c>, and any name without a dot is a value of the request without a default.</summary>
    /// <inheritdoc cref="BindVector(IReadOnlyList{VectorColumn}, string)"/>
    public VectorPlan BindVector(IReadOnlyList<string> columns, string target = "vector") =>
        VectorBinder.Bind(this, [.. columns.Select(static c => c.Contains('.', StringComparison.Ordinal) ? VectorColumn.Feature(c) : VectorColumn.Request(c))], target);

    /// <summary>Ordinal of the event type, or -1.</summary>
    internal int EventOrdinal(string type) => _events.TryGetValue(type, out var ordinal) ? ordinal : -1;

    /// <summary>Id of a field's name in this plan, or -1.</summary>
    internal int NameId(string field) => _names.TryGetValue(field, out var id) ? id : -1;
}
