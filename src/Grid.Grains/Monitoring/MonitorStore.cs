using System.Text.Json;
using Grid.Grains.Hosting;
using Grid.Monitoring.Signals;
using Grid.Primitives;
using Grid.Storage;

namespace Grid.Grains.Monitoring;

/// <summary>Where monitors are kept: one document of a model, and one of sketches for each version. They change together.</summary>
internal sealed class MonitorStore(IDocumentStore documents)
{
    /// <summary>Name <c>workspace/model</c>, body <see cref="MonitorDocument"/>. Store format: never reuse a kind.</summary>
    public const string SignalsKind = "signals";

    /// <summary>Name <c>workspace/model/version</c>, body the sealed state of a monitor.</summary>
    public const string SketchesKind = "monitor";

    private const int Page = 200;

    public async Task<StoredMonitor> LoadAsync(ModelKey model, CancellationToken cancellationToken)
    {
        if (await documents.GetAsync(new DocumentKey(SignalsKind, model.ToString()), cancellationToken) is not { } stored)
        {
            return new StoredMonitor(0, new SignalBook(), [], RetrainRecord.Empty, []);
        }

        var document = Read(stored);
        var versions = new (WatchRecord, ReadOnlyMemory<byte>?, long)[document.Versions.Length];
        for (var i = 0; i < versions.Length; i++)
        {
            var watch = document.Versions[i];
            var state = await documents.GetAsync(KeyOf(model, watch.Version), cancellationToken);
            versions[i] = (watch, state?.Body, state?.Version ?? 0);
        }

        return new StoredMonitor(stored.Version, SignalBook.Load(document.Book), versions, document.Retraining, document.Trials ?? []);
    }

    /// <returns>False where another activation changed it first.</returns>
    public Task<bool> SaveAsync(ModelKey model, long version, long? dueMs, MonitorDocument document, IEnumerable<DocumentSwap> sketches, CancellationToken cancellationToken) =>
        documents.SwapAsync(
            [
                new DocumentSwap(new DocumentKey(SignalsKind, model.ToString()), version, dueMs, JsonSerializer.SerializeToUtf8Bytes(document, MonitorJson.Default.MonitorDocument)),
                .. sketches,
            ],
            cancellationToken);

    /// <summary>Signals of a workspace's models as they are stored.</summary>
    public async Task<List<Signal>> ListAsync(string workspace, bool withCleared, CancellationToken cancellationToken)
    {
        var signals = new List<Signal>();
        var after = "";
        while (true)
        {
            var page = await documents.ListAsync(SignalsKind, $"{workspace}/", after, Page, cancellationToken);
            foreach (var stored in page)
            {
                var book = SignalBook.Load(Read(stored).Book);
                signals.AddRange(book.Open);
                signals.AddRange(withCleared ? book.Cleared : []);
            }

            if (page.Count < Page)
            {
                return signals;
            }

            after = page[^1].Key.Name;
        }
    }

    public static DocumentKey KeyOf(ModelKey model, string version) => new(SketchesKind, $"{model}/{version}");

    private static MonitorDocument Read(StoredDocument stored) =>
        DocumentJson.Read(stored, MonitorJson.Default.MonitorDocument, static document => document.Format, MonitorDocument.CurrentFormat);
}
