using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Grid.Monitoring.Baselines;

/// <summary>The number that stands for a category in a vector of 32-bit floats.</summary>
public static class CategoryCode
{
    /// <summary>
    /// A text that is a number stands for itself; any other for 24 bits of its hash, which a 32-bit float holds exactly.
    /// Two of 200 categories share a code once in 800 columns; they are then counted as one.
    /// </summary>
    public static double Of(string category) =>
        float.TryParse(category, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number)
            ? number
            : XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(category)) & 0xFFFFFF;
}
