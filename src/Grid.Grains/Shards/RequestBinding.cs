using Grid.Abstractions;
using Grid.Features.Plans;
using Grid.Primitives;

namespace Grid.Grains.Shards;

/// <summary>Puts a request's values into the order that a vector wants them in.</summary>
internal static class RequestBinding
{
    /// <summary>Fills <paramref name="destination"/> in the order of the plan's request names; NaN where the default stands in.</summary>
    /// <returns>What is wrong with the values, or null.</returns>
    public static GridError? Fill(VectorPlan plan, RequestValues values, Span<double> destination)
    {
        destination.Fill(double.NaN);
        for (var i = 0; i < values.Names.Length; i++)
        {
            if (!double.IsFinite(values.Values[i]))
            {
                return GridError.Invalid($"values.{values.Names[i]}", $"is {values.Values[i]}.", "Send a finite number, or leave the value out where it has a default.");
            }

            var at = IndexOf(plan.RequestNames, values.Names[i]);
            if (at >= 0)
            {
                destination[at] = values.Values[i];
            }
        }

        return null;
    }

    /// <summary>The first value of the request that no input of the version takes, or null.</summary>
    public static GridError? Unexpected(BoundVector vector, RequestValues values)
    {
        foreach (var name in values.Names)
        {
            var known = false;
            foreach (var input in vector.Inputs)
            {
                known |= IndexOf(input.RequestNames, name) >= 0;
            }

            if (!known)
            {
                var allowed = string.Join(", ", vector.Inputs.SelectMany(input => input.RequestNames).Distinct());
                return GridError.Invalid($"values.{name}", $"is not a value that version '{vector.Version}' takes.", $"It takes: {allowed}.");
            }
        }

        return null;
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}
