using System.Security.Cryptography;
using System.Text;

namespace Grid.Storage.PostgreSql;

/// <summary>The identity of a row whose fields may be too long for an index: SHA-256 of them.</summary>
internal static class RowIdentity
{
    /// <param name="fields">In a fixed order; a null is another field than an empty one.</param>
    public static byte[] Of(params ReadOnlySpan<string?> fields)
    {
        using var buffer = new MemoryStream();
        using (var writer = new BinaryWriter(buffer, Encoding.Unicode))
        {
            foreach (var field in fields)
            {
                // With its length, so that no two lists of fields write the same bytes. UTF-16 as it is: every string has other bytes.
                writer.Write(field?.Length ?? -1);
                foreach (var c in field ?? "")
                {
                    writer.Write((ushort)c);
                }
            }
        }

        return SHA256.HashData(buffer.ToArray());
    }
}
