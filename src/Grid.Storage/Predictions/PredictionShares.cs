using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Grid.Primitives;

namespace Grid.Storage.Predictions;

/// <summary>Which predictions are logged. Immutable once it is in use.</summary>
public sealed class PredictionShares
{
    /// <summary>Share of models that ask for none and that <see cref="Models"/> does not name. 0 to 1, default 0.</summary>
    public double Default { get; set; }

    /// <summary>Shares of single models, by <c>workspace/model</c>. Each 0 to 1.</summary>
    public IDictionary<string, double> Models { get; set; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>The share of a model's predictions that is logged.</summary>
    /// <param name="model">The model.</param>
    /// <param name="wanted">What the model itself asks for; the options have the last word where they name it, and the first where it asks for nothing.</param>
    public double Of(ModelKey model, double? wanted = null) => Models.TryGetValue(model.ToString(), out var own) ? own : wanted ?? Default;

    /// <summary>Whether a prediction is in a share. The same id always gets the same answer, and one that is in a share is in every larger one.</summary>
    public static bool Has(double share, string id) =>
        share >= 1 || (share > 0 && XxHash3.HashToUInt64(MemoryMarshal.AsBytes(id.AsSpan())) / (double)ulong.MaxValue < share);

    /// <summary>All that is wrong; empty if nothing is.</summary>
    public IReadOnlyList<GridError> Validate() =>
    [
        .. new[] { KeyValuePair.Create("share", Default) }.Concat(Models.Select(static m => KeyValuePair.Create($"shares['{m.Key}']", m.Value)))
            .Where(static share => share.Value is not (>= 0 and <= 1))
            .Select(static share => GridError.Invalid($"predictions.{share.Key}", string.Create(CultureInfo.InvariantCulture, $"is {share.Value}."), "Use 0 to 1.")),
    ];
}
