using Grid.Primitives;
using Grid.Silo.Http.Json;

namespace Grid.Silo.Http.Reading;

/// <summary>Reads bodies of one member.</summary>
internal static class SmallBodies
{
    /// <summary><c>{"shards": n}</c>, 1 where it is left out.</summary>
    public static int ReadShards(ref JsonCursor cursor)
    {
        var shards = 1;
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            shards = cursor.Is("shards"u8) ? (int)cursor.Integer(1, ShardHash.MaxShards) : throw cursor.Unknown("shards");
        }

        return shards;
    }

    /// <summary><c>{"version": "name"}</c>.</summary>
    public static string ReadVersion(ref JsonCursor cursor)
    {
        string? version = null;
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            version = cursor.Is("version"u8) ? GridNames.Require("version", cursor.Text()) : throw cursor.Unknown("version");
        }

        return version ?? throw JsonFault.Missing("version", "the version that takes all traffic");
    }
}
