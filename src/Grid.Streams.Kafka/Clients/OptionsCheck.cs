using System.Globalization;
using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>Collects what is wrong with a set of options, each with its path.</summary>
internal sealed class OptionsCheck(string path)
{
    private readonly List<GridError> _errors = [];

    public IReadOnlyList<GridError> Errors => _errors;

    public void That(bool holds, string option, string message, string fix)
    {
        if (!holds)
        {
            _errors.Add(GridError.Invalid($"{path}.{option}", message, fix));
        }
    }

    public void Range<T>(string option, T value, T min, T max)
        where T : IComparable<T>, IFormattable
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            _errors.Add(GridError.Invalid($"{path}.{option}", $"is {Text(value)}.", $"Use {Text(min)} to {Text(max)}."));
        }
    }

    public void Add(IEnumerable<GridError> errors) => _errors.AddRange(errors);

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
