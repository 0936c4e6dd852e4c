using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Grid.Storage.Predictions;

/// <summary>
/// Writes a training set: <c>prediction_id tenant entity time version</c>, the vector's columns under their own names as floats, the outputs as <c>out.&lt;name&gt;</c>,
/// and <c>label</c>. The file's own metadata names features and label, so that a trainer needs no options. Not thread-safe.
/// </summary>
internal sealed class DatasetFile : IAsyncDisposable
{
    /// <summary>Names the model in the file's own metadata.</summary>
    public const string ModelKeyName = "grid.model";

    private static readonly DataField[] Fixed =
    [
        new DataField<string>("prediction_id", nullable: false), new DataField<string>("tenant", nullable: false), new DataField<string>("entity", nullable: false),
        new DataField<long>("time"), new DataField<string>("version", nullable: false),
    ];

    private static readonly DataField Label = new DataField<double>("label");

    private readonly ParquetWriter _writer;
    private readonly PredictionLayout _layout;
    private readonly DataField[] _features;
    private readonly DataField[] _outputs;
    private bool _isComplete;

    private DatasetFile(ParquetWriter writer, PredictionLayout layout, DataField[] features, DataField[] outputs)
    {
        _writer = writer;
        _layout = layout;
        _features = features;
        _outputs = outputs;
    }

    /// <summary>Places of the columns that say whose a row is.</summary>
    public const int TenantColumn = 1, EntityColumn = 2;

    /// <summary>Names that a feature cannot have in a training set.</summary>
    public static IEnumerable<string> Reserved => Fixed.Select(static f => f.Name).Append(Label.Name);

    public static async Task<DatasetFile> CreateAsync(Stream stream, PredictionLayout layout, CancellationToken cancellationToken)
    {
        DataField[] features = [.. layout.Features.Select(static n => new DataField<float>(n))];
        DataField[] outputs = [.. layout.Outputs.Select(static n => new DataField<float>("out." + n))];
        var writer = await ParquetWriter.CreateAsync(new ParquetSchema(Fixed.Concat(features).Concat(outputs).Append(Label)), stream, cancellationToken: cancellationToken);
        return new DatasetFile(writer, layout, features, outputs);
    }

    /// <summary>Adds rows; all have the file's columns.</summary>
    public async Task AddAsync(IReadOnlyList<LoggedPrediction> rows, double[] labels, CancellationToken cancellationToken)
    {
        var table = PredictionTable.Of(rows);
        using var group = _writer.CreateRowGroup();
        await group.WriteAsync(Fixed[0], table.Ids);
        await group.WriteAsync(Fixed[1], Repeat(table.Tenant));
        await group.WriteAsync(Fixed[2], table.Entities);
        await group.WriteAsync<long>(Fixed[3], table.TimesMs, cancellationToken: cancellationToken);
        await group.WriteAsync(Fixed[4], Repeat(table.Layout.Version.Version));
        for (var i = 0; i < _features.Length; i++)
        {
            await group.WriteAsync<float>(_features[i], table.Features[i], cancellationToken: cancellationToken);
        }

        for (var i = 0; i < _outputs.Length; i++)
        {
            await group.WriteAsync<float>(_outputs[i], table.Outputs[i], cancellationToken: cancellationToken);
        }

        await group.WriteAsync<double>(Label, labels, cancellationToken: cancellationToken);

        string[] Repeat(string text) => [.. Enumerable.Repeat(text, rows.Count)];
    }

    /// <summary>Writes what the file says of itself, and its end.</summary>
    public async Task CompleteAsync(DatasetRequest request, DatasetInfo info)
    {
        _writer.CustomMetadata = new Dictionary<string, string>
        {
            ["grid.dataset"] = "1",
            ["grid.features"] = JsonSerializer.Serialize(_layout.Features, PredictionJson.Default.StringArray),
            ["grid.label"] = Label.Name,
            [ModelKeyName] = $"{request.Workspace}/{request.Model}",
            ["grid.from"] = request.From.ToString("O", CultureInfo.InvariantCulture),
            ["grid.to"] = request.To.ToString("O", CultureInfo.InvariantCulture),
            ["grid.rows"] = info.Rows.ToString(CultureInfo.InvariantCulture),
            ["grid.versions"] = JsonSerializer.Serialize(new Dictionary<string, string>(info.Versions), PredictionJson.Default.Texts),
            ["grid.views"] = JsonSerializer.Serialize([.. info.Views], PredictionJson.Default.StringArray),
        };
        await DisposeAsync();
    }

    /// <summary>The end of the file is written once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isComplete)
        {
            _isComplete = true;
            await _writer.DisposeAsync();
        }
    }
}
