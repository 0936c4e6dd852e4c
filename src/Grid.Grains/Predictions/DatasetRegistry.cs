using System.Globalization;
using System.Text.Json;
using Grid.Grains.Hosting;
using Grid.Primitives;
using Grid.Storage;

namespace Grid.Grains.Predictions;

/// <summary>
/// Which training sets there are and were, one document for each, and how often something was erased. What a set holds its file says; the entry spares looking. Thread-safe.
/// </summary>
internal sealed class DatasetRegistry(IDocumentStore documents, TimeProvider time)
{
    /// <summary>Name <c>workspace/digest</c>, body <see cref="DatasetEntry"/>. Store format: never reuse a kind.</summary>
    public const string DatasetKind = "dataset";

    /// <summary>Name: the workspace. Its version counts the erasures; no body. Store format: never reuse a kind.</summary>
    public const string ErasuresKind = "erasures";

    private const int Page = 500;

    /// <summary>Beyond, an entry would be more than a spared look is worth.</summary>
    private const int MaxTenants = 10_000;

    public async Task<DatasetEntry?> FindAsync(string workspace, Digest digest, CancellationToken cancellationToken) =>
        await documents.GetAsync(KeyOf(workspace, digest), cancellationToken) is { } stored ? Read(stored) : null;

    /// <summary>All entries, by workspace and digest.</summary>
    public async Task<Dictionary<(string Workspace, Digest Digest), DatasetEntry>> ListAsync(CancellationToken cancellationToken)
    {
        var entries = new Dictionary<(string, Digest), DatasetEntry>();
        var after = "";
        while (true)
        {
            var page = await documents.ListAsync(DatasetKind, "", after, Page, cancellationToken);
            foreach (var stored in page)
            {
                var slash = stored.Key.Name.IndexOf('/', StringComparison.Ordinal);
                if (slash > 0 && Digest.TryParse(stored.Key.Name[(slash + 1)..], out var digest))
                {
                    entries.Add((stored.Key.Name[..slash], digest), Read(stored));
                }
            }

            if (page.Count < Page)
            {
                return entries;
            }

            after = page[^1].Key.Name;
        }
    }

    /// <summary>Notes a training set that is among the artifacts. One that was erased and is there again stands again.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="model">Its model.</param>
    /// <param name="tenants">Tenants with rows in it; null where only the file knows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is new.</returns>
    public async Task<bool> AddAsync(string workspace, Digest digest, string model, IReadOnlyCollection<string>? tenants, CancellationToken cancellationToken)
    {
        var isNew = false;
        await ChangeAsync(workspace, digest, entry =>
        {
            isNew = entry is null or { IsErased: true };
            return isNew ? new DatasetEntry { Model = model, MadeMs = NowMs, Tenants = tenants is { Count: <= MaxTenants } ? [.. tenants] : null } : entry!;
        }, cancellationToken);
        return isNew;
    }

    /// <summary>Notes that a training set is to go. From now on nobody is given it.</summary>
    public Task EraseAsync(string workspace, Digest digest, string reason, CancellationToken cancellationToken) =>
        ChangeAsync(workspace, digest, entry => entry is null or { IsErased: true } ? entry : entry with { ErasedMs = NowMs, Reason = reason, Tenants = null }, cancellationToken);

    /// <summary>Notes that no silo has an erased training set any more.</summary>
    public Task RemovedAsync(string workspace, Digest digest, CancellationToken cancellationToken) =>
        ChangeAsync(workspace, digest, static entry => entry is { IsErased: true } ? entry with { IsRemoved = true } : entry, cancellationToken);

    /// <summary>How often something was erased. Where it has not changed, nothing was.</summary>
    public async Task<long> ErasuresAsync(string workspace, CancellationToken cancellationToken) =>
        (await documents.GetAsync(new DocumentKey(ErasuresKind, workspace), cancellationToken))?.Version ?? 0;

    /// <summary>Counts an erasure.</summary>
    public async Task CountErasureAsync(string workspace, CancellationToken cancellationToken)
    {
        var before = await ErasuresAsync(workspace, cancellationToken);

        // Of two at once one fails; that the number has changed is all that either wants.
        await documents.SwapAsync([new DocumentSwap(new DocumentKey(ErasuresKind, workspace), before, null, ReadOnlyMemory<byte>.Empty)], cancellationToken);
    }

    /// <summary>The error of a training set that is gone.</summary>
    public static GridError Gone(Digest digest, DatasetEntry entry) => GridError.NotFound(
        $"training set '{digest}'",
        string.Create(CultureInfo.InvariantCulture, $"was erased on {DateTimeOffset.FromUnixTimeMilliseconds(entry.ErasedMs!.Value):yyyy-MM-dd'T'HH:mm:ss'Z'} because {entry.Reason}."),
        "Make another: grid dataset export.");

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static DocumentKey KeyOf(string workspace, Digest digest) => new(DatasetKind, $"{workspace}/{digest}");

    private async Task ChangeAsync(string workspace, Digest digest, Func<DatasetEntry?, DatasetEntry?> change, CancellationToken cancellationToken)
    {
        // Each turn lost is another's change of this one set, of which there are few.
        while (true)
        {
            var stored = await documents.GetAsync(KeyOf(workspace, digest), cancellationToken);
            var before = stored is null ? null : Read(stored);
            var after = change(before);
            if (after is null
                || Equals(after, before)
                || await documents.SwapAsync(
                    [new DocumentSwap(KeyOf(workspace, digest), stored?.Version ?? 0, null, JsonSerializer.SerializeToUtf8Bytes(after, DatasetJson.Default.DatasetEntry))],
                    cancellationToken))
            {
                return;
            }
        }
    }

    private static DatasetEntry Read(StoredDocument stored) =>
        DocumentJson.Read(stored, DatasetJson.Default.DatasetEntry, static entry => entry.Format, DatasetEntry.CurrentFormat);
}
