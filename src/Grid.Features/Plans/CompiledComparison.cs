using Grid.Features.Definitions;

namespace Grid.Features.Plans;

/// <summary>One comparison with its field as an ordinal and its text as UTF-8.</summary>
internal readonly struct CompiledComparison(int field, ComparisonOperator op, bool isText, double number, byte[]? text)
{
    /// <summary>Whether it holds; never for an event without the field.</summary>
    public bool Holds(EventValues values, ReadOnlySpan<byte> row)
    {
        if (!values.Has(field))
        {
            return false;
        }

        if (isText)
        {
            return values.Text(field, row).SequenceEqual(text) == (op == ComparisonOperator.Equal);
        }

        var value = values.Number(field);
        return op switch
        {
            ComparisonOperator.Equal => value == number,
            ComparisonOperator.NotEqual => value != number,
            ComparisonOperator.Less => value < number,
            ComparisonOperator.LessOrEqual => value <= number,
            ComparisonOperator.Greater => value > number,
            _ => value >= number,
        };
    }
}
