using Grid.Primitives;

namespace Grid.Features.Plans;

/// <summary>The columns that a model version asks for, compiled against one plan. Immutable, thread-safe; cheap to keep per plan and version.</summary>
public sealed class VectorPlan
{
    internal VectorPlan(FeaturePlan plan, VectorColumn[] columns, Digest fingerprint, string[] requestNames, RequestRead[] requests, ViewRead[] views, string? entityField)
    {
        Plan = plan;
        Columns = columns;
        Fingerprint = fingerprint;
        RequestNames = requestNames;
        Requests = requests;
        ViewReads = views;
        EntityField = entityField;
        foreach (var view in views)
        {
            ScratchLength = Math.Max(ScratchLength, view.ScratchLength);
        }
    }

    /// <summary>The plan it was bound to; a shard that has another generation refuses it.</summary>
    public FeaturePlan Plan { get; }

    public IReadOnlyList<VectorColumn> Columns { get; }

    /// <summary>Floats a read writes.</summary>
    public int Count => Columns.Count;

    /// <summary>Digest of the columns and of everything their values depend on.</summary>
    public Digest Fingerprint { get; }

    /// <summary>The values that a request brings, each once, in order of first use: the order of <c>requestValues</c> in a read.</summary>
    public IReadOnlyList<string> RequestNames { get; }

    /// <summary>Entity field of the views with entities; null where the vector needs no entity.</summary>
    public string? EntityField { get; }

    /// <summary>Whether a read needs an entity.</summary>
    public bool NeedsEntity => EntityField is not null;

    /// <summary>The views it reads.</summary>
    public IEnumerable<ViewPlan> Views => ViewReads.Select(static v => v.View);

    internal RequestRead[] Requests { get; }

    internal ViewRead[] ViewReads { get; }

    internal int ScratchLength { get; }
}
