using System.Globalization;
using System.Text;

namespace Grid.Storage.PostgreSql;

/// <summary>
/// Texts of others as the engine can hold them: it takes neither a zero nor half a surrogate pair. Those become <c>\0</c> and
/// <c>\uXXXX</c>, and a backslash becomes two, so that no two texts become one.
/// </summary>
internal static class EscapedText
{
    public static string Escape(string text)
    {
        StringBuilder? escaped = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                escaped?.Append(c).Append(text[i + 1]);
                i++;
            }
            else if (c is '\\' or '\0' || char.IsSurrogate(c))
            {
                escaped ??= new StringBuilder(text, 0, i, text.Length + 16);
                _ = c switch
                {
                    '\\' => escaped.Append(@"\\"),
                    '\0' => escaped.Append(@"\0"),
                    _ => escaped.Append(CultureInfo.InvariantCulture, $@"\u{(int)c:x4}"),
                };
            }
            else
            {
                escaped?.Append(c);
            }
        }

        return escaped?.ToString() ?? text;
    }

    /// <param name="text">What <see cref="Escape"/> made.</param>
    public static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            switch (text[++i])
            {
                case '0':
                    plain.Append('\0');
                    break;
                case 'u':
                    plain.Append((char)int.Parse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    i += 4;
                    break;
                default:
                    plain.Append('\\');
                    break;
            }
        }

        return plain.ToString();
    }
}
