using Grid.Primitives;

namespace Grid.Monitoring.Baselines;

/// <summary>Training rows that can be read more than once, block by block, in their order.</summary>
public interface IRowSource
{
    /// <summary>Names of the columns of the file.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <exception cref="GridException">A column is missing, or a value is no number: names the column and the row.</exception>
    IAsyncEnumerable<RowBlock> ReadAsync(IReadOnlyList<RowColumn> columns, CancellationToken cancellationToken);
}
