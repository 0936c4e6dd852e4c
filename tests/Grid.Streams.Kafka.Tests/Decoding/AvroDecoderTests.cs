using Grid.Primitives;

namespace Grid.Streams.Kafka.Tests.Decoding;

public sealed class AvroDecoderTests : IDisposable
{
    private readonly FakeRegistry _registry = new();
    private readonly SchemaRegistrySource _source;

    public AvroDecoderTests()
    {
        _registry.Add(5, AvroValues.Event);
        _source = new SchemaRegistrySource(new SchemaRegistryOptions { Url = _registry.Url });
    }

    public void Dispose()
    {
        _source.Dispose();
        _registry.Dispose();
    }

    [Fact]
    public async Task EveryType_IsReadAsApachesEncoderWroteIt()
    {
        var decoder = new RecordDecoder(Mapping(), _source);
        Assert.Equal(
            "acme/pay@1700000000123 type='pay' tenant='acme' at=1700000000123 i=7 l='9007199254740993' f=0.5 d=-12.25 b=true color='GREEN' place_city='Zürich' place_inner_city='Bern' place_inner_inner=null price=123.45",
            await OneAsync(decoder, AvroValues.Framed(5, AvroValues.Encode(AvroValues.Sample()))));
        Assert.Equal(
            "acme/pay@1700000000123 type='pay' tenant='acme' at=1700000000123 i=-3 l='9007199254740993' f=0.5 d=-12.25 b=true color='GREEN' place=null price=123.45",
            await OneAsync(decoder, AvroValues.Framed(5, AvroValues.Encode(AvroValues.Sample(-3, hasPlace: false)))));
    }

    [Fact]
    public async Task ListedFields_AreTakenByPathAndTheRestIsPassedOver()
    {
        var mapping = Mapping();
        mapping.Fields = [new("place.inner.city", "city"), new("i")];
        Assert.Equal("acme/pay@1700000000123 i=7 city='Bern'", await OneAsync(new RecordDecoder(mapping, _source), AvroValues.Framed(5, AvroValues.Encode(AvroValues.Sample()))));
    }

    [Fact]
    public async Task SchemaIsAskedForOnceAndReusedAfterwards()
    {
        var decoder = new RecordDecoder(Mapping(), _source);
        for (var i = 0; i < 5; i++)
        {
            await OneAsync(decoder, AvroValues.Framed(5, AvroValues.Encode(AvroValues.Sample(i))));
        }

        Assert.Equal(1, _registry.Requests);
    }

