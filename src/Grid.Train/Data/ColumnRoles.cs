using System.Text.Json;
using Grid.Primitives;
using Parquet.Schema;

namespace Grid.Train.Data;

/// <summary>The columns of one file by what they mean.</summary>
/// <param name="Features">In the order of the model's input.</param>
/// <param name="Label">The truth.</param>
/// <param name="Weight">Weights, or null.</param>
/// <param name="Time">Times, or null.</param>
internal sealed record ColumnRoles(DataField[] Features, DataField Label, DataField? Weight, DataField? Time)
{
    /// <summary>Key of a file's own metadata that names its features in order, as a JSON array.</summary>
    public const string FeaturesKey = "grid.features";

    /// <summary>Key of a file's own metadata that names its label.</summary>
    public const string LabelKey = "grid.label";

    private const string DefaultLabel = "label";
    private const string DefaultTime = "time";

    /// <exception cref="GridException">Every column that is missing, twice named, or of a kind that trees cannot take.</exception>
    public static ColumnRoles Resolve(string path, ParquetSchema schema, IReadOnlyDictionary<string, string> metadata, TrainingColumns wanted)
    {
        var errors = new List<GridError>();
        var fields = schema.DataFields.ToDictionary(static f => f.Path.ToString(), StringComparer.Ordinal);
        var label = Find(wanted.Label ?? metadata.GetValueOrDefault(LabelKey) ?? DefaultLabel, "--label");
        var weight = wanted.Weight is { } weightName ? Find(weightName, "--weight") : null;
        var time = wanted.Time is { } timeName ? Find(timeName, "--time") : fields.GetValueOrDefault(DefaultTime);
        var features = FeatureNames().Select(name => Find(name, "--features")).OfType<DataField>().ToArray();
        foreach (var field in features)
        {
            if (field == label || field == weight || field == time)
            {
                errors.Add(GridError.Invalid($"column '{field.Path}'", "is a feature and something else.", "A column has one meaning."));
            }
            else if (IsCategorical(field))
            {
                errors.Add(GridError.Invalid(
                    $"column '{field.Path}'",
                    $"is {Describe(field)}; features are numbers, and categories are not trained on.",
                    $"Leave it out (--ignore {field.Path}), or give it as numbers."));
            }
        }

        foreach (var twice in features.GroupBy(static f => f.Path.ToString()).Where(static g => g.Count() > 1))
        {
            errors.Add(GridError.Invalid($"column '{twice.Key}'", "is named twice as a feature.", "Name it once."));
        }

        if (features.Length == 0 && errors.Count == 0)
        {
            errors.Add(GridError.Invalid($"file '{path}'", "has no column that is a feature.", "Add features beside the label."));
        }

        foreach (var number in ((DataField?[])[label, weight]).OfType<DataField>().Where(IsCategorical))
        {
            errors.Add(GridError.Invalid($"column '{number.Path}'", $"is {Describe(number)}, not a number.", "Labels and weights are numbers."));
        }

        return errors.Count == 0 ? new ColumnRoles(features, label!, weight, time) : throw new GridException(errors);

        DataField? Find(string name, string option)
        {
            if (fields.TryGetValue(name, out var field))
            {
                return field;
            }

            errors.Add(GridError.NotFound($"column '{name}' ({option})", $"is not in file '{path}'.", $"It has: {string.Join(", ", fields.Keys)}."));
            return null;
        }

        IEnumerable<string> FeatureNames()
        {
            if (wanted.Features.Count > 0)
            {
                return wanted.Features;
            }

            var named = metadata.TryGetValue(FeaturesKey, out var json) ? JsonSerializer.Deserialize(json, TrainJson.Default.StringArray) ?? [] : fields.Keys.Where(n => fields[n] != label && fields[n] != weight && fields[n] != time);
            return named.Except(wanted.Ignored, StringComparer.Ordinal);
        }
    }

    private static bool IsCategorical(DataField field) => field.IsArray || !ColumnValues.IsNumber(field.ClrType);

    private static string Describe(DataField field) => field.IsArray ? "a list" : field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>) ? "text" : $"of type {field.ClrType.Name}";
}
