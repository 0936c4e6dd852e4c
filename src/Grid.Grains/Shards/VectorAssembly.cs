using Grid.Abstractions;
using Grid.Features.Shards;
using Grid.Primitives;

namespace Grid.Grains.Shards;

/// <summary>Makes a vector of an entity's features and a request's values.</summary>
internal static class VectorAssembly
{
    /// <summary>The largest vector of request values kept on the stack.</summary>
    private const int StackValues = 128;

    /// <summary>Writes one vector; what is wrong with the request, or null.</summary>
    public static GridError? Write(ShardState state, BoundVector vector, VectorRow row, string entity, RequestValues values, long asOfMs)
    {
        if (RequestBinding.Unexpected(vector, values) is { } unexpected)
        {
            return unexpected;
        }

        Span<double> stack = stackalloc double[StackValues];
        for (var input = 0; input < vector.Inputs.Length; input++)
        {
            var plan = vector.Inputs[input];
            var requested = plan.RequestNames.Count <= StackValues ? stack[..plan.RequestNames.Count] : new double[plan.RequestNames.Count];
            if (RequestBinding.Fill(plan, values, requested) is { } bad)
            {
                return bad;
            }

            var outcome = state.ReadVector(plan, entity, asOfMs, requested, row.Input(vector, input));
            if (!outcome.IsOk)
            {
                return outcome.Error;
            }
        }

        return null;
    }
}
