using System.Globalization;
using Grid.Client;
using Grid.Primitives;

namespace Grid.Silo.Doors;

/// <summary>The events of one append that go to one shard.</summary>
internal sealed class ShardPart
{
    private readonly EventBatchBuilder _builder = new();

    /// <summary>Where each event stood in the append.</summary>
    public List<int> Indexes { get; } = [];

    public void Add(int index, GridEvent gridEvent)
    {
        Indexes.Add(index);
        _builder.Begin(gridEvent.Type).Time(gridEvent.Time.ToUnixTimeMilliseconds()).Key(gridEvent.Key);
        foreach (var (name, value) in gridEvent.Fields)
        {
            _ = value switch
            {
                null => _builder.FieldNull(name),
                string text => _builder.Field(name, text),
                bool flag => _builder.Field(name, flag),
                _ => _builder.Field(name, Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            };
        }

        _builder.End();
    }

    public EventBatch Build() => _builder.Build();
}
