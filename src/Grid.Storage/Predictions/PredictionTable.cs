namespace Grid.Storage.Predictions;

/// <summary>The predictions of one file, column by column; all columns are as long. Never mutated.</summary>
public sealed record PredictionTable
{
    public required PredictionLayout Layout { get; init; }

    public required string Tenant { get; init; }

    public required string[] Ids { get; init; }

    public required string[] Entities { get; init; }

    /// <summary>As-of times, Unix milliseconds.</summary>
    public required long[] TimesMs { get; init; }

    /// <summary>When they were answered, Unix milliseconds.</summary>
    public required long[] AtMs { get; init; }

    public required long[] Revisions { get; init; }

    public required int[] LatenciesUs { get; init; }

    /// <summary>Empty where there was no trace.</summary>
    public required string[] TraceIds { get; init; }

    /// <summary>One column for each feature of the layout.</summary>
    public required float[][] Features { get; init; }

    /// <summary>One column for each output of the layout.</summary>
    public required float[][] Outputs { get; init; }

    public int Count => Ids.Length;

    /// <param name="rows">At least one, all of one partition.</param>
    public static PredictionTable Of(IReadOnlyList<LoggedPrediction> rows)
    {
        var layout = rows[0].Layout;
        return new PredictionTable
        {
            Layout = layout,
            Tenant = rows[0].Tenant,
            Ids = Column(static r => r.Id),
            Entities = Column(static r => r.Entity),
            TimesMs = Column(static r => r.TimeMs),
            AtMs = Column(static r => r.AtMs),
            Revisions = Column(static r => r.Revision),
            LatenciesUs = Column(static r => r.LatencyUs),
            TraceIds = Column(static r => r.TraceId),
            Features = [.. layout.Features.Select((_, i) => Column(r => r.Vector[i]))],
            Outputs = [.. layout.Outputs.Select((_, i) => Column(r => r.Output[i]))],
        };

        T[] Column<T>(Func<LoggedPrediction, T> value)
        {
            var column = new T[rows.Count];
            for (var i = 0; i < column.Length; i++)
            {
                column[i] = value(rows[i]);
            }

            return column;
        }
    }

    /// <summary>One prediction.</summary>
    public LoggedPrediction Row(int row) => new(
        Layout, Tenant, Ids[row], Entities[row], TimesMs[row], AtMs[row], Revisions[row], LatenciesUs[row], TraceIds[row],
        Array.ConvertAll(Features, c => c[row]), Array.ConvertAll(Outputs, c => c[row]));

    /// <summary>The rows that a condition keeps.</summary>
    public IReadOnlyList<LoggedPrediction> Where(Func<int, bool> keeps) => [.. Enumerable.Range(0, Count).Where(keeps).Select(Row)];
}
