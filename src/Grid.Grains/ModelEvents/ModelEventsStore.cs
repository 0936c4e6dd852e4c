using System.Text.Json;
using Grid.Grains.Hosting;
using Grid.Primitives;
using Grid.Storage;

namespace Grid.Grains.ModelEvents;

/// <summary>Where the events of models are kept: a document of each model.</summary>
internal sealed class ModelEventsStore(IDocumentStore documents)
{
    /// <summary>Name <c>workspace/model</c>, body <see cref="ModelEventsDocument"/>. Store format: never reuse a kind.</summary>
    public const string Kind = "model-events";

    private const int Page = 200;

    /// <returns>The document and its version; null and 0 where nothing has been told yet.</returns>
    public async Task<(ModelEventsDocument? Document, long Version)> LoadAsync(ModelKey model, CancellationToken cancellationToken) =>
        await documents.GetAsync(KeyOf(model), cancellationToken) is { } stored ? (Read(stored), stored.Version) : (null, 0);

    /// <returns>False where another activation changed it first.</returns>
    public Task<bool> SaveAsync(ModelKey model, long version, long? dueMs, ModelEventsDocument document, CancellationToken cancellationToken) =>
        documents.SwapAsync([new DocumentSwap(KeyOf(model), version, dueMs, JsonSerializer.SerializeToUtf8Bytes(document, ModelEventsJson.Default.ModelEventsDocument))], cancellationToken);

    /// <summary>What is stored of every model.</summary>
    public async Task<Dictionary<ModelKey, ModelEventsDocument>> ListAsync(CancellationToken cancellationToken)
    {
        var documentOf = new Dictionary<ModelKey, ModelEventsDocument>();
        var after = "";
        while (true)
        {
            var page = await documents.ListAsync(Kind, "", after, Page, cancellationToken);
            foreach (var stored in page)
            {
                documentOf[ModelKey.Parse(stored.Key.Name)] = Read(stored);
            }

            if (page.Count < Page)
            {
                return documentOf;
            }

            after = page[^1].Key.Name;
        }
    }

    /// <summary>Models whose events wait and which nobody seems to look after, <c>workspace/model</c>.</summary>
    public Task<IReadOnlyList<string>> DueAsync(long nowMs, int max, CancellationToken cancellationToken) => documents.DueAsync(Kind, nowMs, max, cancellationToken);

    private static DocumentKey KeyOf(ModelKey model) => new(Kind, model.ToString());

    private static ModelEventsDocument Read(StoredDocument stored) =>
        DocumentJson.Read(stored, ModelEventsJson.Default.ModelEventsDocument, static document => document.Format, ModelEventsDocument.CurrentFormat);
}
