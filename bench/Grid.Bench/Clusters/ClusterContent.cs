using Grid.Client;
using Grid.TestKit;

namespace Grid.Bench.Clusters;

/// <summary>The view and the model of the benchmarks of clusters: small, so that what lies around a prediction is what is measured.</summary>
internal static class ClusterContent
{
    public const string View = "ledger";
    public const string Model = "score";
    public const string Account = "a";

    /// <summary>Columns of the model's input. Two are features; the others have defaults, so that requests stay small.</summary>
    private const int Columns = 32;

    private static readonly string s_view = $$"""
        view: {{View}}
        entity: account
        clock: event
        events:
          entry: { account: text, amount: number }
        features:
          - { name: n, event: entry, aggregate: count }
          - { name: total, event: entry, aggregate: sum, field: amount }
        """;

    /// <param name="grid">The grid to register with.</param>
    /// <param name="maxBatch">Most rows of a run.</param>
    public static async Task RegisterAsync(IGridClient grid, int maxBatch)
    {
        await grid.Views.ApplyAsync(s_view);
        var folder = Directory.CreateTempSubdirectory("grid-bench-model-").FullName;
        try
        {
            File.Copy(Path.Combine(Repository.Root, "bench", "data", "mlp32.onnx"), Path.Combine(folder, "model.onnx"));
            await File.WriteAllTextAsync(Path.Combine(folder, "model.yaml"), Manifest(maxBatch));
            await grid.Models.PushAsync(Model, "1", folder, makeLive: true);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>An event of amount 1 for the account of a tenant.</summary>
    public static GridEvent Entry(string key) =>
        new("entry", DateTimeOffset.UnixEpoch.AddDays(20_000), key, new Dictionary<string, object?> { ["account"] = Account, ["amount"] = 1.0 });

    private static string Manifest(int maxBatch) => string.Join(
        '\n',
        [
            "inputs:",
            "  input:",
            $"    - feature: {View}.n",
            $"    - feature: {View}.total",
            .. Enumerable.Range(2, Columns - 2).Select(static i => $"    - {{ request: x{i}, default: 0 }}"),
            $"limits: {{ max_batch: {maxBatch}, deadline_ms: 10000 }}",
        ]);
}
