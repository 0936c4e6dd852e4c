using System.Globalization;

namespace Grid.Features.Definitions;

/// <summary>One comparison of a <c>where</c>: a field against a number, a text or a truth value.</summary>
internal sealed record Comparison(string Field, ComparisonOperator Operator, FieldKind Kind, double Number, string? Text)
{
    public string OperatorText => Operator switch
    {
        ComparisonOperator.Equal => "==",
        ComparisonOperator.NotEqual => "!=",
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        _ => ">=",
    };

    private string ValueText => Kind switch
    {
        FieldKind.Text => $"'{Text!.Replace("'", "''", StringComparison.Ordinal)}'",
        FieldKind.Bool => Number != 0 ? "true" : "false",
        _ => Number.ToString("R", CultureInfo.InvariantCulture),
    };

    public override string ToString() => $"{Field} {OperatorText} {ValueText}";
}
