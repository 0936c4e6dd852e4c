using Grid.Abstractions;
using Grid.Inference.Manifests;

namespace Grid.Grains.Rollouts;

/// <summary>How far two answers to one question are apart.</summary>
/// <param name="Signed">Challenger less champion; of the widest pair where the output has many values.</param>
/// <param name="Disagrees">They lie on different sides of the threshold; or, where the output has many values, another one is the largest.</param>
internal readonly record struct OutputDifference(double Signed, bool Disagrees)
{
    public double Absolute => Math.Abs(Signed);

    /// <param name="champion">Layout and values of the champion.</param>
    /// <param name="championValues">The champion's values.</param>
    /// <param name="challenger">Layout and values of the challenger.</param>
    /// <param name="challengerValues">The challenger's values.</param>
    /// <param name="guard">Which output, and where to cut it; null: the first that both have, at <see cref="DisagreementGuard.DefaultThreshold"/>.</param>
    /// <returns>Null where they have no such output in common, or a value is not finite.</returns>
    public static OutputDifference? Of(OutputLayout champion, ReadOnlySpan<float> championValues, OutputLayout challenger, ReadOnlySpan<float> challengerValues, DisagreementGuard? guard)
    {
        foreach (var name in guard?.Output is { } wanted ? [wanted] : champion.Names)
        {
            var a = ValuesOf(champion, championValues, name);
            var b = ValuesOf(challenger, challengerValues, name);
            if (a.Length > 0 && a.Length == b.Length)
            {
                return a.Length == 1
                    ? Scalar(a[0], b[0], guard?.Threshold ?? DisagreementGuard.DefaultThreshold)
                    : Vector(a, b);
            }
        }

        return null;
    }

    private static OutputDifference? Scalar(float a, float b, double threshold) =>
        float.IsFinite(a) && float.IsFinite(b) ? new OutputDifference((double)b - a, a >= threshold != b >= threshold) : null;

    private static OutputDifference? Vector(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var widest = 0.0;
        int topA = 0, topB = 0;
        for (var i = 0; i < a.Length; i++)
        {
            if (!float.IsFinite(a[i]) || !float.IsFinite(b[i]))
            {
                return null;
            }

            var difference = (double)b[i] - a[i];
            widest = Math.Abs(difference) > Math.Abs(widest) ? difference : widest;
            topA = a[i] > a[topA] ? i : topA;
            topB = b[i] > b[topB] ? i : topB;
        }

        return new OutputDifference(widest, topA != topB);
    }

    private static ReadOnlySpan<float> ValuesOf(OutputLayout layout, ReadOnlySpan<float> values, string name)
    {
        var offset = 0;
        for (var i = 0; i < layout.Names.Length; i++)
        {
            if (layout.Names[i] == name)
            {
                return values.Slice(offset, layout.Lengths[i]);
            }

            offset += layout.Lengths[i];
        }

        return [];
    }
}