    [Fact]
    public async Task RegistryAway_IsAnErrorToWaitForAndNotAFault()
    {
        var decoder = new RecordDecoder(Mapping(), _source);
        KafkaRecord[] records = [Decoded.Record(AvroValues.Framed(5, AvroValues.Encode(AvroValues.Sample())))];
        _registry.IsDown = true;
        using var deadline = KafkaFixture.Deadline();
        var error = await decoder.PrepareAsync(records, deadline.Token);
        Assert.Equal(GridErrorCode.Unavailable, error!.Code);
        Assert.Contains(_registry.Url, error.Target, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => decoder.Decode(records[0], new DecodedRecords()));

        _registry.IsDown = false;

        Assert.StartsWith("acme/pay", await OneAsync(decoder, records[0].Value.Memory.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownOrUselessSchema_IsAFault()
    {
        _registry.Add(6, "\"string\"");
        _registry.Add(7, "{\"type\":\"record\"}");
        var decoder = new RecordDecoder(Mapping(), _source);
        foreach (var id in (int[])[6, 7, 404, -1])
        {
            Assert.StartsWith("SchemaUnknown", await OneAsync(decoder, AvroValues.Framed(id, [1, 2])), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ReferencedSchemas_AreFetchedAndUsed()
    {
        _registry.AddSubject("place", 20, """{"type":"record","name":"Place","namespace":"test","fields":[{"name":"city","type":"string"}]}""");
        _registry.Add(21, """{"type":"record","name":"Visit","namespace":"test","fields":[{"name":"place","type":"test.Place"}]}""", ("test.Place", "place"));
        var decoder = new RecordDecoder(new RecordMapping { Format = RecordFormat.Avro, Type = ValueSource.Constant("v"), Tenant = ValueSource.Constant("t") }, _source);
        Assert.Equal($"t/v@{Decoded.Arrival} place_city='Ulm'", await OneAsync(decoder, AvroValues.Framed(21, [6, .. "Ulm"u8])));
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 5, 6 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 5 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 5, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff })]
    public async Task CutOrForeignBytes_AreFaults(byte[] value) =>
        Assert.StartsWith("Malformed", await OneAsync(new RecordDecoder(Mapping(), _source), value), StringComparison.Ordinal);

    [Fact]
    public async Task BytesLeftOver_AreAFault() =>
        Assert.StartsWith("Malformed: 1 bytes are left", await OneAsync(new RecordDecoder(Mapping(), _source), AvroValues.Framed(5, [.. AvroValues.Encode(AvroValues.Sample()), 0])), StringComparison.Ordinal);

    [Fact]
    public async Task ArrayOfElementsWithoutBytes_EndsSoon()
    {
        _registry.Add(30, """{"type":"record","name":"N","fields":[{"name":"n","type":{"type":"array","items":"null"}}]}""");
        var decoder = new RecordDecoder(new RecordMapping { Format = RecordFormat.Avro, Type = ValueSource.Constant("v"), Tenant = ValueSource.Constant("t") }, _source);
        Assert.StartsWith("Malformed: the value has more elements", await OneAsync(decoder, AvroValues.Framed(30, [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ValueThatNestsWithoutEnd_IsAFault()
    {
        _registry.Add(31, """{"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]}""");
        var decoder = new RecordDecoder(new RecordMapping { Format = RecordFormat.Avro, Type = ValueSource.Constant("v"), Tenant = ValueSource.Constant("t"), Fields = [new("x")] }, _source);
        Assert.StartsWith("Malformed: the value is nested deeper", await OneAsync(decoder, AvroValues.Framed(31, [.. Enumerable.Repeat((byte)2, 100_000)])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timestamp-millis", 1_700_000_000_123, 1_700_000_000_123)]
    [InlineData("timestamp-micros", -1, -1)]
    [InlineData("date", 19675, 1_699_920_000_000)]
    public async Task LogicalTimes_NeedNoFormat(string logical, long written, long ms)
    {
        _registry.Add(40, $$$"""{"type":"record","name":"T","fields":[{"name":"at","type":{"type":"{{{(logical == "date" ? "int" : "long")}}}","logicalType":"{{{logical}}}"}}]}""");
        var decoder = new RecordDecoder(new RecordMapping { Format = RecordFormat.Avro, Type = ValueSource.Constant("v"), Tenant = ValueSource.Constant("t"), TimeField = "at", TimeFormat = TimeFormat.Iso, Fields = [new("x")] }, _source);
        var body = new List<byte>();
        var zigzag = (ulong)((written << 1) ^ (written >> 63));
        for (; zigzag >= 0x80; zigzag >>= 7)
        {
            body.Add((byte)(zigzag | 0x80));
        }

        body.Add((byte)zigzag);
        Assert.Equal($"t/v@{ms}", await OneAsync(decoder, AvroValues.Framed(40, [.. body])));
    }

    [Fact]
    public void AvroWithoutARegistry_IsRefused() =>
        Assert.Contains("registry", Assert.Throws<GridException>(() => new RecordDecoder(Mapping())).Message, StringComparison.Ordinal);

    private static RecordMapping Mapping() => new() { Format = RecordFormat.Avro, Type = ValueSource.Field("type"), Tenant = ValueSource.Field("tenant"), TimeField = "at" };

    private static async Task<string> OneAsync(RecordDecoder decoder, byte[] value)
    {
        KafkaRecord[] records = [Decoded.Record(value)];
        using var deadline = KafkaFixture.Deadline();
        Assert.Null(await decoder.PrepareAsync(records, deadline.Token));
        return decoder.One(records[0]);
    }
}
