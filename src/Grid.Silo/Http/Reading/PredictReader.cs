using Grid.Abstractions;
using Grid.Client;
using Grid.Primitives;
using Grid.Silo.Http.Json;

namespace Grid.Silo.Http.Reading;

/// <summary>Reads prediction requests.</summary>
internal static class PredictReader
{
    public const int MaxDeadlineMs = 600_000;

    /// <summary>Up to this many names are compared one by one, which is faster than a set.</summary>
    private const int FewNames = 16;

    private const string Members = "entity, values, as_of, version, deadline_ms, with_features";

    public static PredictCommand Read(ref JsonCursor cursor)
    {
        string? entity = null;
        RequestValues? values = null;
        var shared = default(PredictShared);
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            if (cursor.Is("entity"u8))
            {
                entity = cursor.Text();
            }
            else if (cursor.Is("values"u8))
            {
                values = ReadValues(ref cursor);
            }
            else if (!shared.TryRead(ref cursor))
            {
                throw cursor.Unknown(Members);
            }
        }

        return new PredictCommand(
            entity ?? throw JsonFault.Missing("entity", "the key of the entity to predict for"),
            values,
            shared.AsOf,
            shared.ToOptions());
    }

    /// <exception cref="GridException">There are more items than the limit.</exception>
    public static PredictManyCommand ReadMany(ref JsonCursor cursor, int maxItems)
    {
        List<PredictItem>? items = null;
        var shared = default(PredictShared);
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            if (cursor.Is("items"u8))
            {
                items = [];
                cursor.BeginArray("an array of {entity, values}");
                while (cursor.NextItem())
                {
                    if (items.Count == maxItems)
                    {
                        throw new GridError(GridErrorCode.TooLarge, "items", $"has more than {maxItems} entries.", "Split the request, or raise GridHttpOptions.MaxPredictItems.").ToException();
                    }

                    items.Add(ReadItem(ref cursor, items.Count));
                }
            }
            else if (!shared.TryRead(ref cursor))
            {
                throw cursor.Unknown("items, as_of, version, deadline_ms, with_features");
            }
        }

        return new PredictManyCommand(items ?? throw JsonFault.Missing("items", "an array of {entity, values}"), shared.AsOf, shared.ToOptions());
    }

    private static PredictItem ReadItem(ref JsonCursor cursor, int index)
    {
        cursor.RequireObject();
        string? entity = null;
        RequestValues? values = null;
        while (cursor.NextMember())
        {
            if (cursor.Is("entity"u8))
            {
                entity = cursor.Text();
            }
            else if (cursor.Is("values"u8))
            {
                values = ReadValues(ref cursor);
            }
            else
            {
                throw cursor.Unknown("entity, values");
            }
        }

        return new PredictItem(entity ?? throw JsonFault.Missing($"items[{index}].entity", "the key of the entity to predict for"), values);
    }

    private static RequestValues ReadValues(ref JsonCursor cursor)
    {
        cursor.BeginObject();
        var names = new List<string>(8);
        var values = new List<double>(8);
        HashSet<string>? seen = null;
        while (cursor.NextMember())
        {
            var name = cursor.Name();
            if (names.Count == FewNames)
            {
                seen = new HashSet<string>(names, StringComparer.Ordinal);
            }

            if (seen is null ? names.Contains(name) : !seen.Add(name))
            {
                throw cursor.Twice();
            }

            names.Add(name);
            values.Add(cursor.Number());
        }

        return names.Count == 0 ? RequestValues.None : new RequestValues([.. names], [.. values]);
    }
}
