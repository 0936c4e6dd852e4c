using System.Text;

namespace Grid.Primitives.Tests;

public sealed class EventBatchTests
{
    [Fact]
    public void Reader_GivesBackWhatTheBuilderWrote()
    {
        var builder = new EventBatchBuilder();
        builder.Begin("arrival").Time(1_000).Position(7).Field("dest", "LAX").Field("delay_min", -12.5).Field("ok", true).FieldNull("gate").End();
        builder.Begin("departure").Time(2_000).Arrival(2_500).Key("k-1").Field("dest", "Zürich").End();
        var batch = builder.Build();

        Assert.Equal(2, batch.Count);
        var reader = new EventBatchReader(batch);
        Assert.True(reader.MoveNext());
        Assert.Equal("arrival", batch.Names[reader.TypeIndex]);
        Assert.Equal(1_000, reader.TimeMs);
        Assert.Equal(7, reader.Position);
        Assert.False(reader.HasKey);
        var fields = reader.Fields;
        Assert.True(fields.MoveNext());
        Assert.Equal("LAX", Encoding.UTF8.GetString(fields.TextUtf8));
        Assert.True(fields.MoveNext());
        Assert.Equal(-12.5, fields.Number);
        Assert.True(fields.MoveNext());
        Assert.True(fields.Bool);
        Assert.True(fields.MoveNext());
        Assert.Equal(EventValueKind.Null, fields.Kind);
        Assert.False(fields.MoveNext());

        Assert.True(reader.MoveNext());
        Assert.Equal(2_500, reader.ArrivalMs);
        Assert.Equal("k-1", Encoding.UTF8.GetString(reader.KeyUtf8));
        fields = reader.Fields;
        Assert.True(fields.MoveNext());
        Assert.Equal("Zürich", Encoding.UTF8.GetString(fields.TextUtf8));
        Assert.False(reader.MoveNext());
    }

    [Fact]
    public void Builder_StartsAnewAfterBuild_AndSharesTheNameTable()
    {
        var builder = new EventBatchBuilder();
        builder.Begin("a").Time(1).Field("x", 1).End();
        var first = builder.Build();
        builder.Begin("a").Time(2).Field("x", 2).End();
        var second = builder.Build();

        Assert.Same(first.Names, second.Names);
        Assert.Equal(1, second.Count);
    }

    [Fact]
    public void EveryTruncationOfABatch_IsNamedCorruptOrShorter_NeverReadPastItsEnd()
    {
        var builder = new EventBatchBuilder();
        builder.Begin("arrival").Time(1).Key("key").Field("dest", "LAX").Field("delay_min", 3).End();
        var batch = builder.Build();
        for (var length = 1; length < batch.Payload.Length; length++)
        {
            var cut = new EventBatch(batch.Names, batch.Payload[..length], 1);
            var error = Assert.Throws<GridException>(() =>
            {
                var reader = new EventBatchReader(cut);
                while (reader.MoveNext())
                {
                    var fields = reader.Fields;
                    while (fields.MoveNext())
                    {
                    }
                }
            });
            Assert.Equal(GridErrorCode.Corrupt, error.Code);
        }
    }
}
