using System.Text;

namespace Grid.Client.Http;

/// <summary>Builds the path and query of a call.</summary>
internal sealed class QueryText(string path)
{
    private readonly StringBuilder _text = new(path);
    private bool _hasQuery;

    public QueryText Add(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_hasQuery ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            _hasQuery = true;
        }

        return this;
    }

    public QueryText AddFlag(string name, bool value) => Add(name, value ? "true" : null);

    public override string ToString() => _text.ToString();
}
